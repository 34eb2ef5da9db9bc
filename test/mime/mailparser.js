// mailparser.js - what mailparser reads in the files named, a line of JSON each.
// SPDX-License-Identifier: MIT
'use strict';
const fs = require('fs');

let parser;
try {
    parser = require('mailparser');
} catch (error) {
    process.exit(77);
}

function people(field) {
    const found = [];
    const add = (list) => list.forEach((one) => {
        if (one.group)
            add(one.group);
        else
            found.push([one.name, one.address]);
    });
    [].concat(field || []).forEach((one) => add(one.value));
    return found;
}

async function main() {
    for (const file of process.argv.slice(2)) {
        const mail = await parser.simpleParser(fs.readFileSync(file),
            { skipHtmlToText: true, skipTextToHtml: true,
              skipImageLinks: true });
        console.log(JSON.stringify({
            subject: mail.subject || '',
            people: { From: people(mail.from), To: people(mail.to),
                      Cc: people(mail.cc), 'Reply-To': people(mail.replyTo) },
            text: mail.text, html: mail.html,
            attachments: mail.attachments.map((one) => [
                one.contentType, one.filename || null, one.contentId || null,
                one.content.toString('base64')])
        }));
    }
}

main();
