"""A fake of the APIs of GitHub and GitLab, on loopback, that stores comments."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "token-of-the-tests"


@dataclass
class Comments:
    """The stored comments and the received requests; `refusal` is a status and a message for every response."""

    entries: list[dict[str, Any]]
    address: str = ""
    calls: list[tuple[str, str]] = field(default_factory=list)
    refusal: tuple[int, str] | None = None


@contextmanager
def comments(*entries: dict[str, Any], author: dict[str, Any]) -> Iterator[Comments]:
    """Serve these comments; new comments get the members of `author`."""
    kept = Comments(list(entries))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            kept.calls.append(("GET", url.path))
            if url.path == "/user":
                self._answer(author["author"])
                return
            query = parse_qs(url.query)
            page, size = int(query["page"][0]), int(query["per_page"][0])
            self._answer(kept.entries[(page - 1) * size : page * size])

        def do_POST(self) -> None:
            kept.calls.append((self.command, self.path))
            number = max((entry["id"] for entry in kept.entries), default=0) + 1
            self._write({"id": number, **author})

        def do_PUT(self) -> None:
            kept.calls.append((self.command, self.path))
            number = int(self.path.rpartition("/")[2])
            self._write(next(entry for entry in kept.entries if entry["id"] == number))

        do_PATCH = do_PUT  # noqa: N815

        def _write(self, entry: dict[str, Any]) -> None:
            entry |= json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            kept.entries = [*(each for each in kept.entries if each["id"] != entry["id"]), entry]
            self._answer(entry)

        def _answer(self, content: Any) -> None:
            given = self.headers["Authorization"] or f"Bearer {self.headers['PRIVATE-TOKEN']}"
            status, content = (200, content) if given == f"Bearer {TOKEN}" else (401, {"message": "Bad credentials"})
            if kept.refusal:
                status, content = kept.refusal[0], {"message": kept.refusal[1]}
            self.send_response(status)
            if status in range(300, 400):
                self.send_header("Location", f"{kept.address}/elsewhere")
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        kept.address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield kept
        finally:
            server.shutdown()
