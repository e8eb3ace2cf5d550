// Adds imports to the queue: `node enqueue.js SOURCE VERSION`, or such a pair in each line of the standard input.
import { createInterface } from "node:readline";
import Bull from "bull";
import { Queue } from "bullmq";
import { keyOf } from "./import.js";
import { createLog } from "./log.js";
import { redisOptions } from "./redis.js";
import { SettingsError, takeSettings } from "./settings.js";

// The same import is added once while its job is there, and is skipped by its key in the database afterwards.
const OPTIONS = {
  attempts: 5,
  backoff: { type: "exponential", delay: 1000 },
  // Redis has no room for all the jobs that ever were.
  removeOnComplete: { age: 3600, count: 1000 },
  removeOnFail: { age: 7 * 24 * 3600, count: 10_000 },
};

/** @param {string} line */
function parse(line) {
  const [source, version, ...more] = line.trim().split(/\s+/);
  if (!source || !/^[0-9]{1,15}$/.test(version ?? "") || more.length > 0) {
    throw new SettingsError(`an import must be SOURCE VERSION, the version a whole number. Given: ${line}.`);
  }
  const data = { source, version: Number(version) };
  return { name: "import", data, opts: { ...OPTIONS, jobId: keyOf(data) } };
}

try {
  const settings = takeSettings(process.env);
  const given = process.argv.length > 2 ? [process.argv.slice(2).join(" ")] : createInterface({ input: process.stdin });
  const jobs = [];
  for await (const line of given) jobs.push(parse(line));
  const connection = redisOptions(settings.redis);
  const queue =
    settings.library === "bull"
      ? new Bull(settings.queueName, { prefix: settings.queuePrefix, redis: connection })
      : new Queue(settings.queueName, { prefix: settings.queuePrefix, connection });
  queue.on("error", (/** @type {Error} */ error) => createLog(settings.secrets).error("queue", { error }));
  await /** @type {{ addBulk(jobs: object[]): Promise<unknown> }} */ (queue).addBulk(jobs);
  await queue.close();
  createLog(settings.secrets).info("added", { imports: jobs.length });
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 2;
}
