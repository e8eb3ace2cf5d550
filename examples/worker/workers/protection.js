// Asks ECS to spare this task while it has jobs. It needs the input worker_scale_in_protection.

// At least twice what the longest job takes, at most 2,880: ECS ends the protection then, should the worker hang.
const MINUTES = 120;
let jobs = 0;
let isProtected = false;
let renewAt = 0;
let turn = Promise.resolve();

// Protects the task while it has jobs. One request follows the other, so the last one always decides.
function update() {
  turn = turn.then(async () => {
    const agent = process.env.ECS_AGENT_URI; // absent outside of ECS
    const enabled = jobs > 0;
    if (!agent || (enabled === isProtected && !(enabled && Date.now() >= renewAt))) return;
    try {
      const response = await fetch(agent + "/task-protection/v1/state", {
        method: "PUT",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ProtectionEnabled: enabled, ...(enabled && { ExpiresInMinutes: MINUTES }) }),
        signal: AbortSignal.timeout(5000),
      });
      const answer = await response.json();
      // ECS may refuse with HTTP 200 and a `failure`, such as DEPLOYMENT_BLOCKED.
      if (!answer.protection) throw new Error(JSON.stringify(answer));
      isProtected = enabled;
      renewAt = Date.now() + MINUTES * 30_000;
    } catch (error) {
      console.error("Task protection could not be switched " + (enabled ? "on: " : "off: ") + error.message);
    }
  });
  return turn;
}

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function protectedJob(work) {
  jobs++;
  await update();
  try {
    return await work();
  } finally {
    jobs--;
    update();
  }
}
