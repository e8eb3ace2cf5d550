// The container's health check: exit status 0 while the worker's heartbeat is young.
import { complaint } from "./heartbeat.js";
import { heartbeatFile } from "./settings.js";

const found = complaint(heartbeatFile(process.env));
if (found) {
  console.error(found);
  process.exitCode = 1;
}
