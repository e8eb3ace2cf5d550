"""What the publisher leaves out beside one that fails, and what it takes in the long run."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.publisher.program import Log, Program
from tests.publisher.redis_server import RedisServer, free_port, waiting

PUBLISHER = Path(__file__).parents[2] / "publisher"
INTERVALS = 25
CYCLES = 10_000

# Prints processor seconds, memory and open files after a tenth of the cycles and after all of them.
MANY_CYCLES = """
import json, os, sys, threading, time
from queue_depth.connection import connect
from queue_depth.heartbeat import Pulse
from queue_depth.loop import _Publisher
from queue_depth.settings import Settings
settings = Settings.from_environment(os.environ)
publisher = _Publisher(settings, settings.queue_names[0], Pulse(settings.interval))
stop = threading.Event()
with connect(settings.redis) as redis:
    for cycle in range(1, {cycles} + 1):
        redis.flushdb()
        redis.rpush(f"bull:{{settings.queue_names[0]}}:wait", cycle)
        publisher.serve(time.time(), stop)
        if cycle in ({cycles} // 10, {cycles}):
            pages = int(open("/proc/self/statm").read().split()[1])
            memory, files = pages * os.sysconf("SC_PAGESIZE"), len(os.listdir("/proc/self/fd"))
            print(json.dumps([time.process_time(), memory, files]))
"""


class CloudWatch(BaseHTTPRequestHandler):
    """Takes every data point."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in two packets would wait for the first one's acknowledgement
    status = 200

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({} if self.status == 200 else {"__type": "AccessDenied", "message": "refused"}).encode()
        self.send_response(self.status)
        self.send_header("x-amzn-RequestId", "bench")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Refusing(CloudWatch):
    status = 403


class Hanging(CloudWatch):
    def do_POST(self) -> None:
        time.sleep(600)


@contextmanager
def served(handler: type[CloudWatch]) -> Iterator[str]:
    """The URL of a CloudWatch."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads, server.block_on_close = True, False
    # A publisher that is killed leaves its connection, which is no news here.
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def missing(variables: Mapping[str, str], endpoints: list[str]) -> float:
    """The share of intervals without a data point, of publishers that each have an endpoint of CloudWatch."""
    log = Log()
    publishers = [Program({**variables, "AWS_ENDPOINT_URL": endpoint}, log) for endpoint in endpoints]
    log.lines_until("published")
    first = int(time.time()) + 1
    time.sleep(first + INTERVALS + 1 - time.time())
    for publisher in publishers:
        publisher.kill()
    times = (datetime.fromisoformat(line["time"]) for _, line in log.queue if line["event"] == "published")
    seconds = {int(each.timestamp()) for each in times}
    return 1 - len(seconds & set(range(first, first + INTERVALS))) / INTERVALS


def figures() -> Iterator[tuple[str, float, str]]:
    """Label, ratio and what it is meant to be."""
    with tempfile.TemporaryDirectory() as folder, served(CloudWatch) as good, served(Refusing) as refusing:
        redis = RedisServer(Path(folder))
        redis.start()
        waiting(redis, 3, "bench")
        variables = {
            "PATH": os.environ["PATH"],
            "REDIS_URL": redis.url,
            "QUEUE_NAME": "bench",
            "ENVIRONMENT": "bench",
            "INTERVAL": "1",
            "HEARTBEAT_FILE": f"{folder}/heartbeat",
            "AWS_REGION": "eu-west-1",
            "AWS_ENDPOINT_URL": good,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }
        nobody = f"http://127.0.0.1:{free_port('127.0.0.1')}"
        with served(Hanging) as hanging:
            for label, bad in (("refused", refusing), ("that reaches nobody", nobody), ("that hangs", hanging)):
                yield f"missing data points beside one {label}", missing(variables, [good, bad]), "at most 0.04"
        yield "missing data points of three, one refused", missing(variables, [good, good, refusing]), "at most 0.04"
        done = subprocess.run(
            (sys.executable, "-c", MANY_CYCLES.format(cycles=CYCLES)),
            cwd=PUBLISHER,
            env=variables,
            capture_output=True,
            text=True,
            check=True,
        )
        (cpu, memory, files), (all_cpu, all_memory, all_files) = (json.loads(line) for line in done.stdout.splitlines())
        milliseconds = 1000 * (all_cpu - cpu) / (CYCLES - CYCLES // 10)
        print(f"  publisher: {milliseconds:.1f} ms of processor a data point, {all_memory / 2**20:.0f} MiB in memory")
        yield f"memory, after {CYCLES:,} cycles to after {CYCLES // 10:,}", all_memory / memory, "at most 1.05"
        yield f"open files, after {CYCLES:,} cycles to after {CYCLES // 10:,}", all_files / files, "1"
        redis.kill()
