"""The costs of the module per month: prices, usage, and their computation from the planned values."""

from product_import.costs.compare import compared, known_total, too_much
from product_import.costs.cost import Component, Cost, Estimate, Limit, total
from product_import.costs.document import document
from product_import.costs.estimate import ITEMS, known_costs, monthly_costs, redis_cost, worker_cost
from product_import.costs.price_list import HOURS_PER_MONTH, NoPriceError, Price, Prices, read_prices
from product_import.costs.text import text
from product_import.costs.usage import Usage, read_usage

__all__ = [
    "HOURS_PER_MONTH",
    "ITEMS",
    "Component",
    "Cost",
    "Estimate",
    "Limit",
    "NoPriceError",
    "Price",
    "Prices",
    "Usage",
    "compared",
    "document",
    "known_costs",
    "known_total",
    "monthly_costs",
    "read_prices",
    "read_usage",
    "redis_cost",
    "text",
    "too_much",
    "total",
    "worker_cost",
]
