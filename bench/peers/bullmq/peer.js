// BullMQ as a peer of the benchmark. Reads commands from stdin, one a line, and answers each with a line of JSON:
//
//   publish N   adds N jobs in bulk                             {"millis": …}
//   drain N     works N jobs off, until Redis has removed them  {"millis": …}
//   clear       removes every key                               {}
//
// Ends with its input.

import { createInterface } from 'node:readline';
import { Queue, Worker } from 'bullmq';

const NAME = 'hark-bench-peers-bullmq';
const BULK = 1000;
// The guide calls 100 to 300 usual, and asks for no more than helps where jobs wait for nothing.
const CONCURRENCY = 100;

const connection = { url: process.argv[2] };
const queue = new Queue(NAME, {
    connection,
    defaultJobOptions: {
        attempts: 3,
        backoff: { type: 'exponential', delay: 1000 },
        removeOnComplete: true,
    },
});

// The same body as everywhere: 100 bytes of JSON.
const order = (id) => ({ id: 1234567890000000 + id, customer: `c-${10000 + (id % 90000)}`, text: 'x'.repeat(46) });

async function publish(messages) {
    for (let from = 0; from < messages; from += BULK) {
        const jobs = [];
        for (let id = from; id < Math.min(messages, from + BULK); id++) {
            jobs.push({ name: 'order', data: order(id) });
        }
        await queue.addBulk(jobs);
    }
}

async function drain(messages) {
    let handled = 0;
    const handle = async (job) => {
        handled += job.data.id > 0 ? 1 : 0;
    };
    const worker = new Worker(NAME, handle, { connection, concurrency: CONCURRENCY });
    // Told when Redis has taken note, and removed the job.
    let completed = 0;
    await new Promise((resolve, reject) => {
        worker.on('completed', () => {
            if (++completed === messages) resolve();
        });
        worker.on('failed', (job, error) => reject(error));
        worker.on('error', reject);
    });
    const end = performance.now();
    await worker.close();
    if (handled !== messages) throw new Error(`handled ${handled} of ${messages}`);
    return end;
}

async function timed(work) {
    const start = performance.now();
    const end = (await work()) ?? performance.now();
    return { millis: end - start };
}

async function answer(line) {
    const [command, messages] = line.trim().split(/\s+/);
    switch (command) {
        case 'publish':
            return timed(() => publish(Number(messages)));
        case 'drain':
            return timed(() => drain(Number(messages)));
        case 'clear':
            await queue.obliterate({ force: true });
            return {};
        default:
            throw new Error(`unknown command: ${line}`);
    }
}

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

for await (const line of createInterface({ input: process.stdin })) {
    say(await answer(line));
}
process.exit(0);
