// The database: PostgreSQL, or SQLite in a file where DATABASE_URL names no other.
//
// A job may run twice: its worker may die, or lose its lock, just before it reports the end. So every write can be repeated,
// and an older version of a product never replaces a newer one.
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { SettingsError } from "./settings.js";

const TABLES = `
  create table if not exists products (
    sku text primary key, name text not null, price_cents bigint not null, version bigint not null
  );
  create table if not exists imports (key text primary key, finished_at bigint not null);
`;
const NEWER = `on conflict (sku) do update
  set name = excluded.name, price_cents = excluded.price_cents, version = excluded.version
  where products.version <= excluded.version`;
// Any number: it keeps workers that start at the same time from creating the same table.
const TABLES_LOCK = 7_203_418;

/**
 * @typedef {object} Store
 * @property {(key: string) => Promise<boolean>} isFinished
 * @property {(products: import("./rows.js").Product[], version: number) => Promise<void>} write
 * @property {(key: string) => Promise<void>} finish
 * @property {() => Promise<void>} close
 */

/**
 * @param {string} url sqlite:path or postgres://...
 * @param {number} connections how many jobs use it at once
 * @param {(error: Error) => void} onError called for idle connections that break
 * @returns {Promise<Store>}
 */
export async function openStore(url, connections, onError) {
  if (url.startsWith("sqlite:")) return openSqlite(url.slice("sqlite:".length));
  if (/^postgres(ql)?:/.test(url)) return openPostgres(url, connections, onError);
  throw new SettingsError("DATABASE_URL must start with postgres:// or sqlite:. Given: a value that is not shown.");
}

/**
 * @param {string} path
 * @returns {Store}
 */
function openSqlite(path) {
  const database = new DatabaseSync(path);
  // Several workers of one machine may share the file.
  database.exec("pragma busy_timeout = 10000; pragma journal_mode = wal; pragma synchronous = normal");
  database.exec(TABLES);
  const found = database.prepare("select 1 from imports where key = ?");
  const upsert = database.prepare(`insert into products values (?, ?, ?, ?) ${NEWER}`);
  const finished = database.prepare("insert into imports values (?, ?) on conflict do nothing");
  return {
    isFinished: async (key) => found.get(key) !== undefined,
    async write(products, version) {
      database.exec("begin immediate");
      try {
        for (const { sku, name, priceCents } of products) upsert.run(sku, name, priceCents, version);
        database.exec("commit");
      } catch (error) {
        database.exec("rollback");
        throw error;
      }
    },
    finish: async (key) => void finished.run(key, Date.now()),
    close: async () => database.close(),
  };
}

/**
 * @param {string} url
 * @param {number} connections
 * @param {(error: Error) => void} onError
 * @returns {Promise<Store>}
 */
async function openPostgres(url, connections, onError) {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 10_000,
    // A failover of the database may leave a connection that nobody answers.
    query_timeout: 60_000,
    keepAlive: true,
  });
  // Without a listener an idle connection that breaks would end the process.
  pool.on("error", onError);
  await pool.query(`begin; select pg_advisory_xact_lock(${TABLES_LOCK}); ${TABLES} commit;`);
  return {
    isFinished: async (key) => (await pool.query("select 1 from imports where key = $1", [key])).rowCount === 1,
    async write(products, version) {
      await pool.query(
        `insert into products
         select *, $4::bigint from unnest($1::text[], $2::text[], $3::bigint[]) ${NEWER}`,
        [products.map((each) => each.sku), products.map((each) => each.name), products.map((each) => each.priceCents), version],
      );
    },
    async finish(key) {
      await pool.query("insert into imports values ($1, $2) on conflict do nothing", [key, Date.now()]);
    },
    close: () => pool.end(),
  };
}
