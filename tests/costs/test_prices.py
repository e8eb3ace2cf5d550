"""`product-import prices`, against a server of this machine that answers as AWS documents it."""

import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from product_import.command_line import main
from product_import.costs import Price, read_prices
from product_import.costs.fetch import by_api, fetched, files
from product_import.errors import UserError
from tests.costs.price_list import LIST, VERSION, Listed, PriceList, served

import boto3  # type: ignore[import-untyped]
import pytest
from botocore.stub import Stubber  # type: ignore[import-untyped]

REGION = "eu-central-1"
FETCHED = {
    "fargate X86_64 vcpu": "0.04656",
    "fargate X86_64 memory": "0.00511",
    "fargate ARM64 vcpu": "0.03725",
    "fargate ARM64 memory": "0.00409",
    "redis cache.r7g.large": "0.26",
    "valkey cache.r7g.large": "0.208",
    "snapshot": "0.085",
    "alarm metric": "0.1",
    "custom metric": "0.3",
    "log ingested": "0.63",
    "log stored": "0.0324",
    "log queried": "0.0063",
    "secret": "0.4",
}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[PriceList]:
    """AWS's price list, where there are no credentials."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with served(PriceList()) as prices:
        monkeypatch.setattr(files, "HOST", prices.address)
        monkeypatch.setattr(files, "WAITS", (0, 0))
        yield prices


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch, aws: PriceList) -> PriceList:
    """The same with credentials, and the API beside the files."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    monkeypatch.setenv("AWS_ENDPOINT_URL_PRICING", aws.address)
    monkeypatch.delenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", raising=False)
    return aws


def run(*arguments: str) -> int:
    return main(["prices", "--region", REGION, *arguments])


def read(file: Path) -> dict[str, Price]:
    """The prices that a file adds, by the item."""
    ours = {(price.item, price.region): price for price in read_prices()}
    return {price.item: price for price in read_prices(file) if ours.get((price.item, price.region)) != price}


