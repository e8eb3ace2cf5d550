"""The module on a real account, from an empty one to an empty one: what no stand-in can show."""
