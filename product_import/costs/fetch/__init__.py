"""The prices of a region from AWS's own price list: by its API, or from its public files."""

from product_import.costs.fetch.api import by_api
from product_import.costs.fetch.files import by_files
from product_import.costs.fetch.rates import Fetched, fetched

__all__ = ["Fetched", "by_api", "by_files", "fetched"]
