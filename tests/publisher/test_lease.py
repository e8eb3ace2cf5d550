"""How long a publisher has an interval for itself."""

from collections.abc import Callable, Mapping
from time import time

from queue_depth import lease

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


def test_a_lease_is_of_one_metric() -> None:
    """A colon or its encoding within a part does not make it another one's; without them, keys stay as they were."""
    parts = ("a", "b", "a:b", "b:c", "c", "a%3Ab", "a%")
    keys = {lease.key(environment, prefix, name) for environment in parts for prefix in parts for name in parts}
    assert len(keys) == len(parts) ** 3
    assert lease.key("staging", "bull", "product-import") == "queue-depth:staging:bull:product-import"
