"""Calls that read the account, and what happens to those that fail."""

import os
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from product_import.doctor.calls import ACTIONS, ALLOWED_TO_ALL
from product_import.errors import UserError

import boto3  # type: ignore[import-untyped]
import botocore.session  # type: ignore[import-untyped]
from botocore import xform_name
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.configprovider import ConstantProvider  # type: ignore[import-untyped]
from botocore.exceptions import (  # type: ignore[import-untyped]
    BotoCoreError,
    ClientError,
    HTTPClientError,
    ParamValidationError,
)
from botocore.exceptions import ConnectionError as NoConnectionError

TRIES = 2
# Of the pages of one answer: some seconds each at worst, mostly a part of one.
PAGES = 100
# What an answer with further pages names their place by, and a call too.
_TOKENS = ("nextToken", "NextToken", "Marker")
CONNECT_SECONDS, READ_SECONDS = 2, 6
# Without other credentials botocore requests a token and then a role from the instance's metadata service, and waits a
# second for each (botocore/utils.py, DEFAULT_METADATA_SERVICE_TIMEOUT and InstanceMetadataFetcher). The address is
# link-local, so no router adds time (EC2 user guide, "Access instance metadata"). AWS states no longest time: whoever
# needs more sets AWS_METADATA_SERVICE_TIMEOUT. A token may not arrive in a container, because of its hop limit, and
# botocore continues without one (utils.py, _fetch_metadata_token). Tasks of ECS get their credentials elsewhere, with
# a timeout of its own, which stays (utils.py, ContainerMetadataFetcher).
METADATA_SECONDS, METADATA_SECONDS_OF_BOTOCORE = 0.5, 1
# After so much waiting in vain no further call waits: with the last one's tries the doctor answers within 20 seconds.
PATIENCE_SECONDS = 6
_CONFIG = Config(
    connect_timeout=CONNECT_SECONDS,
    read_timeout=READ_SECONDS,
    retries={"mode": "standard", "total_max_attempts": TRIES},
)
_DENIED = ("AccessDenied", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized")
_THROTTLED = ("Throttl", "TooManyRequests", "RequestLimitExceeded", "SlowDown")
_NOT_KNOWN = (
    *("InvalidClientTokenId", "UnrecognizedClient", "AuthFailure", "SignatureDoesNotMatch", "InvalidAccessKeyId"),
    *("ExpiredToken", "RequestExpired", "InvalidSignatureException", "OptInRequired", "MissingAuthenticationToken"),
)


class NotLookedAtError(Exception):
    """A call did not get its answer.

    Attributes:
        permission: the action that IAM denies, where that is why.
        code: AWS's word for the error, if AWS answered.
        message: what AWS says besides.
    """

    def __init__(self, why: str, permission: str | None = None, code: str = "", message: str = "") -> None:
        super().__init__(why)
        self.permission, self.code, self.message = permission, code, message


def account_at_hand(region: str | None) -> "Account":
    """The account of boto3's usual environment.

    Args:
        region: the one of the inputs, which the environment may leave out but not contradict.

    Raises:
        UserError: there is no region, no such profile or no credentials, or there are two regions.
    """
    try:
        # The name that AWS's command line and Terraform know, which boto3 does not.
        session = boto3.Session(region_name=os.environ.get("AWS_REGION") or None, botocore_session=core())
    except BotoCoreError as error:
        raise UserError(f"AWS cannot be asked: {_line(error)}.") from None
    if region and session.region_name not in (None, region):
        raise UserError(f"the inputs' aws_region is {region}, and the environment's region is {session.region_name}.")
    if not (region or session.region_name):
        raise UserError("no region: set AWS_REGION, or give the inputs with --vars.")
    try:
        credentials = session.get_credentials()
    except BotoCoreError as error:
        raise UserError(f"AWS cannot be asked: {_line(error)}.") from None
    if credentials is None:
        # Asked once here: each client would look for them again, which takes seconds where it ends at a network.
        raise UserError("no credentials: set AWS_PROFILE, log in with `aws sso login`, or give AWS_ACCESS_KEY_ID.")
    return Account(session, region or session.region_name)


def core() -> botocore.session.Session:
    """A session that waits less for the metadata service, unless the user configured how long."""
    core = botocore.session.get_session()
    if core.get_config_variable("metadata_service_timeout") == METADATA_SECONDS_OF_BOTOCORE:
        # set_config_variable would make a whole number of it.
        constant = ConstantProvider(METADATA_SECONDS)
        core.get_component("config_store").set_config_provider("metadata_service_timeout", constant)
    return core


class Account:
    """AWS in one region, with the credentials of a session."""

    def __init__(self, session: boto3.Session, region: str) -> None:
        self.session, self.region = session, region
        self._clients: dict[str, Any] = {}
        # By action or, for what does not answer, by service.
        self._failed: dict[str, NotLookedAtError] = {}
        self._waited = 0.0

    def read(self, action: str, *, absent: str | tuple[str, ...] = (), **parameters: Any) -> Any:
        """The answer to a call, which is named as IAM names its action.

        Args:
            action: of the table, for example ecs:DescribeServices.
            absent: the code, or the codes, of the error that says that there is no such thing; the answer is None then.
            parameters: the call's own.

        Raises:
            NotLookedAtError: denied, throttled, out of reach; each again at once, without another call.
            UserError: there are no credentials, or AWS does not know them.
        """
        if action not in ACTIONS | ALLOWED_TO_ALL:
            raise ValueError(f"{action} is not in the table of calls")
        service, _, operation = action.partition(":")
        for known in (action, service):
            if known in self._failed:
                raise self._failed[known]
        if self._waited >= PATIENCE_SECONDS:
            raise NotLookedAtError(f"not asked, since AWS left others without an answer for {self._waited:.0f} seconds")
        begun = monotonic()
        try:
            return _with_zones(getattr(self._client(service), xform_name(operation))(**parameters))
        except ClientError as error:
            if error.response["Error"]["Code"] in ((absent,) if isinstance(absent, str) else absent):
                return None
            failure = self._failed[action] = _refused(action, error)
        except (HTTPClientError, NoConnectionError) as error:
            self._waited += monotonic() - begun
            failure = self._failed[service] = NotLookedAtError(f"no answer in {TRIES} tries: {_line(error)}")
        except ParamValidationError:
            raise
        except BotoCoreError as error:
            # All others are of the session: no credentials, an expired login, a region that is none.
            raise UserError(f"AWS cannot be asked: {_line(error)}.") from None
        raise failure

    def pages(self, action: str, key: str, *, most: int | None = None, **parameters: Any) -> Any:
        """The items of all pages of an answer in a list, or about `most` of them; None as for `read`.

        Args:
            action: as for `read`.
            key: the member of the answer that holds the items.
            most: where the reading of pages ends.
            parameters: the call's own.

        Raises:
            NotLookedAtError: as for `read`; or there are too many pages, of which some services give empty ones.
        """
        items: list[Any] = []
        for _ in range(PAGES):
            answer = self.read(action, **parameters)
            if answer is None:
                return None
            items += answer.get(key, [])
            token = next((name for name in _TOKENS if answer.get(name)), None)
            if token is None or (most is not None and len(items) >= most):
                return items
            parameters[token] = answer[token]
        raise NotLookedAtError(f"{action} has an answer of more than {PAGES} pages")

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self.session.client(service, region_name=self.region, config=_CONFIG)
        return self._clients[service]


def _refused(action: str, error: ClientError) -> NotLookedAtError:
    code, message = (str(error.response["Error"].get(name, "")) for name in ("Code", "Message"))
    if code.startswith(_NOT_KNOWN):
        raise UserError(f"AWS does not take the credentials: {code}: {message}") from None
    if code.startswith(_DENIED):
        # The key of a secret is asked for in the same call.
        permission = "kms:Decrypt" if action.startswith("secretsmanager:") and "KMS" in message else action
        return NotLookedAtError(f"AWS denies {permission}", permission, code, message)
    if any(part in code for part in _THROTTLED):
        return NotLookedAtError(f"AWS throttles {action}, after {TRIES} tries too: try again in a minute", code=code)
    return NotLookedAtError(f"{action} failed: {code}: {message}", code=code, message=message)


def _with_zones(value: Any) -> Any:
    """An answer whose times all have a zone: botocore keeps one without (botocore/utils.py, parse_timestamp)."""
    if isinstance(value, dict):
        return {key: _with_zones(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_zones(item) for item in value]
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def _line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
