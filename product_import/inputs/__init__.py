"""The module's inputs: their table, the rules on them, and the Terraform variables made of both."""

from product_import.inputs.declaration import Input
from product_import.inputs.table import INPUTS, InputError, Inputs, check

__all__ = ["INPUTS", "Input", "InputError", "Inputs", "check"]
