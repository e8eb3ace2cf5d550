"""The process of aws_cli.py: runs each command in a fork. Its argument is the number of a socket that listens."""

import json
import os
import select
import signal
import socket
import sys

import awscli.clidriver  # type: ignore[import-untyped]
import awscli.handlers  # type: ignore[import-untyped] # the driver's, which it would import in each fork


def serve(listener: socket.socket) -> None:
    """Until standard input ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while listener in select.select([listener, sys.stdin], [], [])[0]:
        connection, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            run(connection)
            return
        connection.close()


def run(connection: socket.socket) -> None:
    """A command as a process of its own would."""
    _, streams, _, _ = socket.recv_fds(connection, 1, 3)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    sys.argv, folder, environment = json.loads(b"".join(iter(lambda: connection.recv(1 << 16), b"")))
    os.chdir(folder)
    # Set by the import: where the CLI's own data is.
    environment.setdefault("AWS_DATA_PATH", os.environ["AWS_DATA_PATH"])
    os.environ.clear()
    os.environ.update(environment)
    try:
        status = awscli.clidriver.main()
    except SystemExit as end:
        status = end.code
    sys.stdout.flush()
    connection.sendall(bytes([status]))


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
