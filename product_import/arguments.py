"""Arguments that several commands have."""

import argparse
from decimal import Decimal, InvalidOperation


def amount(text: str) -> Decimal:
    """A number of workers or of US dollars on the command line."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or number < 0:
        raise argparse.ArgumentTypeError(f"must be a number of at least 0. Given: {text}")
    return number
