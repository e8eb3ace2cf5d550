// One job: the rows of an object into the database.
import { createHash } from "node:crypto";
import { InvalidImport, readBatches } from "./rows.js";

/** The worker stops before the job is done: the job goes back to the queue. */
export class Interrupted extends Error {}

/**
 * @typedef {object} Import
 * @property {string} source s3://bucket/key or file:///path
 * @property {number} version grows with each new content of the object, such as the milliseconds of its last change
 */

/**
 * The key of an import: the id of its job, and of its row in the database.
 *
 * @param {Import} job
 */
export function keyOf({ source, version }) {
  // BullMQ refuses ids with colons.
  return createHash("sha256").update(`${version} ${source}`).digest("hex").slice(0, 32);
}

/**
 * Run an import; running it again changes nothing.
 *
 * @param {Import} job
 * @param {import("./store.js").Store} store
 * @param {AbortSignal} signal
 * @returns {Promise<{ rows: number, repeated: boolean }>}
 * @throws {InvalidImport} no retry can help
 * @throws {Interrupted} the signal came first
 */
export async function importProducts(job, store, signal) {
  if (typeof job?.source !== "string" || !Number.isSafeInteger(job.version)) {
    throw new InvalidImport("a job's data must have the text source and the whole number version");
  }
  const key = keyOf(job);
  if (await store.isFinished(key)) return { rows: 0, repeated: true };
  let rows = 0;
  try {
    for await (const batch of readBatches(job.source, signal)) {
      signal.throwIfAborted();
      await store.write(batch, job.version);
      rows += batch.length;
    }
    signal.throwIfAborted();
  } catch (error) {
    throw signal.aborted ? new Interrupted("the worker stops") : error;
  }
  await store.finish(key);
  return { rows, repeated: false };
}
