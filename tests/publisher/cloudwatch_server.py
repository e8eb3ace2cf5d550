"""Moto as CloudWatch, on a loopback port; it can be told to refuse calls."""

import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

REGION = "eu-west-1"


def refusal(status: int, code: str) -> Response:
    """An error in the words of CloudWatch's protocol."""
    body = json.dumps({"__type": code, "message": "refused by the test"})
    return Response(body, status, content_type="application/x-amz-json-1.0")


@dataclass
class CloudWatch:
    """What was called, what is stored."""

    refusals: list[Response] = field(default_factory=list)
    """The answers to the next calls; moto answers all further ones."""
    calls: list[tuple[str, str]] = field(default_factory=list)
    """Service by its name in the signature, and operation."""

    def __post_init__(self) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever)

    def _answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        request = Request(environ)
        service = request.headers["Authorization"].split("/")[3]
        self.calls.append((service, request.headers["X-Amz-Target"].partition(".")[2]))
        if self.refusals:
            request.get_data()
            return self.refusals.pop(0)(environ, start_response)
        answer: Iterable[bytes] = self._moto(environ, start_response)
        return answer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def data(self) -> list[Any]:
        """The data points as moto holds them: namespace, name, value, dimensions, timestamp, unit."""
        points: list[Any] = get_backend("cloudwatch")[DEFAULT_ACCOUNT_ID][REGION].metric_data
        return list(points)

    def reset(self) -> None:
        self.refusals.clear()
        self.calls.clear()
        get_backend("cloudwatch").reset()

    def start(self) -> None:
        """Return when a first call was answered: moto loads what it needs then, longer than a publisher would wait."""
        self._thread.start()
        client = boto3.client(
            "cloudwatch",
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(read_timeout=600),
        )
        client.put_metric_data(Namespace="first", MetricData=[{"MetricName": "first", "Value": 1}])

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
