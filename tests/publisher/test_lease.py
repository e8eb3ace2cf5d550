"""How long a publisher has an interval for itself."""

from collections.abc import Callable, Mapping

from .program import Program
from .redis_server import RedisServer, waiting


def test_a_lease_ends_before_its_interval_does(
    redis_servers: Callable[..., RedisServer], variables: Mapping[str, str], start: Callable[..., Program]
) -> None:
    """It outlives the last try of the others, and lets the next interval have its data point."""
    redis = redis_servers()
    waiting(redis, 1)
    publisher = start({**variables, "REDIS_URL": redis.url, "INTERVAL": "20"})
    publisher.log.lines_until("published")
    [key] = redis.client.scan_iter("queue-depth:*")
    expiry_in_milliseconds = redis.client.pexpiretime(key)
    # The clock's multiples of 20 seconds are where intervals begin.
    assert 18_000 < expiry_in_milliseconds % 20_000 < 20_000
