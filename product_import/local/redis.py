"""A primary and a replica of Redis with TLS and a token on loopback ports, as ElastiCache has them."""

import secrets
import shutil
import socket
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

from product_import.checkout import PROJECT
from product_import.errors import UserError
from product_import.local.certificate import certify
from product_import.local.processes import Processes, kill

import redis

ADDRESS = "127.0.0.1"
_PATIENCE_SECONDS = 60
_SET_UP = PROJECT / "tests/publisher/.redis/bin/redis-server"


def program() -> str:
    """The server's program: the one that `make` sets up, else the one on the PATH.

    Raises:
        UserError: there is none.
    """
    found = shutil.which(_SET_UP) or shutil.which("redis-server")
    if found is None:
        raise UserError(
            "redis-server is missing. Redis 7 with TLS is needed. On Debian and Ubuntu, `make local` gets it; "
            "elsewhere install it so that it is on the PATH, for example with `brew install redis`."
        )
    return found


class RedisGroup:
    """Redis as the workers see it: one endpoint that leads to the primary, whichever server this is.

    Attributes:
        token: what clients log in with.
        url: the endpoint with the token, as in the secret of the module.
        ca: the authority that signed the certificate.
    """

    def __init__(self, folder: Path, processes: Processes) -> None:
        self._folder, self._processes = folder, processes
        self._program = program()
        self.token = f"{secrets.token_hex(16)}!&#$^<>-"
        self.ca = certify(folder, ADDRESS, "localhost")
        self._port = _free_port()
        self.url = f"rediss://:{quote(self.token, safe='')}@{ADDRESS}:{self._port}"
        self._servers = 0
        self._retired: _Server | None = None
        self._primary = self._server(self._port)
        self._add_replica()

    @property
    def client(self) -> "redis.Redis":
        """A client of the primary."""
        return self._primary.client

    def fail_over(self) -> None:
        """Let the primary die. The replica takes its place, and a new replica follows it."""
        kill(self._primary.process)
        self._promote()

    def switch(self) -> None:
        """Make the replica the primary. The old one stays and refuses writes on its open connections (READONLY)."""
        old = self._primary
        # A server without a port keeps its connections (redis, src/config.c, updatePort).
        old.client.config_set("tls-port", 0)
        old.client.replicaof(ADDRESS, self._replica.port)
        self._promote()
        self._retired = old

    def stop(self) -> None:
        """Let all servers die."""
        for server in (self._primary, self._replica):
            kill(server.process)

    def _promote(self) -> None:
        if self._retired:
            kill(self._retired.process)
            self._retired = None
        promoted = self._replica
        promoted.client.replicaof("NO", "ONE")
        # Only now, as the endpoint's name leads to a new primary when it is one.
        _until(lambda: self._takes_port(promoted))
        self._primary = promoted
        self._add_replica()

    def _takes_port(self, server: "_Server") -> bool:
        try:
            server.client.config_set("tls-port", self._port)
        except redis.ResponseError:  # the port of the dead server is not free yet
            return False
        server.port = self._port
        return True

    def _add_replica(self) -> None:
        self._replica = self._server(_free_port())
        self._replica.client.replicaof(ADDRESS, self._port)
        _until(lambda: self._replica.client.info("replication").get("master_link_status") == "up")

    def _server(self, port: int) -> "_Server":
        self._servers += 1
        folder, name = self._folder, f"redis-{self._servers}"
        control = folder / f"{name}.sock"
        configuration = folder / f"{name}.conf"
        # In a file that others cannot read, since the list of processes shows arguments.
        configuration.touch(mode=0o600)
        configuration.write_text(
            f"bind {ADDRESS}\nport 0\ntls-port {port}\ntls-auth-clients no\ntls-replication yes\n"
            f'tls-cert-file "{folder}/redis.pem"\ntls-key-file "{folder}/redis.key"\n'
            f'tls-ca-cert-file "{folder}/ca.pem"\n'
            f'requirepass "{self.token}"\nmasterauth "{self.token}"\nunixsocket "{control}"\nunixsocketperm 700\n'
            f'dir "{folder}"\nsave ""\nmaxmemory-policy noeviction\nrepl-diskless-sync-delay 0\n'
        )
        with (folder / f"{name}.log").open("wb") as log:
            process = self._processes.start([self._program, configuration], {}, folder=folder, output=log)
        client = redis.Redis(unix_socket_path=str(control), password=self.token, decode_responses=True)
        server = _Server(port, process, client)
        _until(server.answers)
        return server


@dataclass
class _Server:
    """One server, and a client that controls it through a socket in the folder, on whichever port it listens."""

    port: int
    process: "subprocess.Popen[str]"
    client: "redis.Redis"

    def answers(self) -> bool:
        if self.process.poll() is not None:
            raise UserError(f"redis-server ended with status {self.process.returncode}: Redis 7 with TLS is needed.")
        with suppress(redis.ConnectionError):
            return bool(self.client.ping())
        return False


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((ADDRESS, 0))
        port: int = found.getsockname()[1]
        return port


def _until(is_so: Callable[[], object]) -> None:
    patience = monotonic() + _PATIENCE_SECONDS
    while not is_so():
        if monotonic() > patience:
            raise UserError("Redis did not answer within a minute. The machine may be too busy: try again.")
        sleep(0.02)
