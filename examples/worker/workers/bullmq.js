// Takes jobs from a queue of BullMQ 5.
import { UnrecoverableError, WaitingError, Worker } from "bullmq";
import { Interrupted } from "./import.js";
import { redisOptions } from "./redis.js";
import { InvalidImport } from "./rows.js";

/** @type {import("./consumer.js").Consume} */
export function consume(settings, run, log, onError) {
  const worker = new Worker(
    settings.queueName,
    async (job, token) => {
      try {
        return await run({ id: String(job.id), data: job.data, waitedMs: Date.now() - job.timestamp });
      } catch (error) {
        if (error instanceof Interrupted) {
          await job.moveToWait(token);
          throw new WaitingError();
        }
        throw error instanceof InvalidImport ? new UnrecoverableError(error.message) : error;
      }
    },
    {
      prefix: settings.queuePrefix,
      connection: redisOptions(settings.redis),
      concurrency: settings.concurrency,
      lockDuration: settings.lockMs,
      stalledInterval: settings.lockMs,
      // BullMQ's default of 1 fails a job when its second worker dies.
      maxStalledCount: 5,
      autorun: false,
    },
  );
  worker.on("error", onError);
  worker.on("stalled", (job) => log.info("stalled job taken back", { job }));
  worker.on("failed", (job, error) => log.error("job failed", { job: job?.id, attempt: job?.attemptsMade, error }));
  return {
    processing: worker.run(),
    ping: async () => /** @type {import("ioredis").Redis} */ (/** @type {unknown} */ (await worker.client)).ping(),
    close: () => worker.close(),
  };
}
