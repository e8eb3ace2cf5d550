"""Environment variables that keep an engine, and what it starts, away from real accounts."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

REFUSED = (
    "product-import stand-in refuses an engine that a command starts by its path or from another PATH. "
    "Start it as terraform or tofu from the PATH that the command was given, or as $TF_BIN"
)
ATTACH_NOTHING = json.dumps({"hashicorp/aws": {"Addr": {"Network": REFUSED}}})
"""A value of TF_REATTACH_PROVIDERS that stops every subcommand of an engine, with the text above in its error.

Terraform and OpenTofu read the variable before they look at a backend or a subcommand: `parseReattachProviders` in
Terraform's main.go, in 1.0 and later, and in OpenTofu's cmd/tofu/main.go.
"""

REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")


def attach(entry: Mapping[str, Any], registries: Iterable[str] = ()) -> str:
    """Return a value of TF_REATTACH_PROVIDERS with one entry for hashicorp/aws of each registry."""
    # Without a registry the name means the engine's own.
    names = {"hashicorp/aws", *(f"{registry}/hashicorp/aws" for registry in (*REGISTRIES, *registries))}
    return json.dumps(dict.fromkeys(sorted(names), entry))


AWS_OF_NOBODY = {
    # Credentials that nobody accepts: the provider of the registry requires some, even for a plan.
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    # Nobody listens on the discard port. AWS SDKs and Reference Settings Guide, "Service-specific endpoints".
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
}
_HARMLESS = {"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_CA_BUNDLE", "AWS_DEFAULT_OUTPUT", "AWS_PAGER"}
_CREDENTIALS = re.compile(
    r"TOKEN|SECRET|PASS|CREDENTIAL|KEY|AUTH|SESSION|NETRC|"
    r"^(ARM|AZURE|BOTO|CLOUDSDK|DOCKER|GCLOUD|GNUPG|GOOGLE|HELM|KUBE|PG|RCLONE|VAULT|XDG)"
)
_URL_WITH_PASSWORD = re.compile(r"://[^/\s@]*:[^/\s@]*@")


def without_aws(environment: Mapping[str, str]) -> dict[str, str]:
    """Replace what AWS's SDKs read: keys, profiles, roles, identities of containers and of the web, endpoints."""
    kept = {name: value for name, value in environment.items() if not name.startswith("AWS_") or name in _HARMLESS}
    return kept | AWS_OF_NOBODY


def without_credentials(environment: Mapping[str, str], home: str) -> dict[str, str]:
    """Also drop what looks like a credential of anything else, and the home folder, where programs keep theirs.

    Inputs of the root (TF_VAR_...) stay.
    """
    kept = {
        name: value
        for name, value in environment.items()
        if name.startswith(("TF_VAR_", "AWS_"))
        or not (_CREDENTIALS.search(name.upper()) or _URL_WITH_PASSWORD.search(value))
    }
    return without_aws(kept) | {"HOME": home}
