// What bull.js and bullmq.js have in common.

/**
 * @typedef {{ id: string, data: import("./import.js").Import, waitedMs: number }} Job
 *
 * @typedef {object} Consumer
 * @property {Promise<unknown>} processing ends with the consumer; rejects if it cannot take jobs
 * @property {() => Promise<unknown>} ping resolves when Redis answers
 * @property {() => Promise<void>} close takes no more jobs and resolves when the last one ended
 *
 * @callback Consume
 * @param {import("./settings.js").Settings} settings
 * @param {(job: Job) => Promise<unknown>} run
 * @param {import("./log.js").Log} log
 * @param {(error: Error) => void} onError called for errors of connections too
 * @returns {Consumer}
 */

/**
 * The consumer for the library of the settings.
 *
 * @param {import("./settings.js").Settings} settings
 * @returns {Promise<Consume>}
 */
export async function chooseConsumer(settings) {
  return settings.library === "bull" ? (await import("./bull.js")).consume : (await import("./bullmq.js")).consume;
}
