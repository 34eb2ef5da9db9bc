// nodemailer - sends a job with Nodemailer, pooled when connections are reused.
// SPDX-License-Identifier: MIT
import { createReadStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const nodemailer = createRequire(process.env.DUVA_BENCH_NPM)('nodemailer');
const job = Object.fromEntries(process.argv.slice(2).map(word => {
    const at = word.indexOf('=');
    return [word.slice(0, at), word.slice(at + 1)];
}));
const transport = nodemailer.createTransport({
    host: job.host, port: Number(job.port), secure: false, ignoreTLS: true,
    name: 'client.example', pool: job.connection === 'reused',
    maxConnections: Number(job.sessions), maxMessages: Infinity,
});
const text = job.source === 'memory' ? readFileSync(job.file) : null;
const envelope = {
    from: 'bench@client.example',
    to: Array.from({ length: Number(job.rcpts) },
        (_, i) => `r${i}@sink.example`),
};
let left = Number(job.mails);

async function work() {
    while (left-- > 0)
        await transport.sendMail(
            { envelope, raw: text ?? createReadStream(job.file) });
}

await Promise.all(Array.from({ length: Number(job.sessions) }, work));
transport.close();
