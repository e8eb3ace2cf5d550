// Shows the health check that the event loop runs and Redis answers.
import { statSync, utimesSync, writeFileSync } from "node:fs";

const EVERY_MS = 5000;
// As long as a failover of ElastiCache may take. ECS adds three failed checks, 30 seconds apart, before it stops the task.
const TOO_OLD_MS = 60_000;

/**
 * Touch a file every few seconds for as long as Redis answers.
 *
 * @param {string} file
 * @param {() => Promise<unknown>} ping resolves when Redis answered
 */
export function beat(file, ping) {
  const touch = heartbeat(file, ping);
  touch();
  setInterval(touch, EVERY_MS).unref();
}

/**
 * A function that touches a file if Redis answers.
 *
 * @param {string} file
 * @param {() => Promise<unknown>} ping
 */
export function heartbeat(file, ping) {
  let waiting = false;
  return async () => {
    // A ping waits while the connection is away.
    if (waiting) return;
    waiting = true;
    try {
      await ping();
      const now = new Date();
      writeFileSync(file, "", { flag: "a" });
      utimesSync(file, now, now);
    } catch {
      // The file grows old.
    } finally {
      waiting = false;
    }
  };
}

/**
 * Say why the worker is not healthy; undefined if it is.
 *
 * @param {string} file
 * @param {number} [now]
 */
export function complaint(file, now = Date.now()) {
  const touched = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (touched === undefined) return `no heartbeat yet in ${file}`;
  const age = now - touched;
  return age > TOO_OLD_MS ? `last heartbeat ${Math.round(age / 1000)} s ago` : undefined;
}
