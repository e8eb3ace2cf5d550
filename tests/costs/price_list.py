"""AWS's price list in its documented forms, with a few of its rates."""

import csv
import io
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PUBLISHED, VERSION = "2026-09-24T17:07:46Z", "20260924170746"


@dataclass(frozen=True)
class Listed:
    """A product with the tiers of its price on demand: where each begins, and US dollars."""

    service: str
    usage_type: str
    unit: str
    tiers: Mapping[str, str]
    operation: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    currency: str = "USD"


def _node(usage_type: str, engine: str, usd: str) -> Listed:
    attributes = {"cacheEngine": engine, "instanceType": usage_type.rpartition(":")[2]}
    return Listed("AmazonElastiCache", usage_type, "Hrs", {"0": usd}, f"CreateCacheCluster:{engine}", attributes)


def _alone(service: str, usage_type: str, unit: str, usd: str, operation: str = "") -> Listed:
    return Listed(service, usage_type, unit, {"0": usd}, operation)


LIST = (
    _alone("AmazonECS", "EUC1-Fargate-vCPU-Hours:perCPU", "hours", "0.0465600000"),
    _alone("AmazonECS", "EUC1-Fargate-GB-Hours", "hours", "0.0051100000"),
    _alone("AmazonECS", "EUC1-Fargate-ARM-vCPU-Hours:perCPU", "hours", "0.0372500000"),
    _alone("AmazonECS", "EUC1-Fargate-ARM-GB-Hours", "hours", "0.0040900000"),
    _alone("AmazonECS", "EUC1-Fargate-Windows-vCPU-Hours:perCPU", "hours", "0.1000000000"),
    _alone("AmazonECS", "EUC1-Fargate-EphemeralStorage-GB-Hours", "hours", "0.0001270000"),
    _node("EUC1-NodeUsage:cache.r7g.large", "Redis", "0.2600000000"),
    # "Reserved instance applied": the reservation pays.
    _node("EUC1-NodeUsage:cache.r7g.large", "Redis", "0.0000000000"),
    _node("EUC1-NodeUsage:cache.r7g.large", "Valkey", "0.2080000000"),
    _node("EUC1-NodeUsage:cache.r7g.large", "Memcached", "0.2600000000"),
    _node("EUC1-SyncDurability-NodeUsage:cache.r7g.large", "Valkey", "0.0379000000"),
    _node("EUC1-ExtendedSupportYr3-NodeUsage:cache.r7g.large", "Redis", "0.4160000000"),
    _alone("AmazonElastiCache", "EUC1-BackupUsage", "GB-Mo", "0.0850000000", "CreateSnapshot"),
    _alone("AmazonCloudWatch", "EUC1-CW:AlarmMonitorUsage", "Alarms", "0.1000000000"),
    _alone("AmazonCloudWatch", "EUC1-CW:HighResAlarmMonitorUsage", "Alarms", "0.3000000000"),
    Listed(
        "AmazonCloudWatch",
        "EUC1-CW:MetricMonitorUsage",
        "Metrics",
        {"0": "0.3000000000", "10000": "0.1000000000", "250000": "0.0500000000"},
    ),
    _alone("AmazonCloudWatch", "EUC1-DataProcessing-Bytes", "GB", "0.6300000000", "PutLogEvents"),
    _alone("AmazonCloudWatch", "EUC1-DataProcessing-Bytes", "GB", "0.1200000000", "DataProtection"),
    _alone("AmazonCloudWatch", "EUC1-TimedStorage-ByteHrs", "GB-Mo", "0.0324000000", "HourlyStorageMetering"),
    _alone("AmazonCloudWatch", "EUC1-DataScanned-Bytes", "GB", "0.0063000000"),
    _alone("AWSSecretsManager", "EUC1-AWSSecretsManager-Secrets", "Secrets", "0.4000000000"),
)


