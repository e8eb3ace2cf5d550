// Reads product rows from an object in S3 or from a file: a line of JSON for each product.
import { createReadStream } from "node:fs";
import { fileURLToPath } from "node:url";

const LONGEST_LINE = 1_000_000;
const BATCH = 500;

/** What no retry can fix: the job fails at once. */
export class InvalidImport extends Error {}

/** @typedef {{ sku: string, name: string, priceCents: number }} Product */

/**
 * The products of an object in batches, the last row of a sku in each.
 *
 * @param {string} source s3://bucket/key or file:///path
 * @param {AbortSignal} signal ends the download
 * @returns {AsyncGenerator<Product[]>}
 */
export async function* readBatches(source, signal) {
  /** @type {Map<string, Product>} */
  let batch = new Map();
  let number = 0;
  for await (const line of lines(await open(source, signal))) {
    number++;
    if (line.trim() === "") continue;
    const product = parse(line, `${source}, line ${number}`);
    batch.set(product.sku, product);
    if (batch.size === BATCH) {
      yield [...batch.values()];
      batch = new Map();
    }
  }
  if (batch.size > 0) yield [...batch.values()];
}

/**
 * @param {string} source
 * @param {AbortSignal} signal
 * @returns {Promise<AsyncIterable<Uint8Array>>}
 */
async function open(source, signal) {
  const url = URL.canParse(source) ? new URL(source) : undefined;
  if (url?.protocol === "file:") return createReadStream(fileURLToPath(url), { signal });
  if (url?.protocol === "s3:") return openObject(url.hostname, decodeURIComponent(url.pathname.slice(1)), signal);
  throw new InvalidImport(`source must be s3://bucket/key or file:///path. Given: ${source}.`);
}

/** @type {Promise<import("@aws-sdk/client-s3").S3Client> | undefined} */
let client;

/**
 * @param {string} bucket
 * @param {string} key
 * @param {AbortSignal} signal
 */
async function openObject(bucket, key, signal) {
  const { GetObjectCommand, S3Client } = await import("@aws-sdk/client-s3");
  client ??= Promise.resolve(
    new S3Client({
      // For emulators, which have no name for each bucket.
      forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL),
      // A download that stands still must not hold a job for ever.
      requestHandler: { connectionTimeout: 5000, socketTimeout: 30_000, httpsAgent: { maxSockets: 100 } },
    }),
  );
  const answer = await (await client).send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
  return /** @type {AsyncIterable<Uint8Array>} */ (answer.Body);
}

/** @param {AsyncIterable<Uint8Array>} chunks */
async function* lines(chunks) {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
    if (rest.length > LONGEST_LINE) throw new InvalidImport(`a line must have at most ${LONGEST_LINE} characters`);
  }
  yield rest + decoder.decode();
}

/**
 * @param {string} line
 * @param {string} place
 * @returns {Product}
 */
function parse(line, place) {
  let row;
  try {
    row = JSON.parse(line);
  } catch {
    throw new InvalidImport(`${place}: must be JSON`);
  }
  const { sku, name, price_cents: priceCents } = row ?? {};
  if (typeof sku !== "string" || sku === "" || typeof name !== "string" || !Number.isSafeInteger(priceCents)) {
    throw new InvalidImport(`${place}: must have the texts sku and name and the whole number price_cents`);
  }
  return { sku, name, priceCents };
}
