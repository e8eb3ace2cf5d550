"""The stack and its parts: each part is a function that adds its resources and returns what other parts refer to."""
