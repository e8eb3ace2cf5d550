"""What becomes of a job: rows in a database, once, whatever happens on the way."""

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

from product_import.local import workers
from product_import.local.aws import object_url

import pytest

from . import events
from .conftest import System, run_node, until

OLD = {"sku": "a", "name": "old", "price_cents": 100}
NEW = {"sku": "a", "name": "new", "price_cents": 200}


@pytest.fixture
def products(system: System) -> sqlite3.Connection:
    return sqlite3.connect(system.folder / "products.db")


def test_the_rows_of_an_object_in_s3_become_products(system: System, products: sqlite3.Connection) -> None:
    """The job is there until it is done, and Redis keeps only some of those that are."""
    system.add(object_url("one", 0))
    options = json.loads(system.job()["opts"])
    assert options["removeOnComplete"] == {"age": 3600, "count": 1000}
    assert options["attempts"] == 5
    worker = system.start()
    assert worker.wait_for("job done")["rows"] == 20
    assert products.execute("select * from products where sku = 'one-7'").fetchall() == [("one-7", "Product 7", 107, 1)]


def test_the_same_import_is_one_job_and_later_changes_nothing(system: System, products: sqlite3.Connection) -> None:
    """The key of the import is the job's id; when Redis has lost the job, the database still knows the key."""
    source = system.rows(OLD, {"sku": "b", "name": "b", "price_cents": 1}, OLD)
    system.add(source, source)
    worker = system.start()
    assert worker.wait_for("job done")["rows"] == 2
    products.execute("update products set name = 'edited' where sku = 'b'")
    products.commit()
    system.group.client.flushall()
    system.add(source)
    assert worker.wait_for("job done", 2)["repeated"]
    assert products.execute("select name from products order by sku").fetchall() == [("old",), ("edited",)]


def test_two_workers_may_finish_the_same_import(tmp_path: Path, worker_packages: Path) -> None:  # noqa: ARG001
    """The one that lost its lock does not fail."""
    done = run_node(
        """
        import { openStore } from "SOURCES/store.js";
        const store = await openStore("sqlite:products.db", 1, console.error);
        await store.finish("key");
        await store.finish("key");
        console.log(await store.isFinished("key"), await store.isFinished("other"));
        """,
        tmp_path,
    )
    assert (done.stdout, done.stderr) == ("true false\n", "")


def test_an_older_version_never_replaces_a_newer_one(system: System, products: sqlite3.Connection) -> None:
    """Jobs of the same product may run in any order."""
    worker = system.start()
    system.add(system.rows(NEW, name="new"), version=2)
    worker.wait_for("job done")
    system.add(system.rows(OLD, name="old"), version=1)
    worker.wait_for("job done", 2)
    assert products.execute("select name, version from products").fetchall() == [("new", 2)]


@pytest.mark.parametrize("library", ["bull"], indirect=True)
def test_rows_go_to_postgres(system: System, postgres: str) -> None:
    """The same rules hold there; several workers create the tables at the same time."""
    first, second = (system.start(DATABASE_URL=postgres) for _ in range(2))
    system.add(system.rows(NEW, OLD, NEW, name="new"), version=2)
    until(lambda: first.events("job done") or second.events("job done"))
    system.add(system.rows(OLD, name="old"), object_url("one", 0), version=1)
    until(lambda: len(first.events("job done")) + len(second.events("job done")) == 3)
    system.group.client.flushall()
    system.add(system.rows(NEW, name="new"), version=2)
    until(lambda: len(first.events("job done")) + len(second.events("job done")) == 4)
    done = first.events("job done") + second.events("job done")
    assert sorted((line["rows"], line["repeated"]) for line in done) == [(0, True), (1, False), (1, False), (20, False)]
    assert "error" not in {line["level"] for log in (first, second) for line in log.lines}


@pytest.fixture
def postgres(worker_packages: Path) -> Iterator[str]:
    """PostgreSQL, compiled to WebAssembly."""
    command = [workers.node(), str(Path(__file__).with_name("postgres.mjs")), str(worker_packages)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield f"postgres://postgres:postgres@127.0.0.1:{process.stdout.readline().strip()}/postgres"
        process.kill()


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ('{"sku": "a", "name": "a", "price_cents": 1}\n{"sku": ""}\n', "line 2: must have the texts sku and name"),
        ("not JSON\n", "line 1: must be JSON"),
    ],
)
def test_a_wrong_row_fails_the_job_at_once(system: System, rows: str, complaint: str) -> None:
    """No retry can help. The log names the line."""
    (system.folder / "wrong.ndjson").write_text(rows)
    system.add((system.folder / "wrong.ndjson").as_uri())
    worker = system.start()
    assert complaint in worker.wait_for("job failed")["error"]
    until(lambda: system.group.client.zcard("bull:product-import:failed") == 1)
    assert len(worker.events("job started")) == 1


def test_a_missing_object_is_tried_again(system: System) -> None:
    """It may come later: the job waits for its next attempt."""
    system.add("s3://products/missing.ndjson")
    worker = system.start()
    worker.wait_for("job failed")
    until(lambda: system.group.client.zcard("bull:product-import:delayed") == 1)


def test_no_job_is_lost(worker_packages: Path, library: str) -> None:  # noqa: ARG001
    """Through random SIGTERM, crashes and failovers: `python -m tests.worker.events` makes more of them."""
    outcome = events.run(6, library, seed=1)
    assert set(outcome.events) == {"SIGTERM", "crash", "failover", "switch"}
    assert (outcome.lost, outcome.failed) == (0, 0)
