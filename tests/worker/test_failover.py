"""A worker finds Redis again, wherever the endpoint leads."""

import json
from collections.abc import Callable

from product_import.local.redis import RedisGroup

import pytest

from .conftest import System

NAMES = """
import dns from "node:dns";
import { readFileSync } from "node:fs";
// Resolves names as the file says, and no others.
dns.lookup = (name, options, callback) => {
  const address = JSON.parse(readFileSync(process.env.HOSTS_JSON, "utf-8"))[name];
  const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: "ENOTFOUND" });
  setImmediate(() => (address ? callback(null, options.all ? [{ address, family: 4 }] : address, 4) : callback(error)));
};
"""


@pytest.mark.parametrize("change", [RedisGroup.fail_over, RedisGroup.switch], ids=["failover", "READONLY"])
def test_a_worker_follows_the_primary(system: System, change: Callable[[RedisGroup], None]) -> None:
    """The old primary is gone, or still there and refuses writes: the next jobs are done."""
    worker = system.start()
    system.add(system.rows({"sku": "a", "name": "a", "price_cents": 1}))
    worker.wait_for("job done")
    change(system.group)
    system.add(system.rows({"sku": "a", "name": "a", "price_cents": 1}), version=2)
    worker.wait_for("job done", 2)
    assert worker.stop() == 0


def test_a_name_that_does_not_resolve_is_asked_for_again(system: System) -> None:
    """ENOTFOUND while the endpoint's record changes ends no worker."""
    hosts = system.folder / "hosts.json"
    hosts.write_text("{}")
    (system.folder / "names.mjs").write_text(NAMES)
    url = system.group.url.replace("127.0.0.1", "localhost")
    worker = system.start(
        REDIS_URL=url,
        HOSTS_JSON=str(hosts),
        NODE_OPTIONS=f"--import {(system.folder / 'names.mjs').as_uri()} --disable-warning=ExperimentalWarning",
    )
    assert "ENOTFOUND" in worker.wait_for("queue")["error"]
    system.add(system.rows({"sku": "a", "name": "a", "price_cents": 1}))
    moved = hosts.with_suffix(".new")
    moved.write_text(json.dumps({"localhost": "127.0.0.1"}))
    moved.replace(hosts)
    worker.wait_for("job done")
