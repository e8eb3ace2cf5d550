// Writes a line of JSON for each event, without secrets.

/**
 * @typedef {(event: string, details?: Record<string, unknown>) => void} Say
 * @typedef {{ info: Say, error: Say }} Log
 */

/**
 * @param {string[]} secrets texts that are replaced wherever they appear
 * @param {(line: string) => void} write
 * @returns {Log}
 */
export function createLog(secrets, write = (line) => process.stdout.write(line)) {
  // As JSON writes them. Longest first: a URL also contains its password.
  const escaped = [...new Set(secrets.map((text) => JSON.stringify(text).slice(1, -1)))];
  escaped.sort((one, other) => other.length - one.length);
  const say = (/** @type {string} */ level) => (/** @type {string} */ event, details = {}) => {
    let line = JSON.stringify({ time: new Date().toISOString(), level, event, ...details }, plain);
    for (const secret of escaped) line = line.replaceAll(secret, "(hidden)");
    write(`${line}\n`);
  };
  return { info: say("info"), error: say("error") };
}

/**
 * Errors have no properties that JSON would write.
 *
 * @param {string} _
 * @param {unknown} value
 */
function plain(_, value) {
  return value instanceof Error ? `${value.name}: ${value.message}` : value;
}
