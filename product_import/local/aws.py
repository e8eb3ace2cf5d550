"""The two calls of AWS that the publisher and the workers make, PutMetricData and GetObject, on a loopback port."""

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

_ROWS = 20
_OBJECT = re.compile(r"/[^/]+/([0-9.]+)-seconds/([\w-]+)\.ndjson(?:\?.*)?")


@dataclass(frozen=True)
class DataPoint:
    """A value of a metric, at a time in seconds since 1970."""

    name: str
    value: float
    time: float


def object_url(name: str, seconds: float) -> str:
    """An object of product rows whose download takes so long: a worker that imports it sleeps."""
    return f"s3://products/{seconds:g}-seconds/{name}.ndjson"


class Aws:
    """The server. A context manager."""

    def __init__(self) -> None:
        self._points: list[DataPoint] = []
        self._stopping = threading.Event()
        self._server = _Server(self._points, self._stopping)

    def __enter__(self) -> "Aws":
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def points(self) -> list[DataPoint]:
        """All data points so far, in the order of the calls."""
        return list(self._points)

    @property
    def variables(self) -> Mapping[str, str]:
        """What leads AWS's clients here."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self._server.server_port}",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
        }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # As many downloads may begin at once as all workers take jobs.
    request_queue_size = 128

    def __init__(self, points: list[DataPoint], stopping: threading.Event) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.points, self.stopping = points, stopping

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: clients end downloads when they stop."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self) -> None:
        call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        for each in call["MetricData"]:
            self.server.points.append(DataPoint(each["MetricName"], float(each["Value"]), float(each["Timestamp"])))
        self._head(200, "application/x-amz-json-1.0", 2)
        self.wfile.write(b"{}")

    def do_GET(self) -> None:
        found = _OBJECT.fullmatch(self.path)
        if not found:
            self._head(404, "application/xml", 0)
            return
        rows = [
            json.dumps({"sku": f"{found[2]}-{row}", "name": f"Product {row}", "price_cents": 100 + row}) + "\n"
            for row in range(_ROWS)
        ]
        body = "".join(rows).encode()
        self._head(200, "application/x-ndjson", len(body))
        self.wfile.write(body[:-1])
        self.wfile.flush()
        self.server.stopping.wait(float(found[1]))
        self.wfile.write(body[-1:])

    def _head(self, status: int, kind: str, length: int) -> None:
        self.send_response(status)
        # Clients take an answer without one for that of a proxy.
        for name in ("x-amzn-RequestId", "x-amz-request-id"):
            self.send_header(name, "local")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing."""
