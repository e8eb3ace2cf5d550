"""The environment of a run's engines: nothing in the user's shell changes what they create or destroy."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from product_import.errors import UserError

import boto3  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]

# An engine or the AWS provider reads variables with these prefixes (Terraform's and OpenTofu's page "Environment
# Variables", the provider's page "Authentication and Configuration").
_READ = ("AWS_", "TERRAFORM_", "TF_", "TOFU_")
# Of these, the ones that only say where a provider is downloaded from and what is logged. Prefixes, too.
_KEPT = ("AWS_CA_BUNDLE", "TERRAFORM_CONFIG", "TF_CLI_CONFIG_FILE", "TF_LOG", "TF_PLUGIN_CACHE", "TF_TOKEN_")
# Engines run in folders of their own.
_PATHS = ("AWS_CA_BUNDLE", "TERRAFORM_CONFIG", "TF_CLI_CONFIG_FILE", "TF_LOG_PATH", "TF_PLUGIN_CACHE_DIR")
_FIXED: Mapping[str, str] = {
    "CHECKPOINT_DISABLE": "1",
    "TF_IN_AUTOMATION": "1",
    # A file `.terraform/environment` would select another workspace.
    "TF_WORKSPACE": "default",
    # The credentials below are the only ones.
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
HOURS = 4
"""How long credentials must last: three hours of a run, and one to remove what it created."""


def engine_environment(session: boto3.Session) -> dict[str, str]:
    """The user's environment without the variables of engines and providers, with the session's credentials.

    Raises:
        UserError: the credentials have ended and cannot be renewed.
    """
    kept = {name: value for name, value in os.environ.items() if not _is_dropped(name)}
    paths = {name: str(Path(kept[name]).absolute()) for name in _PATHS if kept.get(name)}
    return {**kept, **paths, **_FIXED, **_credentials(session)}


def dropped() -> list[str]:
    """The variables of the user's shell that an engine would read and does not get."""
    # Python reads the credentials and the region, and TF_BIN names the engine.
    return sorted(name for name in os.environ if _is_dropped(name) and not name.startswith("AWS_") and name != "TF_BIN")


def check_environment() -> None:
    """Refuse what would make a run wrong before it begins, and let nothing redirect the calls of Python.

    Raises:
        UserError: a variable says that there is no account, or that the credentials end too soon.
    """
    if "TF_REATTACH_PROVIDERS" in os.environ:
        raise UserError(
            "TF_REATTACH_PROVIDERS is set, as by `product-import stand-in`: its provider has no account. "
            "Run the acceptance in a shell without it."
        )
    if end := os.environ.get("AWS_CREDENTIAL_EXPIRATION"):
        try:
            hours = (datetime.fromisoformat(end) - datetime.now(UTC)).total_seconds() / 3600
        except (TypeError, ValueError):
            raise UserError(f"AWS_CREDENTIAL_EXPIRATION must be a time with its zone. Given: {end}.") from None
        if hours < HOURS:
            raise UserError(
                f"the credentials must last {HOURS} hours. Given: AWS_CREDENTIAL_EXPIRATION={end}. "
                "Use a profile that renews them, or a longer session."
            )
    # Else a variable or a profile may send some calls to another place than the provider's (AWS SDKs and Tools
    # Reference Guide, "Service-specific endpoints").
    os.environ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true"


def end_is_unknown(session: boto3.Session) -> bool:
    """Whether the credentials are temporary and nothing tells when they end, nor renews them."""
    credentials = session.get_credentials()
    return bool(credentials.token) and not hasattr(credentials, "refresh_needed")


def renew_early(session: boto3.Session, seconds: int) -> None:
    """Let credentials that can be renewed last at least so long from each use on, as an engine cannot renew them."""
    # botocore has no other way to say so for credentials that it finds itself.
    session.get_credentials()._advisory_refresh_timeout = seconds


def _credentials(session: boto3.Session) -> dict[str, str]:
    try:
        found: Any = session.get_credentials().get_frozen_credentials()
    except (BotoCoreError, ClientError, RuntimeError) as error:
        raise UserError(f"the credentials cannot be renewed: {error}") from None
    token = {"AWS_SESSION_TOKEN": found.token} if found.token else {}
    return {"AWS_ACCESS_KEY_ID": found.access_key, "AWS_SECRET_ACCESS_KEY": found.secret_key, **token}


def _is_dropped(name: str) -> bool:
    return name.startswith(_READ) and not name.startswith(_KEPT)
