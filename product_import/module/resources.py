"""How resources join the stack: at the exact addresses that Terraform's state knows."""

from collections.abc import Callable, Mapping
from typing import Concatenate, ParamSpec, TypeVar

from product_import.module.expressions import call
from product_import.module.names import check_names

from cdktf import TerraformResource, TerraformStack, Token
from constructs import Construct

Arguments = ParamSpec("Arguments")
Resource = TypeVar("Resource", bound=TerraformResource)
_ADDRESS = "address"


class Resources:
    """The resources of a stack.

    Args:
        stack: what they are added to.
        tags: the user's, or a reference to them.
    """

    def __init__(self, stack: TerraformStack, tags: Mapping[str, str]) -> None:
        self._stack = stack
        self._tags = tags

    def add(
        self,
        resource_type: Callable[Concatenate[Construct, str, Arguments], Resource],
        name: str,
        /,
        *args: Arguments.args,
        **arguments: Arguments.kwargs,
    ) -> Resource:
        """Add a resource at the address `<type>.<name>`.

        cdktf would have distinct names in a stack. With the type in the construct's name, and the logical ID given
        back, Terraform's own rule holds: a name may recur among types, and raises within a type.

        Raises:
            ValueError: Terraform or AWS refuses a name.
        """
        terraform_type = f"aws_{resource_type.__module__.rpartition('.')[2]}"
        check_names(terraform_type, name, arguments)
        resource = resource_type(self._stack, f"{resource_type.__name__}.{name}", *args, **arguments)
        # At once, since cdktf ignores it after an attribute was read.
        resource.override_logical_id(name)
        resource.__dict__[_ADDRESS] = f"{terraform_type}.{name}"
        return resource

    def tags(self, **own: str) -> Mapping[str, str]:
        """The user's tags, under a resource's own ones."""
        if isinstance(self._tags, str):
            return Token.as_string_map(str(call("merge", self._tags, own)))
        return {**self._tags, **own}


def address(resource: TerraformResource) -> str:
    """The address of a resource that was added."""
    return str(resource.__dict__[_ADDRESS])


def attribute(resource: TerraformResource, name: str) -> str:
    """A reference to an attribute of a resource that was added, for use in the same stack.

    The property of that name does for any stack, but each use of one has Node make a token and resolve it.

    Raises:
        AttributeError: the resource has no such property.
    """
    getattr(type(resource), name)
    return f"${{{address(resource)}.{name}}}"
