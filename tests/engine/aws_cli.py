"""The AWS CLI for pages with many commands: imported once, since the import takes longer than what a command does."""

import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.project import write_program

# Hands its streams, arguments, folder and environment over, and takes the exit status.
_AWS = """\
import json, os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect({address!r})
socket.send_fds(server, [b"."], [0, 1, 2])
server.sendall(json.dumps([sys.argv, os.getcwd(), dict(os.environ)]).encode())
server.shutdown(socket.SHUT_WR)
sys.exit(ord(server.recv(1)))
"""


@contextmanager
def aws_cli() -> Iterator[Path]:
    """A folder for the PATH, with `aws` in it."""
    with tempfile.TemporaryDirectory() as name, socket.socket(socket.AF_UNIX) as listener:
        aws, address = Path(name, "aws"), f"{name}/socket"
        write_program(aws, _AWS.format(address=address), "-IS")
        listener.bind(address)
        listener.listen()
        command = [sys.executable, str(Path(__file__).with_name("aws_cli_server.py")), str(listener.fileno())]
        # Its standard input ends with this process, and with that itself.
        with subprocess.Popen(command, pass_fds=[listener.fileno()], stdin=subprocess.PIPE):
            yield aws.parent
