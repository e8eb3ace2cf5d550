"""The estimate as JSON for other programs, in the form that cost.schema.json describes.

The form has its own version. A new member raises the minor part. A member that is removed or changes its meaning raises
the major part.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from product_import.costs.compare import compared, known_total
from product_import.costs.cost import Component, Estimate
from product_import.costs.estimate import ITEMS
from product_import.costs.price_list import HOURS_PER_MONTH, Price
from product_import.costs.text import FREE_TIERS, LEFT_OUT
from product_import.costs.usage import Usage

FORMAT_VERSION = "1.0"


def document(estimates: Mapping[str, Estimate], usage: Usage) -> str:
    """Return an estimate, or two and what they differ by."""
    content = {
        "format_version": FORMAT_VERSION,
        "currency": "USD",
        "hours_per_month": HOURS_PER_MONTH,
        "usage": {name: _number(value) for name, value in vars(usage).items()},
        "left_out": LEFT_OUT,
        "free_tiers": [{"amount": amount, "of": of} for amount, of in FREE_TIERS],
        "estimates": {name: _estimate(estimate) for name, estimate in estimates.items()},
        "difference": _difference(*estimates.values()) if len(estimates) > 1 else None,
    }
    return json.dumps(content, indent=2)


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return {
        "region": estimate.region,
        "complete": not estimate.not_known,
        **_usd(estimate.usd),
        "items": [
            {
                "item": item,
                "amount": next((row.amount for row in estimate.rows if row.item == item), None),
                "monthly_usd": _number(estimate.of(item)),
                "not_known": estimate.not_known.get(item, ""),
            }
            for item in ITEMS
            if item in estimate.items
        ],
        "resources": _resources(estimate),
        "prices": [_price(price) for price in dict.fromkeys(price for row in estimate.rows for price in row.prices)],
        "workers_all_month": {
            name: {"workers": limit.workers, "monthly_usd": _number(limit.usd)}
            for name, limit in estimate.limits.items()
        },
    }


def _resources(estimate: Estimate) -> list[dict[str, Any]]:
    by_address: dict[str, list[tuple[str, Component]]] = {}
    for row in estimate.rows:
        for component in row.components:
            by_address.setdefault(component.resource, []).append((row.item, component))
    return [
        {
            "address": address,
            **_usd(sum((component.usd for _, component in components), Decimal(0))),
            "components": [
                {
                    "item": item,
                    "name": component.name,
                    "quantity": _number(component.quantity),
                    "unit": component.price.unit,
                    "price": component.price.item,
                    "price_usd": _number(component.price.usd),
                    **_usd(component.usd),
                }
                for item, component in components
            ],
        }
        for address, components in by_address.items()
    ]


def _price(price: Price) -> dict[str, Any]:
    return {
        "item": price.item,
        "region": price.region,
        "usd": _number(price.usd),
        "unit": price.unit,
        "date": price.date.isoformat(),
        "confidence": price.confidence,
        "source": price.source,
    }


def _difference(old: Estimate, new: Estimate) -> dict[str, Any]:
    costs = compared(old, new)
    before, after = known_total(costs.values()) or (None, None)
    return {
        "complete": not (old.not_known or new.not_known),
        **_change(before, after),
        "items": [{"item": item, **_change(*pair)} for item, pair in costs.items()],
    }


def _change(before: Decimal | None, after: Decimal | None) -> dict[str, Any]:
    change = None if before is None or after is None else after - before
    return {"before_usd": _number(before), "after_usd": _number(after), "difference_usd": _number(change)}


def _usd(monthly: Decimal) -> dict[str, Any]:
    return {"hourly_usd": _number(monthly / HOURS_PER_MONTH), "monthly_usd": _number(monthly)}


def _number(value: Decimal | None) -> float | None:
    """Return a number of JSON; beyond 8 places it would be one of computing."""
    return None if value is None else float(round(value, 8))
