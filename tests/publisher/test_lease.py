"""How long a publisher has an interval for itself."""

from collections.abc import Callable, Mapping
from time import time

from .program import Program, interval_from
from .redis_server import RedisServer, waiting


def test_a_lease_ends_before_its_interval_does(
    redis_servers: Callable[..., RedisServer], variables: Mapping[str, str], start: Callable[..., Program]
) -> None:
    """It outlives the last try of the others, and lets the next interval have its data point."""
    redis = redis_servers()
    waiting(redis, 1)
    begin = time()
    publisher = start({**variables, "REDIS_URL": redis.url, "INTERVAL": "60"}, patches=interval_from(begin))
    publisher.log.lines_until("published")
    [key] = redis.client.scan_iter("queue-depth:*")
    assert 54 < redis.client.pexpiretime(key) / 1000 - begin < 60
