"""AWS's API of prices, GetProducts, which needs credentials with pricing:GetProducts."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from product_import.costs.fetch.rates import SERVICES, Rate
from product_import.errors import UserError

REGION = "us-east-1"
"""Where the API is: it tells the prices of all regions (AWS's billing guide, "Finding services and products")."""
PAGE = 100
_DENIED = "AccessDenied"
INSTEAD = "--public reads AWS's public files instead, without credentials"


def client() -> Any | None:
    """Return a client of the API; None without boto3 or credentials.

    Raises:
        UserError: the credentials are of another form, or their profile is not there.
    """
    try:
        from product_import.doctor.account import core  # noqa: PLC0415

        import boto3  # type: ignore[import-untyped]  # noqa: PLC0415, not everybody has it
        from botocore.config import Config  # type: ignore[import-untyped]  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError  # type: ignore[import-untyped]  # noqa: PLC0415
    except ModuleNotFoundError:
        return None
    try:
        session = boto3.Session(botocore_session=core())
        if session.get_credentials() is None:
            return None
        config = Config(connect_timeout=10, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 3})
        return session.client("pricing", region_name=REGION, config=config)
    except BotoCoreError as error:
        raise UserError(f"AWS cannot be asked: {_line(error)}; {INSTEAD}.") from None


def by_api(client: Any, region: str) -> Iterator[Rate]:
    """Yield the rates of a region.

    Raises:
        UserError: AWS does not answer, or in another form.
    """
    for service in SERVICES:
        for product in _products(client, service, region):
            try:
                yield from _rates(json.loads(product), service)
            except (ValueError, LookupError, TypeError, AttributeError) as error:
                raise UserError(f"GetProducts answers in a form that AWS does not document: {error!r}.") from None


def _products(client: Any, service: str, region: str) -> Iterator[str]:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    asked: dict[str, Any] = {
        "ServiceCode": service,
        "Filters": [{"Type": "TERM_MATCH", "Field": "regionCode", "Value": region}],
        "FormatVersion": "aws_v1",
        "MaxResults": PAGE,
    }
    while True:
        try:
            answer = client.get_products(**asked)
        except ClientError as error:
            code, message = (error.response["Error"].get(name, "") for name in ("Code", "Message"))
            why = "AWS denies pricing:GetProducts" if code.startswith(_DENIED) else f"GetProducts failed: {code}"
            raise UserError(f"{why}: {message.rstrip('.')}; {INSTEAD}.") from None
        except BotoCoreError as error:
            raise UserError(f"AWS cannot be asked: {_line(error)}; {INSTEAD}.") from None
        yield from answer.get("PriceList", [])
        token = answer.get("NextToken")
        if not token:
            return
        asked["NextToken"] = token


def _rates(product: Mapping[str, Any], service: str) -> Iterator[Rate]:
    attributes = product["product"]["attributes"]
    for term in product["terms"].get("OnDemand", {}).values():
        for dimension in term["priceDimensions"].values():
            for currency, amount in dimension["pricePerUnit"].items():
                yield Rate(
                    service,
                    attributes.get("regionCode", ""),
                    attributes.get("locationType", ""),
                    attributes["usagetype"],
                    attributes.get("operation", ""),
                    attributes.get("cacheEngine", ""),
                    dimension.get("beginRange", ""),
                    dimension["unit"],
                    currency,
                    amount,
                    product["publicationDate"],
                    product["version"],
                )


def _line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
