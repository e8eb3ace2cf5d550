"""The shell that a run is started in: what its variables change, which is nothing, unless they are refused by name."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from product_import.acceptance.environment import (
    check_environment,
    dropped,
    end_is_unknown,
    engine_environment,
    renew_early,
)
from product_import.acceptance.root import MINUTES
from product_import.command_line import main
from product_import.errors import UserError
from tests.acceptance.world import ARGUMENTS, left
from tests.engine.aws_models import session
from tests.engine.emulator import Emulator

import boto3  # type: ignore[import-untyped]
import pytest
from botocore.credentials import Credentials, RefreshableCredentials  # type: ignore[import-untyped]

# Each would change what an engine or a provider creates or destroys, or where, if it got it.
WITHOUT_EFFECT = {
    "TF_WORKSPACE": "prod",
    "TF_CLI_ARGS": "-var=name=other",
    "TF_CLI_ARGS_init": "-backend=false",
    "TF_CLI_ARGS_plan": "-target=module.product_import.aws_iam_role.ecs_task_role",
    "TF_CLI_ARGS_apply": "-target=module.product_import.aws_iam_role.ecs_task_role",
    "TF_CLI_ARGS_destroy": "-target=module.product_import.aws_iam_role.ecs_task_role",
    "TF_DATA_DIR": "elsewhere",
    "TF_VAR_name": "other",
    "TF_VAR_redis_auth_token": "another-token",
    "TF_INPUT": "1",
    "TF_STATE_PERSIST_INTERVAL": "3600",
    "TF_ENCRYPTION": "{}",
    "TF_CLOUD_ORGANIZATION": "other",
    "TERRAFORM_ANYTHING": "1",
    "TOFU_ANYTHING": "1",
    "AWS_PROFILE": "other",
    "AWS_DEFAULT_PROFILE": "other",
    "AWS_ACCESS_KEY_ID": "AKIAOTHER",
    "AWS_SECRET_ACCESS_KEY": "other",
    "AWS_SESSION_TOKEN": "other",
    "AWS_ROLE_ARN": "arn:aws:iam::210987654321:role/other",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/",
    "AWS_CONFIG_FILE": "/nowhere",
    "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
    "AWS_EC2_METADATA_DISABLED": "false",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1/",
    "AWS_ENDPOINT_URL_ELASTICACHE": "http://127.0.0.1:1/",
}
KEPT = {
    "HTTPS_PROXY": "http://proxy.example",
    "TERRAFORM_CONFIG": "/mirror.tfrc",
    "TF_CLI_CONFIG_FILE": "/mirror.tfrc",
    "TF_LOG": "debug",
    "TF_PLUGIN_CACHE_DIR": "/cache",
    "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "1",
    "TF_TOKEN_mirror_example": "token",
    "AWS_CA_BUNDLE": "/ca.pem",
}


@pytest.mark.parametrize("name", WITHOUT_EFFECT)
def test_an_engine_runs_as_without_a_variable(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the session's credentials and no others."""
    given = session()
    monkeypatch.delenv(name, raising=False)
    before = engine_environment(given)
    monkeypatch.setenv(name, WITHOUT_EFFECT[name])
    assert engine_environment(given) == before
    assert (name in dropped()) == name.startswith(("TERRAFORM_", "TF_", "TOFU_"))


