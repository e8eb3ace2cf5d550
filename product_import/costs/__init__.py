"""The costs of the module per month: prices, usage, and their computation from the planned values."""

from product_import.costs.cost import Component, Cost, total
from product_import.costs.estimate import ITEMS, monthly_costs, redis_cost, worker_cost
from product_import.costs.price_list import HOURS_PER_MONTH, Price, Prices, read_prices
from product_import.costs.usage import Usage, read_usage

__all__ = [
    "HOURS_PER_MONTH",
    "ITEMS",
    "Component",
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
