// smtp_server.js MODULES PORT FOLDER [EXTENSION...] - runs smtp-server: takes
// mail for all but "refuse-", and stores it with its recipients above it.  It
// does not offer the extensions.
// SPDX-License-Identifier: MIT
const fs = require('node:fs');

const [modules, port, folder, ...hidden] = process.argv.slice(2);
const { SMTPServer } = require(`${modules}/smtp-server`);
let stored = 0;

new SMTPServer({
    name: 'mail.example.org',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: 40e6,
    ...Object.fromEntries(hidden.map((name) => [`hide${name}`, true])),
    onRcptTo({ address }, session, done) {
        if (address.startsWith('refuse-')) {
            return done(Object.assign(new Error('No such mailbox'),
                                      { responseCode: 550 }));
        }
        return done();
    },
    onData(stream, session, done) {
        const name = String(++stored);
        const file = fs.createWriteStream(`${folder}/tmp/${name}`);
        for (const { address } of session.envelope.rcptTo) {
            file.write(`Delivered-To: ${address}\r\n`);
        }
        file.once('close', () => {
            fs.renameSync(`${folder}/tmp/${name}`, `${folder}/new/${name}`);
            done();
        });
        stream.pipe(file);
    },
}).on('error', (error) => console.error(error.message))
    .listen(Number(port), '127.0.0.1');
