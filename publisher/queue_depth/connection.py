"""The connection to Redis."""

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from .settings import RedisServer

_TIMEOUT_SECONDS = 5


def connect(server: RedisServer) -> Redis:
    """A client that connects at its first command, verifies the server's certificate and does not retry.

    Made anew for each measurement, so that the host's name is resolved each time: after a failover the
    name leads to the new primary. SSL_CERT_FILE names other certificates than the system's to trust.
    """
    return Redis(
        host=server.host,
        port=server.port,
        db=server.db,
        username=server.username,
        password=server.password,
        ssl=server.tls,
        socket_timeout=_TIMEOUT_SECONDS,
        socket_connect_timeout=_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
        # Redis 7.0 knows neither CLIENT SETINFO nor the notifications that come with RESP 3.
        protocol=2,
        driver_info=None,
        decode_responses=True,
        # Of a job that an application made: no reason not to measure.
        encoding_errors="replace",
    )
