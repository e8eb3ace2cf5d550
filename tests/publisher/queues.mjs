// Drives real Bull and BullMQ queues: reads one command a line, {library, queue, prefix, action, ...}, as JSON from standard
// input and answers each with one line of JSON, {result} or {error}. Ends with its input.
// Usage: node queues.mjs PORT
import { createInterface } from "node:readline";
import Bull from "bull";
import * as bullmq5 from "bullmq";
import * as bullmq6 from "bullmq6";

const connection = { host: "127.0.0.1", port: Number(process.argv[2]) };

class BullQueue {
  constructor(name, prefix) {
    this.queue = new Bull(name, { redis: connection, prefix });
    this.taken = [];
  }
  async take() {
    // The first of several calls finds out that the queue is not drained.
    this.taken.push((await this.queue.getNextJob()) ?? (await this.queue.getNextJob()));
  }
  complete = async () => void (await this.taken.shift().moveToCompleted("done", true, true));
  fail = async () => void (await this.taken.shift().moveToFailed(new Error("failed"), true));
  findStalled = () => this.queue.moveUnlockedJobsToWait();
  process = async () => void this.queue.process("*", 4, async () => {});
  stop = () => this.queue.close();
}

class BullMQQueue {
  constructor(name, prefix, { Queue, Worker }) {
    this.Worker = Worker;
    this.queue = new Queue(name, { connection, prefix });
    this.options = { connection: { ...connection, maxRetriesPerRequest: null }, prefix };
    this.taken = [];
  }
  get manual() {
    return (this.worker ??= new this.Worker(this.queue.name, null, { ...this.options, autorun: false }));
  }
  take = async () => void this.taken.push(await this.manual.getNextJob("token"));
  complete = async () => void (await this.taken.shift().moveToCompleted("done", "token", false));
  fail = async () => void (await this.taken.shift().moveToFailed(new Error("failed"), "token", false));
  findStalled = () => this.manual.moveStalledJobsToWait();
  async process() {
    this.worker = new this.Worker(this.queue.name, async () => {}, { ...this.options, concurrency: 4 });
  }
  async stop() {
    await this.worker?.close();
    await this.queue.close();
  }
}

const libraries = {
  bull: (name, prefix) => new BullQueue(name, prefix),
  bullmq: (name, prefix) => new BullMQQueue(name, prefix, bullmq5),
  bullmq6: (name, prefix) => new BullMQQueue(name, prefix, bullmq6),
};
const opened = new Map();

const repeated = (action) => async ({ queue, count }) => {
  for (let done = 0; done < count; done++) await queue[action]();
};
const actions = {
  open: async ({ queue }) => void (await queue.queue[queue instanceof BullQueue ? "isReady" : "waitUntilReady"]()),
  async add({ queue, count, options }) {
    const job = { name: "import", data: {}, opts: options };
    await queue.queue.addBulk(Array.from({ length: count }, () => ({ ...job })));
  },
  take: repeated("take"),
  complete: repeated("complete"),
  fail: repeated("fail"),
  async promote({ queue }) {
    for (const job of await queue.queue.getDelayed()) await job.promote();
  },
  counts: ({ queue }) => queue.queue.getJobCounts(),
  pause: ({ queue }) => queue.queue.pause(),
  resume: ({ queue }) => queue.queue.resume(),
  findStalled: ({ queue }) => queue.findStalled(),
  process: ({ queue }) => queue.process(),
};

async function answer({ library, queue: name, prefix, action, ...rest }) {
  const key = `${library} ${prefix} ${name}`;
  if (!opened.has(key)) opened.set(key, libraries[library](name, prefix));
  return (await actions[action]({ queue: opened.get(key), ...rest })) ?? null;
}

for await (const line of createInterface({ input: process.stdin })) {
  const reply = await answer(JSON.parse(line)).then((result) => ({ result }), (error) => ({ error: error.stack }));
  console.log(JSON.stringify(reply));
}
await Promise.all([...opened.values()].map((queue) => queue.stop()));
process.exit();
