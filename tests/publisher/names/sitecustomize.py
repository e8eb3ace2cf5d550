"""Resolves the host names of the file HOSTS_JSON, read anew for each look-up, as a name server would that has changed.

Python imports this before the program when this folder is on PYTHONPATH.
"""

import json
import os
import socket
from pathlib import Path

_resolve = socket.getaddrinfo


def _getaddrinfo(host: object, *arguments: object, **options: object) -> object:
    hosts = json.loads(Path(os.environ["HOSTS_JSON"]).read_text())
    return _resolve(hosts.get(host, host), *arguments, **options)  # type: ignore[arg-type]


socket.getaddrinfo = _getaddrinfo  # type: ignore[assignment]
