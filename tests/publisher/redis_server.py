"""Real Redis servers on loopback addresses."""

import shutil
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

import pytest
import redis


def binary() -> str | None:
    """The server's program: the one that `make` set up, else the system's."""
    return shutil.which(str(Path(__file__).parent / ".redis/bin/redis-server")) or shutil.which("redis-server")


def free_port(*addresses: str) -> int:
    """A port that nobody listens on, the same for all addresses."""
    with socket.socket() as first:
        first.bind((addresses[0], 0))
        port: int = first.getsockname()[1]
        for address in addresses[1:]:
            with socket.socket() as other:
                other.bind((address, port))
        return port


@dataclass
class RedisServer:
    """One server; its data stay in `folder` from a start to the next one."""

    folder: Path
    options: tuple[str, ...] = ()
    address: str = "127.0.0.1"
    tls: bool = False
    port: int = field(default_factory=lambda: free_port("127.0.0.1"))
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://{self.address}:{self.port}"

    @property
    def client(self) -> redis.Redis:
        return self.login(None)

    def login(self, token: str | None) -> redis.Redis:
        return redis.Redis(host=self.address, port=self.port, password=token, decode_responses=True, protocol=2)

    def start(self) -> None:
        """Return when the server takes connections."""
        program = binary()
        assert program
        self.folder.mkdir(exist_ok=True)
        command = [program, "--bind", self.address, "--dir", str(self.folder), "--save", ""]
        # A server with TLS has no other port.
        command += ["--tls-port", str(self.port), "--port", "0"] if self.tls else ["--port", str(self.port)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([*command, *self.options], stdout=log, stderr=log)
        patience = monotonic() + 60
        while True:
            try:
                socket.create_connection((self.address, self.port)).close()
            except OSError:
                assert self.process.poll() is None, (self.folder / "log").read_text()
                assert monotonic() < patience
                sleep(0.01)
            else:
                return

    def kill(self) -> None:
        """End the server at once, as a crash does."""
        assert self.process
        self.process.kill()
        self.process.wait()


def waiting(server: RedisServer, jobs: int, name: str = "product-import") -> None:
    """Make the queue consist of this many waiting jobs."""
    server.client.delete(f"bull:{name}:wait")
    server.client.rpush(f"bull:{name}:wait", *range(1, jobs + 1))


def fail_to_save(server: RedisServer) -> None:
    """Let the server refuse writes because its last snapshot failed."""
    dump = server.folder / "dump.rdb"
    dump.mkdir()
    (dump / "in-the-way").touch()
    server.client.config_set("save", "3600 1")
    server.client.bgsave()
    patience = monotonic() + 60
    while server.client.info("persistence")["rdb_last_bgsave_status"] == "ok":
        assert monotonic() < patience
        sleep(0.01)


def fill(server: RedisServer) -> None:
    """Let the server refuse writes for want of memory."""
    server.client.config_set("maxmemory-policy", "noeviction")
    server.client.set("filler", bytes(1_000_000))
    server.client.config_set("maxmemory", "1mb")
    with pytest.raises(redis.exceptions.OutOfMemoryError):
        server.client.set("another", "")
