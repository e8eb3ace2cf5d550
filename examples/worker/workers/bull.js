// Takes jobs from a queue of Bull 4.
import Bull from "bull";
import { Interrupted } from "./import.js";
import { redisOptions } from "./redis.js";
import { InvalidImport } from "./rows.js";

/** @type {import("./consumer.js").Consume} */
export function consume(settings, run, log, onError) {
  const queue = new Bull(settings.queueName, {
    prefix: settings.queuePrefix,
    redis: redisOptions(settings.redis),
    settings: {
      lockDuration: settings.lockMs,
      stalledInterval: settings.lockMs,
      // Bull's default of 1 fails a job when its second worker dies.
      maxStalledCount: 5,
    },
  });
  queue.on("error", onError);
  queue.on("stalled", (job) => log.info("stalled job taken back", { job: job.id }));
  queue.on("failed", (job, error) => log.error("job failed", { job: job.id, attempt: job.attemptsMade, error }));
  const processing = queue.process("*", settings.concurrency, async (job) => {
    try {
      return await run({ id: String(job.id), data: job.data, waitedMs: Date.now() - job.timestamp });
    } catch (error) {
      // Bull counts this as an attempt and adds 1 below.
      if (error instanceof Interrupted) job.attemptsMade -= 1;
      if (error instanceof InvalidImport) job.discard();
      throw error;
    }
  });
  return {
    processing,
    ping: () => queue.client.ping(),
    close: () => queue.close(),
  };
}
