// haraka_store.js - a plugin for Haraka: takes mail for all but "refuse-", and
// stores it with its recipients above it.
// SPDX-License-Identifier: MIT
const dns = require('node:dns');
const fs = require('node:fs');

// Nobody listens there: whoever connects has no name.
exports.register = () => dns.setServers(['127.0.0.1:9']);

exports.hook_rcpt = (next, connection, [address]) => {
    if (address.user.startsWith('refuse-')) {
        return next(DENY, 'No such mailbox');
    }
    return next(OK);
};

exports.hook_queue = function (next, connection) {
    const { transaction } = connection;
    const folder = this.config.get('store').trim();
    const file = fs.createWriteStream(`${folder}/tmp/${transaction.uuid}`);
    for (const address of transaction.rcpt_to) {
        file.write(`Delivered-To: ${address.user}@${address.host}\r\n`);
    }
    file.once('close', () => {
        fs.renameSync(`${folder}/tmp/${transaction.uuid}`,
                      `${folder}/new/${transaction.uuid}`);
        next(OK);
    });
    transaction.message_stream.pipe(file);
};
