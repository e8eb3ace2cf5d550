// PostgreSQL in this process, on a loopback port that it prints. Usage: node postgres.mjs PACKAGES
import { createRequire } from "node:module";

const require = createRequire(`${process.argv[2]}/`);
const { PGlite } = require("@electric-sql/pglite");
const { PGLiteSocketServer } = require("@electric-sql/pglite-socket");

const server = new PGLiteSocketServer({ db: await PGlite.create(), host: "127.0.0.1", port: 0, maxConnections: 10 });
server.addEventListener("listening", ({ detail }) => console.log(detail.port));
await server.start();
