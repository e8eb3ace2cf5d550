"""How long CloudWatch keeps logs."""

from product_import.inputs.rules import Rule, one_of

# CloudWatch Logs API Reference, PutRetentionPolicy.
RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


def retention() -> Rule:
    """A number of days that CloudWatch knows."""
    return one_of(RETENTION_DAYS)
