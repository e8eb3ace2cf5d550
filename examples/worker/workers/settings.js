// Reads the environment once and checks it.
import { tmpdir } from "node:os";
import { join } from "node:path";

// What Secrets Manager fills. Programs that the worker starts must not inherit them.
const SECRETS = ["REDIS_URL", "DATABASE_URL", "INTEGRATION_ENCRYPTION_KEY"];

/** A variable is missing or wrong. The message never shows a secret. */
export class SettingsError extends Error {}

/**
 * @typedef {object} Settings
 * @property {"bull" | "bullmq"} library
 * @property {string} queueName
 * @property {string} queuePrefix
 * @property {number} concurrency
 * @property {number} lockMs how long a job of a worker that died stays with it
 * @property {number} stopMs from SIGTERM to SIGKILL: `stopTimeout` of the task definition
 * @property {number} giveBackMs of these, those to finish jobs
 * @property {number} exitMs of these, those to finish jobs and to give back the others
 * @property {boolean} protect whether to ask ECS to spare this task while it has jobs
 * @property {string} heartbeatFile
 * @property {URL} redis
 * @property {string} database
 * @property {string[]} secrets texts that no log may show
 */

/**
 * Read all settings and remove the secrets from the environment.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Settings}
 * @throws {SettingsError}
 */
export function takeSettings(environment) {
  const stopMs = whole(environment, "STOP_TIMEOUT_SECONDS", 60) * 1000;
  const settings = {
    library: choice(environment, "QUEUE_LIBRARY", ["bull", "bullmq"]),
    queueName: environment.QUEUE_NAME || "product-import",
    queuePrefix: environment.QUEUE_PREFIX || "bull",
    concurrency: whole(environment, "BULL_CONCURRENCY", 5),
    lockMs: whole(environment, "LOCK_SECONDS", 30) * 1000,
    stopMs,
    giveBackMs: (stopMs * 5) / 6,
    exitMs: (stopMs * 19) / 20,
    protect: environment.PROTECT_TASK === "true",
    heartbeatFile: heartbeatFile(environment),
    redis: redisUrl(environment.REDIS_URL ?? ""),
    database: environment.DATABASE_URL || "sqlite:products.db",
    secrets: SECRETS.flatMap((name) => hidden(environment[name] ?? "")),
  };
  for (const name of SECRETS) delete environment[name];
  return settings;
}

/** @param {NodeJS.ProcessEnv} environment */
export function heartbeatFile(environment) {
  return environment.HEARTBEAT_FILE || join(tmpdir(), "product-import-worker");
}

/** @param {string} text */
function redisUrl(text) {
  if (URL.canParse(text)) {
    const url = new URL(text);
    if (["redis:", "rediss:"].includes(url.protocol) && url.hostname && decoded(url.password) !== undefined) return url;
  }
  throw new SettingsError("REDIS_URL must be redis[s]://[user]:token@host[:port][/db]. Given: a value that is not shown.");
}

/**
 * A secret, and the password in it if it is a URL, as they are and percent-decoded.
 *
 * @param {string} text
 */
function hidden(text) {
  const password = URL.canParse(text) ? new URL(text).password : "";
  return [text, password, decoded(password) ?? ""].filter((each) => each !== "");
}

/** @param {string} text */
export function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * @template {string} T
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} name
 * @param {T[]} allowed the first one is the default
 */
function choice(environment, name, allowed) {
  const given = environment[name] || allowed[0];
  const found = allowed.find((each) => each === given);
  if (!found) throw new SettingsError(`${name} must be one of ${allowed.join(", ")}. Given: ${given}.`);
  return found;
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} name
 * @param {number} fallback
 */
function whole(environment, name, fallback) {
  const given = environment[name] || String(fallback);
  if (!/^[1-9][0-9]{0,4}$/.test(given)) {
    throw new SettingsError(`${name} must be a whole number from 1 to 99999. Given: ${given}.`);
  }
  return Number(given);
}
