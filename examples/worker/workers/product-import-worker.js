// The worker: takes jobs until SIGTERM, then finishes them or gives them back.
import { chooseConsumer } from "./consumer.js";
import { beat } from "./heartbeat.js";
import { importProducts } from "./import.js";
import { createLog } from "./log.js";
import { protectedJob } from "./protection.js";
import { SettingsError, takeSettings } from "./settings.js";
import { openStore } from "./store.js";

/** @type {() => unknown} */
let stop = () => process.exit(0);
// At once: as process 1 of a container, Node ignores signals that have no handler.
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => stop());

try {
  await main();
} catch (error) {
  createLog([]).error("wrong settings", { error });
  process.exit(error instanceof SettingsError ? 2 : 1);
}

async function main() {
  const settings = takeSettings(process.env);
  const log = createLog(settings.secrets);
  /** @param {unknown} error */
  const crash = (error) => {
    log.error("ended by an error", { error });
    process.exit(1);
  };
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
  const store = await openStore(settings.database, settings.concurrency, (error) => log.error("database", { error })).catch(
    (error) => (error instanceof SettingsError ? Promise.reject(error) : crash(error)),
  );
  const interrupt = new AbortController();
  let jobs = 0;
  let stopping = false;

  /** @param {import("./consumer.js").Job} job */
  async function run(job) {
    const began = Date.now();
    jobs++;
    log.info("job started", { job: job.id, waited_ms: job.waitedMs });
    const work = () => importProducts(job.data, store, interrupt.signal);
    const result = await (settings.protect ? protectedJob(work) : work()).finally(() => jobs--);
    log.info("job done", { job: job.id, took_ms: Date.now() - began, ...result });
    return result;
  }

  const consumer = (await chooseConsumer(settings))(settings, run, log, (error) => {
    log.error("queue", { error });
    // The token was rotated: the next task reads the new one.
    if (/^(WRONGPASS|NOAUTH)/.test(error.message)) crash(error);
  });
  consumer.processing.catch((error) => stopping || crash(error));
  beat(settings.heartbeatFile, consumer.ping);
  log.info("started", { queue: settings.queueName, library: settings.library, concurrency: settings.concurrency });

  stop = async () => {
    stop = () => {};
    stopping = true;
    log.info("stopping");
    // Without a connection the libraries wait for one to close. A worker without jobs need not: 5 of 60 seconds.
    if (jobs === 0) setTimeout(() => process.exit(0), settings.stopMs / 12);
    // What is left at the end is taken back by another worker when its lock ends.
    setTimeout(() => interrupt.abort(), settings.giveBackMs);
    setTimeout(() => {
      log.error("stopped with unfinished jobs", { jobs });
      process.exit(1);
    }, settings.exitMs);
    await consumer.close();
    await store.close();
    log.info("stopped");
    process.exit(0);
  };
}
