"""AWS's public files of prices, which need no account.

AWS's billing guide, "Reading the price list files": the Region index file of a service is JSON and names each region's
file, also as CSV: five rows on the file, a row of names, and a row for each rate.
"""

import csv
import http.client
import io
import json
import ssl
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeVar

from product_import.costs.fetch.rates import SERVICES, Rate
from product_import.errors import UserError

HOST = "https://pricing.us-east-1.amazonaws.com"
TIMEOUT_IN_SECONDS = 30
WAITS = (1, 3)
"""Seconds before a second and a third try."""
# 408 to 429 are of the moment, as all of 5xx are: the rest would come again.
_PASSES = frozenset({408, 425, 429})
_COLUMNS = ("TermType", "StartingRange", "Unit", "PricePerUnit", "Currency", "usageType", "operation")
_MEGABYTE = 1_000_000

_Read = TypeVar("_Read")


def by_files(region: str) -> Iterator[Rate]:
    """Yield the rates of a region.

    Raises:
        UserError: a file cannot be had, or has another form.
    """
    for service in SERVICES:
        yield from _tried(_file(service, region), partial(_rates, service))


def _file(service: str, region: str) -> str:
    index = f"{HOST}/offers/v1.0/aws/{service}/current/region_index.json"
    regions = _tried(index, _regions)
    if region not in regions:
        raise UserError(f"AWS has no prices of {service} in {region}. Known: {', '.join(sorted(regions))}.")
    return HOST + regions[region].removesuffix(".json") + ".csv"


def _tried(address: str, read: Callable[[io.BufferedReader], _Read]) -> _Read:
    """Read an answer; again, where a failure may pass."""
    for wait in (*WAITS, None):
        try:
            with urllib.request.urlopen(address, timeout=TIMEOUT_IN_SECONDS) as answer:
                return read(io.BufferedReader(_Counted(answer, address)))
        except urllib.error.HTTPError as error:
            failure, passes = f"{error.code} {error.reason}", error.code in _PASSES or error.code >= 500
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            failure, passes = str(reason) or type(reason).__name__, not isinstance(reason, ssl.SSLCertVerificationError)
        except (ValueError, LookupError, TypeError, AttributeError, csv.Error) as error:
            raise UserError(f"{address} has not the form that AWS documents: {error}.") from None
        if wait is None or not passes:
            tries = f" after {len(WAITS) + 1} tries" if passes else ""
            raise UserError(f"{address} cannot be read{tries}: {failure.rstrip('.')}.")
        time.sleep(wait)
    raise AssertionError


class _Counted(io.RawIOBase):
    """An answer that tells a terminal how much of it has come, and that does not end early."""

    def __init__(self, answer: http.client.HTTPResponse, address: str) -> None:
        length = answer.headers["Content-Length"]
        self._answer, self._length, self._come = answer, int(length) if length else None, 0
        self._name = address.split("/")[-4] if address.endswith(".csv") else ""
        self._told = self._ended = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._answer.readinto(buffer)
        self._come += count
        if count == 0 and self._length is not None and self._come < self._length:
            raise http.client.IncompleteRead(b"", self._length - self._come)
        self._tell(at_end=count == 0)
        return count

    def _tell(self, *, at_end: bool) -> None:
        if not self._name or self._ended or not sys.stderr or not sys.stderr.isatty():
            return
        if at_end or self._come - self._told > _MEGABYTE / 4:
            self._told, self._ended = self._come, at_end
            of = f" of {self._length / _MEGABYTE:.1f}" if self._length else ""
            line = f"\r{self._name}: {self._come / _MEGABYTE:.1f}{of} MB"
            print(line, end="\n" if at_end else "", file=sys.stderr, flush=True)


def _regions(answer: io.BufferedReader) -> Mapping[str, str]:
    files = {name: region["currentVersionUrl"] for name, region in json.load(answer)["regions"].items()}
    if elsewhere := [file for file in files.values() if not file.startswith("/")]:
        raise ValueError(f"it names {elsewhere[0]}")
    return files


def _rates(service: str, answer: io.BufferedReader) -> list[Rate]:
    rows = csv.reader(io.TextIOWrapper(answer, encoding="utf-8", newline=""), strict=True)
    # Named in two ways by AWS: "usageType", "Cache Engine".
    about = {_name(row[0]): row[1] for _, row in zip(range(5), rows, strict=False)}
    published, version = about["publicationdate"], about["version"]
    names = [_name(name) for name in next(rows)]
    if missing := [name for name in _COLUMNS if _name(name) not in names]:
        raise ValueError(f"it has no column {missing[0]}")
    return [
        Rate(
            service,
            rate.get("regioncode", ""),
            rate.get("locationtype", ""),
            rate["usagetype"],
            rate["operation"],
            rate.get("cacheengine", ""),
            rate["startingrange"],
            rate["unit"],
            rate["currency"],
            rate["priceperunit"],
            published,
            version,
        )
        for rate in (dict(zip(names, row, strict=True)) for row in rows)
        if rate["termtype"] == "OnDemand"
    ]


def _name(column: str) -> str:
    return column.replace(" ", "").lower()
