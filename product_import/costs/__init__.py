"""What the module costs a month: prices, usage, and the computation from the planned values."""

from product_import.costs.estimate import ITEMS, Cost, monthly_costs, redis_cost, total, worker_cost
from product_import.costs.prices import HOURS_PER_MONTH, Price, Prices, read_prices
from product_import.costs.usage import Usage, read_usage

__all__ = [
    "HOURS_PER_MONTH",
    "ITEMS",
    "Cost",
    "Price",
    "Prices",
    "Usage",
    "monthly_costs",
    "read_prices",
    "read_usage",
    "redis_cost",
    "total",
    "worker_cost",
]
