"""The costs of a month, computed from the module's planned values."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from product_import.costs import cloudwatch, logs, redis, workers
from product_import.costs.cost import Component, Cost, Estimate, Limit
from product_import.costs.planned import Planned, address, number, region
from product_import.costs.price_list import NoPriceError, Prices
from product_import.costs.usage import Usage


def monthly_costs(module: Planned, usage: Usage, prices: Prices) -> list[Cost]:
    """Return a row for each kind of thing that AWS charges for.

    Data transfer, NAT, API requests and the logs of Container Insights are left out.

    Raises:
        UserError: a price is not known, or an input is wrong.
    """
    return [cost for estimate in ITEMS.values() if (cost := estimate(module, usage, prices)) is not None]


def known_costs(module: Planned, usage: Usage, prices: Prices) -> Estimate:
    """Return the rows whose prices are known, and why the others are not.

    Raises:
        UserError: no price is known, or an input is wrong.
    """
    rows, errors = [], {}
    for item, estimate in ITEMS.items():
        try:
            cost = estimate(module, usage, prices)
        except NoPriceError as error:
            errors[item] = error
        else:
            rows += [cost] if cost else []
    if errors and not any(row.usd for row in rows):
        raise next(iter(errors.values()))
    return Estimate(
        region(module),
        tuple(rows),
        {item: error.reason for item, error in errors.items()},
        {"minimum": _limit(module, "min", prices), "maximum": _limit(module, "max", prices)},
    )


def _limit(module: Planned, name: str, prices: Prices) -> Limit:
    count = number(module.resource(*workers.TARGET), f"{name}_capacity")
    try:
        usd = worker_cost(module, count, prices)
    except NoPriceError:
        usd = None
    return Limit(int(count), usd)


def worker_cost(module: Planned, count: Decimal, prices: Prices) -> Decimal:
    """Return US dollars per month for a number of workers that run all the time.

    Raises:
        UserError: their price is not known.
    """
    return workers.running(module, count, prices).usd


def redis_cost(module: Planned, prices: Prices) -> Decimal:
    """Return US dollars per month for the nodes of Redis.

    Raises:
        UserError: the price of the node type is not known.
    """
    return redis.nodes(module, None, prices).usd


_SECRET = "aws_secretsmanager_secret"


def _secrets(module: Planned, _: Usage, prices: Prices) -> Cost:
    price, found = prices.of("secret", region(module)), module.resources(_SECRET)
    components = (
        Component(address(_SECRET, name, secret), "secret", Decimal(1), price) for name, secret in found.items()
    )
    return Cost("Secrets", f"{len(found)} of this module", tuple(components))


ITEMS: Mapping[str, Callable[[Planned, Usage, Prices], Cost | None]] = {
    "Redis": redis.nodes,
    "Snapshots": redis.snapshots,
    "Workers": workers.on_average,
    "Alarms": cloudwatch.alarms,
    "Scaling alarms": cloudwatch.scaling_alarms,
    "Custom metrics": cloudwatch.custom_metrics,
    "Container Insights": cloudwatch.container_insights,
    "Dashboards": cloudwatch.dashboards,
    "Logs ingested": logs.ingested,
    "Logs stored": logs.stored,
    "Log queries": logs.queried,
    "Secrets": _secrets,
}
"""The rows in the order of the estimate; a function returns None where the module has nothing of a kind."""
