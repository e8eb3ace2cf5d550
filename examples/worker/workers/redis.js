// How to connect to Redis, and to reconnect after a failover.
import { decoded } from "./settings.js";

// A primary that became a replica, or cannot serve for now. The connection is made anew, which resolves the name of the
// endpoint again, and the command is sent again.
const ELSEWHERE = /^(READONLY|LOADING|MASTERDOWN|UNBLOCKED)/;

/**
 * Options of ioredis, which Bull and BullMQ connect with.
 *
 * @param {URL} url
 * @returns {import("ioredis").RedisOptions}
 */
export function redisOptions(url) {
  return {
    host: url.hostname,
    port: Number(url.port || 6379),
    db: Number(url.pathname.slice(1) || 0),
    username: decoded(url.username) || undefined,
    password: decoded(url.password) || undefined,
    // Verifies the certificate against Node's authorities and those in NODE_EXTRA_CA_CERTS.
    ...(url.protocol === "rediss:" && { tls: {} }),
    // A command waits for the connection to come back. With a limit, a job that is finished during a failover would count
    // as failed.
    maxRetriesPerRequest: null,
    // Bull requires it for its blocking connections.
    enableReadyCheck: false,
    // Also after ENOTFOUND and ECONNREFUSED, for ever: the health check decides when it is enough.
    retryStrategy: (attempt) => Math.min(attempt * 100, 2000) * (0.5 + Math.random() / 2),
    reconnectOnError: (error) => (ELSEWHERE.test(error.message) ? 2 : false),
    connectTimeout: 5000,
    keepAlive: 10_000,
    // A failover may leave a connection that nobody answers any more and nobody closes. Blocking commands of Bull and
    // BullMQ take 10 seconds at most.
    socketTimeout: 30_000,
  };
}
