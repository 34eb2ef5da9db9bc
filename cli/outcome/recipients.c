/* recipients.c - room for the recipients of a mail, and their replies. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "outcome/outcome.h"
#include "outcome/recipients.h"
#include "text/escape.h"

int cli_recipients(struct cli_outcome *o, size_t count)
{
    duva_rcpt *rcpt = calloc(count, sizeof(*rcpt) + CLI_WORDS_SIZE);
    char *words = (char *)(rcpt + count);
    size_t i;

    if (rcpt == NULL)
        return cli_stop(o, EX_OSERR, DUVA_ERR_RESOURCES, DUVA_REASON_NONE,
                        "not enough memory");
    for (i = 0; i < count; i++) {
        rcpt[i].text = words + i * CLI_WORDS_SIZE;
        rcpt[i].text_size = CLI_WORDS_SIZE;
    }
    o->mail.rcpt = rcpt;
    o->mail.rcpt_count = count;
    return 0;
}

int cli_recipients_check_lmtp(struct cli_outcome *o, int lmtp,
                              int all_or_nothing)
{
    const duva_mail *mail = &o->mail;
    char names[1500] = "", addr[300];
    size_t i, len = 0;

    if (mail->policy != DUVA_ALL_OR_NOTHING || mail->rcpt_count < 2 || !lmtp)
        return 0;
    for (i = 0; i < mail->rcpt_count && len + sizeof(addr) < sizeof(names);
         i++) {
        cli_escape(addr, sizeof(addr), mail->rcpt[i].addr,
                   strlen(mail->rcpt[i].addr));
        len += (size_t)snprintf(names + len, sizeof(names) - len, "%s%s",
                                i > 0 ? ", " : "", addr);
    }
    return cli_stop(o, EX_USAGE, DUVA_ERR_ARG, DUVA_REASON_NONE,
                    "over LMTP the server replies for each recipient once it "
                    "has the message, and what it has delivered cannot be "
                    "taken back: %s; send a mail to each recipient: %s%s",
                    all_or_nothing ? "leave --all-or-nothing out"
                                   : "one reply cannot stand for all of them",
                    names, i < mail->rcpt_count ? " and more" : "");
}