def test_prices_come_from_the_public_files(aws: PriceList, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Those on demand, of the first tier; each with the date and the version of the list."""
    file = tmp_path / "frankfurt.csv"
    assert run(f"--output={file}") == 0
    prices = read(file)
    assert {item: f"{price.usd}" for item, price in prices.items()} == FETCHED
    assert {(price.region, f"{price.date}", price.confidence) for price in prices.values()} == {
        (REGION, "2026-09-24", "high")
    }
    assert prices["secret"].source == f"AWS Price List (AWSSecretsManager, version {VERSION})"
    assert prices["snapshot"].unit == next(price.unit for price in read_prices() if price.item == "snapshot")
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines()[0] == f"13 prices of {REGION} in {file}."
    assert "Without fargate_spot: AWS's price list has no prices of Fargate Spot, which change by demand." in told.err
    assert len(aws.asked) == 8  # an index and a file of each service


def test_the_api_tells_the_same(credentials: PriceList, capsys: pytest.CaptureFixture[str]) -> None:
    """All pages of it; the files are not read then, but with --public."""
    assert run() == 0
    told = capsys.readouterr().out
    assert set(credentials.asked) == {"/"}
    assert len(credentials.asked) == 7  # pages of 5: 6, 7, 7 and 1 products
    credentials.asked.clear()
    assert run("--public") == 0
    assert capsys.readouterr().out == told
    assert "/" not in credentials.asked


def test_the_calls_are_those_of_awss_model(aws: PriceList) -> None:
    """The stub checks parameters and answers against it."""
    client = boto3.client("pricing", "us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    filters = [{"Type": "TERM_MATCH", "Field": "regionCode", "Value": REGION}]
    with Stubber(client) as stub:
        for service in ("AmazonECS", "AmazonElastiCache", "AmazonCloudWatch", "AWSSecretsManager"):
            asked = {"ServiceCode": service, "Filters": filters, "FormatVersion": "aws_v1", "MaxResults": 100}
            first, *rest = aws.answers(service)
            stub.add_response("get_products", {"PriceList": [first], "NextToken": "more"}, asked)
            stub.add_response("get_products", {"PriceList": rest}, {**asked, "NextToken": "more"})
        prices = fetched(by_api(client, REGION), REGION).prices
        stub.assert_no_pending_responses()
    assert {price.item: f"{price.usd}" for price in prices} == FETCHED


@pytest.mark.parametrize("failures", [[503], [429, 500], [0], [503, 0]])
def test_what_may_pass_is_tried_again(aws: PriceList, tmp_path: Path, failures: list[int]) -> None:
    """A host that is busy, and a file that ends early."""
    aws.failures = {f"{REGION}/index.csv": list(failures), "AmazonECS/current/region_index.json": list(failures)}
    assert run(f"--output={tmp_path / 'x.csv'}") == 0
    assert len(read(tmp_path / "x.csv")) == len(FETCHED)


@pytest.mark.parametrize(
    ("failures", "text"),
    [
        ([503] * 3, "cannot be read after 3 tries: 503 Service Unavailable."),
        ([0] * 3, "cannot be read after 3 tries: IncompleteRead("),
        ([403], "index.csv cannot be read: 403 Forbidden."),
    ],
)
def test_what_does_not_pass_is_told(
    aws: PriceList, tmp_path: Path, capsys: pytest.CaptureFixture[str], failures: list[int], text: str
) -> None:
    """With the address; the file that is there stays."""
    (tmp_path / "x.csv").write_text("mine")
    aws.failures = {f"{REGION}/index.csv": list(failures)}
    assert run(f"--output={tmp_path / 'x.csv'}") == 1
    assert text in capsys.readouterr().err
    assert len(aws.asked) == 1 + len(failures)  # the index
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("x.csv", "mine")]


@pytest.mark.parametrize(
    ("end", "content", "text"),
    [
        ("region_index.json", b"<html>", "region_index.json has not the form that AWS documents: Expecting value"),
        ("region_index.json", b'{"regions": []}', "has not the form that AWS documents"),
        (
            "region_index.json",
            b'{"regions": {"eu-central-1": {"currentVersionUrl": ".evil.example/x"}}}',
            "it names .evil",
        ),
        ("index.csv", b'"FormatVersion","v1.0"\n', "index.csv has not the form that AWS documents: 'publicationdate'"),
        ("index.csv", b"\xff\xfe", "index.csv has not the form that AWS documents"),
    ],
)
def test_another_form_is_refused(
    aws: PriceList, capsys: pytest.CaptureFixture[str], end: str, content: bytes, text: str
) -> None:
    """By the name of the file; nothing is guessed."""
    aws.instead = {end: content}
    assert run() == 1
    told = capsys.readouterr()
    assert (told.out, text in told.err, told.err.count("\n")) == ("", True, 1)


def test_a_column_that_is_missing_is_named(aws: PriceList, capsys: pytest.CaptureFixture[str]) -> None:
    """As it would be if AWS renamed one."""
    aws.instead = {"index.csv": aws.file("AmazonECS").replace(b'"PricePerUnit"', b'"Price"')}
    assert run() == 1
    assert "index.csv has not the form that AWS documents: it has no column PricePerUnit." in capsys.readouterr().err


@pytest.mark.usefixtures("aws")
def test_a_region_that_aws_does_not_have_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With those that it has."""
    assert main(["prices", "--region", "eu-central-9"]) == 1
    assert capsys.readouterr().err == "error: AWS has no prices of AmazonECS in eu-central-9. Known: eu-central-1.\n"
    with pytest.raises(SystemExit):
        main(["prices", "--region", "../eu-central-1"])
    assert "must be a region of AWS, as eu-central-1. Given: ../eu-central-1" in capsys.readouterr().err


def test_an_api_without_rates_for_the_region_is_refused(
    credentials: PriceList, capsys: pytest.CaptureFixture[str]
) -> None:
    """It answers with an empty list."""
    credentials.products = ()
    assert run() == 1
    assert capsys.readouterr().err == f"error: AWS has no prices of AmazonECS in {REGION}. Is the region right?\n"


def test_the_api_is_asked_again_where_it_throttles(credentials: PriceList) -> None:
    """As boto3 does."""
    credentials.failures = {"/": [400, 500]}
    assert run() == 0


def test_who_may_not_ask_is_told_what_to_do() -> None:
    """The permission, and the way without one."""
    client = boto3.client("pricing", "us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    with Stubber(client) as stub:
        stub.add_client_error(
            "get_products", "AccessDeniedException", "not authorized to perform: pricing:GetProducts."
        )
        with pytest.raises(
            UserError, match=r"^AWS denies pricing:GetProducts: not authorized .*; --public reads AWS's"
        ):
            list(by_api(client, REGION))
        stub.add_client_error("get_products", "ExpiredTokenException", "expired")
        with pytest.raises(UserError, match=r"^GetProducts failed: ExpiredTokenException: expired; --public"):
            list(by_api(client, REGION))
        stub.add_response("get_products", {"PriceList": [json.dumps({"product": {}})]})
        with pytest.raises(UserError, match=r"^GetProducts answers in a form that AWS does not document: KeyError"):
            list(by_api(client, REGION))


@pytest.mark.usefixtures("credentials")
def test_a_profile_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Instead of reading something else in silence."""
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert run() == 1
    assert "AWS cannot be asked: The config profile (nobody) could not be found; --public" in capsys.readouterr().err


@pytest.mark.usefixtures("credentials")
def test_without_boto3_the_files_are_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It comes with an extra."""
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert run() == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + len(FETCHED)


def test_what_is_not_sure_is_left_out_by_name(aws: PriceList, capsys: pytest.CaptureFixture[str]) -> None:
    """Two prices, another unit, another currency, and none."""
    kept = [each for each in LIST if "CW:Alarm" not in each.usage_type and "DataScanned" not in each.usage_type]
    aws.products = (
        *(replace(each, currency="CNY") if "Secrets" in each.usage_type else each for each in kept),
        Listed("AmazonECS", "EUC1-Fargate-ARM-GB-Hours", "hours", {"0": "0.0050000000"}),
        Listed("AmazonCloudWatch", "EUC1-CW:AlarmMonitorUsage", "Dozens", {"0": "1.2"}),
    )
    assert run() == 0
    told = capsys.readouterr()
    assert "Without fargate ARM64 memory: AWS has several prices: 0.00409, 0.005.\n" in told.err
    assert "Without alarm metric: AWS has it by the Dozens, which the estimate does not know.\n" in told.err
    assert "Without log queried: AWS's price list has none.\n" in told.err
    assert "Without secret: AWS's price list has none.\n" in told.err
    rows = {line.split(",")[0] for line in told.out.splitlines()}
    assert not rows & {"fargate ARM64 memory", "alarm metric", "log queried", "secret"}


def test_a_rate_that_is_no_number_is_refused(aws: PriceList, capsys: pytest.CaptureFixture[str]) -> None:
    """With its name."""
    aws.products = tuple(
        replace(each, tiers={"0": "free"}) if each.usage_type.endswith("vCPU-Hours:perCPU") else each for each in LIST
    )
    assert run() == 1
    assert (
        "a rate of EUC1-Fargate-vCPU-Hours:perCPU that is none. Given: free, 0, 2026-09-24" in capsys.readouterr().err
    )


@pytest.mark.usefixtures("aws")
def test_a_place_beside_the_region_is_not_the_region() -> None:
    """A Local Zone has prices of its own in the region's list."""
    rates = list(files.by_files(REGION))
    node = next(rate for rate in rates if rate.usage_type.endswith("NodeUsage:cache.r7g.large"))
    zone = replace(node, usage_type="HAM1-NodeUsage:cache.r7g.large", usd="0.3", place="AWS Local Zone")
    other = replace(node, usd="0.4", region="eu-west-1")
    prices = {price.item: price.usd for price in fetched([zone, other, *rates], REGION).prices}
    assert prices["redis cache.r7g.large"] == Decimal("0.26")


def test_a_terminal_is_told_how_much_has_come(aws: PriceList, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of each file, at its end at the latest."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    many = tuple(Listed("AmazonElastiCache", f"EUC1-Other:{number}", "Hrs", {"0": "1"}) for number in range(2000))
    aws.products = (*LIST, *many)
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    assert run(f"--output={tmp_path / 'x.csv'}") == 0
    lines = terminal.getvalue().split("\n")
    assert lines[0] == "\rAmazonECS: 0.0 of 0.0 MB"
    assert lines[1].count("\rAmazonElastiCache: ") >= 2
    assert re.search(r": (\d\.\d) of \1 MB$", lines[1])
    assert lines[4].startswith("13 prices of")
