"""The infrastructure of the product catalogue import, as a stack of CDK for Terraform.

    from product_import import InputError, Inputs, ProductImport

`import cdktf` starts the `node` on the PATH. If this package comes first, it starts the one of the requirements.
"""

from typing import TYPE_CHECKING, Any

from product_import import bindings, node

if TYPE_CHECKING:
    from product_import.inputs import InputError, Inputs
    from product_import.module.stack import ProductImport

__all__ = ["InputError", "Inputs", "ProductImport"]

node.choose()
bindings.explain_missing()


def __getattr__(name: str) -> Any:
    """Import what is asked for, when it is: the stack alone starts Node."""
    if name == "ProductImport":
        node.check()
        from product_import.module import stack  # noqa: PLC0415

        return stack.ProductImport
    if name in __all__:
        from product_import import inputs  # noqa: PLC0415

        return getattr(inputs, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
