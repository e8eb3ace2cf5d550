"""The synthesized module with an operator's inputs in it: what `simulate` and `cost` read, without an engine.

A person who weighs sizes and limits may have neither an engine nor the stand-in for the provider, so the few
expressions that the module consists of are evaluated here. What is not known is refused by name, never guessed; a
test holds the results against the planned values of a real engine.
"""

from product_import.configuration.module import Configuration, Resource
from product_import.configuration.values import ExpressionError, Unknown

__all__ = ["Configuration", "ExpressionError", "Resource", "Unknown"]