@pytest.mark.parametrize("name", KEPT)
def test_where_a_provider_comes_from_is_the_users(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is logged."""
    monkeypatch.setenv(name, KEPT[name])
    assert engine_environment(session())[name] == KEPT[name]
    assert name not in dropped()


def test_a_path_is_that_of_the_users_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An engine runs in another."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", "mirror.tfrc")
    assert engine_environment(session())["TF_CLI_CONFIG_FILE"] == str(tmp_path / "mirror.tfrc")


def test_the_credentials_are_those_of_python(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whichever of two profiles it takes, the provider gets the keys of the same one, and no file."""
    file = tmp_path / "credentials"
    keys = "[{0}]\naws_access_key_id = AKIA{0}\naws_secret_access_key = {0}\n"
    file.write_text(keys.format("one") + keys.format("two"))
    for name in [*WITHOUT_EFFECT, *KEPT]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    monkeypatch.setenv("AWS_PROFILE", "one")
    monkeypatch.setenv("AWS_DEFAULT_PROFILE", "two")
    python = boto3.Session()
    environment = engine_environment(python)
    assert environment["AWS_ACCESS_KEY_ID"] == python.get_credentials().access_key
    assert {name for name in environment if name.startswith("AWS_")} == {
        *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"),
        "AWS_EC2_METADATA_DISABLED",
    }
    assert environment["AWS_CONFIG_FILE"] == environment["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"


@pytest.mark.usefixtures("world")
def test_a_run_in_the_worst_of_shells(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With all of them at once it creates, and removes, what it does without."""
    for name, value in WITHOUT_EFFECT.items():
        # boto3 refuses a profile that does not exist.
        if "PROFILE" not in name:
            monkeypatch.setenv(name, value)
    assert main(ARGUMENTS) == 0
    output = capsys.readouterr().out
    ignored = sorted(name for name in WITHOUT_EFFECT if name.startswith(("TERRAFORM_", "TF_", "TOFU_")))
    assert f"The engine does not get these variables of the environment: {', '.join(ignored)}.\n" in output
    assert left(emulator) == {}


def test_a_shell_of_the_stand_in_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it makes up is no account."""
    monkeypatch.setenv("TF_REATTACH_PROVIDERS", "{}")
    with pytest.raises(UserError, match=r"^TF_REATTACH_PROVIDERS is set, as by `product-import stand-in`"):
        check_environment()


@pytest.mark.parametrize(
    ("end", "text"),
    [
        ("soon", r"^AWS_CREDENTIAL_EXPIRATION must be a time with its zone\. Given: soon\.$"),
        ("2099-01-01T00:00:00", r"^AWS_CREDENTIAL_EXPIRATION must be a time with its zone\. "),
        ("2026-01-01T00:00:00Z", r"^the credentials must last 4 hours\. Given: AWS_CREDENTIAL_EXPIRATION=2026-01-01T"),
    ],
)
def test_credentials_that_end_too_soon_are_refused(end: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is known, as with `aws configure export-credentials`."""
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", end)
    with pytest.raises(UserError, match=text):
        check_environment()


def test_credentials_must_outlast_a_run_and_its_removal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three hours, and one."""
    monkeypatch.delenv("TF_REATTACH_PROVIDERS", raising=False)
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", (datetime.now(UTC) + timedelta(hours=4.1)).isoformat())
    check_environment()
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", (datetime.now(UTC) + timedelta(hours=3.9)).isoformat())
    with pytest.raises(UserError, match=r"^the credentials must last 4 hours\."):
        check_environment()


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_EC2"])
def test_python_asks_aws_itself(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the provider does: a look at an emulator finds nothing left."""
    monkeypatch.delenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", raising=False)
    monkeypatch.delenv("TF_REATTACH_PROVIDERS", raising=False)
    monkeypatch.delenv("AWS_CREDENTIAL_EXPIRATION", raising=False)
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false")
    monkeypatch.setenv(name, "http://127.0.0.1:1/")
    check_environment()
    client = boto3.Session("none", "none", region_name="eu-central-1").client("ec2")
    assert client.meta.endpoint_url == "https://ec2.eu-central-1.amazonaws.com"


class Renewing:
    """Credentials of boto3 that are renewed each time that it asks."""

    def __init__(self, minutes: float) -> None:
        self.number = 0
        self._minutes = minutes
        self.credentials = RefreshableCredentials.create_from_metadata(self.next(), self.next, "test")

    def next(self) -> dict[str, str]:
        self.number += 1
        end = datetime.now(UTC) + timedelta(minutes=self._minutes if self.number == 1 else 600)
        key = str(self.number)
        return {"access_key": key, "secret_key": key, "token": key, "expiry_time": end.isoformat()}

    def get_credentials(self) -> Any:
        return self.credentials


@pytest.mark.parametrize(("minutes", "key"), [(MINUTES + 5, "1"), (MINUTES - 5, "2")])
def test_an_engine_gets_credentials_that_outlast_it(minutes: float, key: str) -> None:
    """They are renewed before it starts where they would not."""
    renewing = Renewing(minutes)
    renew_early(renewing, MINUTES * 60)
    environment = engine_environment(renewing)
    assert environment["AWS_ACCESS_KEY_ID"] == environment["AWS_SESSION_TOKEN"] == key
    assert not end_is_unknown(renewing)


@pytest.mark.parametrize(("token", "unknown"), [(None, False), ("token", True)])
def test_temporary_credentials_without_an_end(token: str | None, unknown: bool) -> None:
    """Those of a user last."""
    given = session()
    given._session._credentials = Credentials("key", "secret", token)
    assert end_is_unknown(given) == unknown
