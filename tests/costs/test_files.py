"""The files of prices and usage, and one's own."""

from decimal import Decimal
from pathlib import Path

from product_import.costs import read_prices, read_usage
from product_import.costs.price_list import COLUMNS, PRICES
from product_import.errors import UserError
from product_import.files import read_csv

import pytest

HEADER = "item,region,usd,unit,date,confidence,source\n"


def test_every_price_has_a_date_a_source_and_a_confidence() -> None:
    """And no item of a region has two."""
    rows = [row for file in sorted(PRICES.glob("*.csv")) for _, row in read_csv(file, COLUMNS)]
    assert len(rows) == len(list(read_prices())) >= 540
    assert all(row["source"] and "2021-01-01" <= row["date"] <= "2026-11-30" for row in rows)


def test_a_price_is_sure_if_two_sources_agree() -> None:
    """And then it says which."""
    for price in read_prices():
        assert (price.confidence == "high") == ("checked against" in price.source), price


def test_regions_differ_alike_for_each_processor() -> None:
    """A node with Graviton costs as much more in a region as the one beside it."""
    prices = {(price.item, price.region): price for price in read_prices() if price.confidence != "low"}

    def ratio(family: str, size: str, region: str) -> Decimal:
        here, there = (prices.get((f"redis cache.{family}.{size}", place)) for place in (region, "us-east-1"))
        return here.usd / there.usd if here and there else Decimal(0)

    compared = 0
    for region in {region for _, region in prices}:
        for first, second in (("m5", "m6g"), ("r5", "r6g"), ("t3", "t4g")):
            for size in ("micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge", "12xlarge"):
                ours, theirs = ratio(first, size, region), ratio(second, size, region)
                if ours and theirs:
                    compared += 1
                    assert abs(ours / theirs - 1) < Decimal("0.04"), f"{first}, {second} {size} in {region}"
    assert compared > 100


def test_each_region_has_prices_of_nodes_and_of_fargate() -> None:
    """Where no source was found for the rest, `cost` says so."""
    prices = read_prices()
    regions = {price.region for price in prices}
    assert len(regions) == 15
    for region in regions:
        assert prices.of("fargate X86_64 vcpu", region).usd > 0, region
        assert prices.of("redis cache.r5.2xlarge", region).usd > 0, region
        assert prices.of("valkey cache.r5.2xlarge", region).usd < prices.of("redis cache.r5.2xlarge", region).usd


def test_ones_own_prices_come_over_ours(tmp_path: Path) -> None:
    """A region of one's own, and a price that one has agreed on."""
    file = tmp_path / "own.csv"
    file.write_text(
        HEADER
        + "secret,eu-central-1,0.5,secret and month,2026-11-01,high,our bill\n"
        + "secret,us-east-1,0.3,secret and month,2026-11-01,high,our bill\n"
    )
    prices = read_prices(file)
    assert prices.of("secret", "eu-central-1").usd == Decimal("0.5")
    assert prices.of("secret", "us-east-1").usd == Decimal("0.3")
    assert prices.of("custom metric", "us-east-1").usd == Decimal("0.30")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a,b\n", "the first line must be item,region,usd"),
        (HEADER + "secret,x,1\n", "line 2: must have 7 fields. Given: secret,x,1"),
        (HEADER + "\nsecret,x,1\n", "line 3: must have 7 fields"),
        (HEADER + '"secret"s,x,1\n', "line 2: ',' expected after"),
        (HEADER + "secret,x,cheap,u,2026-01-01,high,s\n", "line 2: usd must be a number"),
        (HEADER + "secret,x,1,u,yesterday,high,s\n", "line 2: usd must be a number and date"),
        (HEADER + "secret,x,NaN,u,2026-01-01,high,s\n", "line 2: usd must not be negative"),
        (HEADER + "secret,x,-1,u,2026-01-01,high,s\n", "line 2: usd must not be negative"),
        (HEADER + "secret,x,1,u,2026-01-01,sure,s\n", "confidence one of high, medium, low"),
    ],
)
def test_a_wrong_price_is_named(tmp_path: Path, content: str, text: str) -> None:
    """By file and line."""
    file = tmp_path / "own.csv"
    file.write_text(content)
    with pytest.raises(UserError, match=text):
        read_prices(file)


def test_usage_of_ones_own_comes_over_the_assumptions(tmp_path: Path) -> None:
    """What it leaves out stays assumed."""
    file = tmp_path / "usage.toml"
    file.write_text("mean_workers = 6.5")
    usage = read_usage(file)
    assert [usage.mean_workers, usage.redis_log_gb_per_month] == [Decimal("6.5"), Decimal(1)]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("workers = 3", "workers is no usage. Known: mean_workers"),
        ("mean_workers = -1", "mean_workers must be a number of at least 0. Given: -1"),
        ("mean_workers = 'x'", "mean_workers must be a number"),
        ("mean_workers = inf", "mean_workers must be a number"),
        ("mean_workers = nan", "mean_workers must be a number"),
        ("mean_workers = true", "mean_workers must be a number"),
        ("mean_workers", "usage.toml: "),
    ],
)
def test_wrong_usage_is_named(tmp_path: Path, content: str, text: str) -> None:
    """By file and name."""
    file = tmp_path / "usage.toml"
    file.write_text(content)
    with pytest.raises(UserError, match=text):
        read_usage(file)