class PriceList:
    """A region's list, as AWS's files and its API have it; a test changes what it answers."""

    def __init__(self, region: str = "eu-central-1", products: tuple[Listed, ...] = LIST) -> None:
        self.region, self.products = region, products
        self.address = ""
        self.asked: list[str] = []
        self.failures: dict[str, list[int]] = {}
        """By the end of a path, the statuses that come before the answer; 0 ends it early."""
        self.instead: dict[str, bytes] = {}

    def file(self, service: str) -> bytes:
        """The CSV file of a service."""
        text = io.StringIO()
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows(
            [
                ("FormatVersion", "v1.0"),
                ("Disclaimer", "This pricing list is for informational purposes only."),
                ("Publication Date", PUBLISHED),
                ("Version", VERSION),
                ("OfferCode", service),
                _COLUMNS,
            ]
        )
        for number, each in enumerate(self._of(service)):
            for term in ("OnDemand", "Reserved"):
                for begin, usd in each.tiers.items():
                    price = usd if term == "OnDemand" else "0.0100000000"
                    row = {
                        "SKU": f"SKU{number}",
                        "TermType": term,
                        "StartingRange": begin,
                        "EndingRange": "Inf",
                        "Unit": each.unit,
                        "PricePerUnit": price,
                        "Currency": each.currency,
                        "serviceCode": service,
                        "Location Type": "AWS Region",
                        "Cache Engine": each.attributes.get("cacheEngine", ""),
                        "usageType": each.usage_type,
                        "operation": each.operation,
                        "Region Code": self.region,
                    }
                    writer.writerow([row.get(column, "") for column in _COLUMNS])
        return text.getvalue().encode()

    def index(self, service: str) -> bytes:
        """The Region index file of a service."""
        url = f"/offers/v1.0/aws/{service}/{VERSION}/{self.region}/index.json"
        regions = {self.region: {"regionCode": self.region, "currentVersionUrl": url}}
        return json.dumps({"formatVersion": "v1.0", "publicationDate": PUBLISHED, "regions": regions}).encode()

    def answers(self, service: str) -> list[str]:
        """The products of a service, as GetProducts has them: texts of JSON."""
        return [
            json.dumps(
                {
                    "product": {
                        "productFamily": "any",
                        "attributes": {
                            "usagetype": each.usage_type,
                            "operation": each.operation,
                            "regionCode": self.region,
                            "locationType": "AWS Region",
                            **each.attributes,
                        },
                        "sku": f"SKU{number}",
                    },
                    "serviceCode": service,
                    "terms": {
                        "OnDemand": {
                            f"SKU{number}.JRTCKXETXF": {
                                "priceDimensions": {
                                    f"SKU{number}.JRTCKXETXF.{begin}": {
                                        "unit": each.unit,
                                        "beginRange": begin,
                                        "endRange": "Inf",
                                        "pricePerUnit": {each.currency: usd},
                                    }
                                    for begin, usd in each.tiers.items()
                                },
                                "sku": f"SKU{number}",
                            }
                        },
                        "Reserved": {"SKU.RESERVED": {"priceDimensions": {}}},
                    },
                    "version": VERSION,
                    "publicationDate": PUBLISHED,
                }
            )
            for number, each in enumerate(self._of(service))
        ]

    def _of(self, service: str) -> list[Listed]:
        return [each for each in self.products if each.service == service]


_COLUMNS = (
    *("SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription", "EffectiveDate", "StartingRange"),
    *("EndingRange", "Unit", "PricePerUnit", "Currency", "serviceCode", "Location", "Location Type", "Cache Engine"),
    *("usageType", "operation", "Region Code"),
)


@contextmanager
def served(prices: PriceList) -> Iterator[PriceList]:
    """AWS's two hosts in one, at an address of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            service, rest = self.path.removeprefix("/offers/v1.0/aws/").split("/", 1)
            if rest == "current/region_index.json":
                self._answer(prices.index(service))
            elif rest == f"{VERSION}/{prices.region}/index.csv":
                self._answer(prices.file(service))
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert self.headers["X-Amz-Target"] == "AWSPriceListService.GetProducts"
            assert asked["Filters"] == [{"Type": "TERM_MATCH", "Field": "regionCode", "Value": prices.region}]
            # A page of 5, whatever the most is.
            begin, items = int(asked.get("NextToken", 0)), prices.answers(asked["ServiceCode"])
            answer: dict[str, Any] = {"FormatVersion": "aws_v1", "PriceList": items[begin : begin + 5]}
            if begin + 5 < len(items):
                answer["NextToken"] = str(begin + 5)
            self._answer(json.dumps(answer).encode(), "application/x-amz-json-1.1")

        def _answer(self, content: bytes, kind: str = "text/plain") -> None:
            prices.asked.append(self.path)
            content = next((other for end, other in prices.instead.items() if self.path.endswith(end)), content)
            failures = next((left for end, left in prices.failures.items() if self.path.endswith(end)), [])
            status = failures.pop(0) if failures else 200
            if status not in (0, 200):
                self.send_response(status)
                error = json.dumps({"__type": "ThrottlingException", "message": "Rate exceeded"}).encode()
                self.send_header("Content-Length", str(len(error)))
                self.end_headers()
                self.wfile.write(error)
                return
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content if status else content[: len(content) // 2])

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        prices.address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield prices
        finally:
            server.shutdown()
            thread.join()
