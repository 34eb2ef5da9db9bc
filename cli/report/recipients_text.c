/* recipients_text.c - what became of each recipient into plain English. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "outcome/outcome.h"
#include "outcome/recipients.h"
#include "report/recipients_text.h"
#include "text/escape.h"

const char *cli_reply_text(char *buf, size_t size, const duva_status *s,
                           const char *text)
{
    char line[CLI_WORDS_SIZE], *p;
    size_t n;

    n = (size_t)snprintf(buf, size, "%u ", s->code);
    if (s->enhanced[0] != 0)
        n += (size_t)snprintf(buf + n, size - n, "%u.%u.%u ", s->enhanced[0],
                              s->enhanced[1], s->enhanced[2]);
    snprintf(line, sizeof(line), "%s", text != NULL ? text : "");
    for (p = line; *p != '\0'; p++)
        if (*p == '\n')
            *p = ' ';
    cli_escape(buf + n, size - n, line, strlen(line));
    if (line[0] == '\0')
        buf[n - 1] = '\0';
    return buf;
}

/* ---- one ---- */

/* Why the message was not sent to a recipient that no reply has rejected. */
static const char *why_not_sent(const duva_mail *mail)
{
    const duva_result *r = &mail->result;

    if (r->err == DUVA_ERR_REJECTED && r->status.code == 421)
        return "the server closed the session";
    if (r->err == DUVA_ERR_REJECTED && mail->policy == DUVA_ALL_OR_NOTHING)
        return r->verdict == DUVA_REFUSED
                   ? "another recipient was rejected (--all-or-nothing)"
                   : "another recipient was deferred (--all-or-nothing)";
    if (r->err == DUVA_OK || r->err == DUVA_ERR_REJECTED)
        return "the server accepts no more recipients at present";
    return r->reason != DUVA_REASON_NONE ? duva_reason_text(r->reason)
                                         : duva_err_text(r->err);
}

const char *cli_recipient_text(char *buf, size_t size, const duva_mail *mail,
                               const duva_rcpt *rcpt)
{
    char addr[300], reply[CLI_REPLY_SIZE];
    const duva_result *r = &mail->result;
    const duva_status *s = &rcpt->status;
    const char *text = rcpt->text;

    if (s->code < 400 && rcpt->verdict == DUVA_RETRY && r->status.code == 421
        && r->status.stage >= DUVA_STAGE_DATA) {
        s = &r->status; /* it stands for all replies to come */
        text = r->text;
    }
    cli_escape(addr, sizeof(addr), rcpt->addr, strlen(rcpt->addr));
    cli_reply_text(reply, sizeof(reply), s, text);
    if (rcpt->verdict == DUVA_ACCEPTED)
        snprintf(buf, size, "%s accepted: %s", addr, reply);
    else if (rcpt->verdict == DUVA_UNCERTAIN)
        snprintf(buf, size, "%s uncertain: %s", addr,
                 r->err != DUVA_OK
                     ? duva_err_text(r->err)
                     : "the connection was lost before the reply");
    else if (s->code >= 400)
        snprintf(buf, size, "%s %s: %s", addr,
                 rcpt->verdict == DUVA_REFUSED ? "rejected" : "deferred",
                 reply);
    else
        snprintf(buf, size, "%s not sent: %s", addr, why_not_sent(mail));
    return buf;
}

/* ---- all ---- */

size_t cli_recipients_text(char *buf, size_t size, const duva_mail *mail,
                           int rejected)
{
    const size_t most = size - sizeof("; and 18446744073709551615 more");
    char text[CLI_RECIPIENT_TEXT_SIZE];
    size_t i, len = 0, told = 0, left = 0;

    buf[0] = '\0';
    for (i = 0; i < mail->rcpt_count; i++) {
        if (mail->rcpt[i].verdict == DUVA_ACCEPTED
            || (rejected && mail->rcpt[i].status.code < 400))
            continue;
        told++;
        if (left == 0)
            cli_recipient_text(text, sizeof(text), mail, &mail->rcpt[i]);
        if (left > 0 || len + strlen(text) + 2 > most)
            left++;
        else
            len += (size_t)snprintf(buf + len, size - len, "%s%s",
                                    len > 0 ? "; " : "", text);
    }
    if (left > 0)
        snprintf(buf + len, size - len, "%s%zu more", len > 0 ? "; and " : "",
                 left);
    return told;
}

int cli_fared_alike(const duva_mail *mail)
{
    const duva_result *r = &mail->result;
    size_t i;

    for (i = 0; i < mail->rcpt_count; i++)
        if (mail->rcpt[i].verdict != r->verdict
            || mail->rcpt[i].status.code != r->status.code)
            return 0;
    return 1;
}

void cli_tell_recipients(FILE *out, const duva_mail *mail)
{
    const unsigned stage = mail->result.status.stage;
    char text[CLI_RECIPIENT_TEXT_SIZE];
    size_t i;

    if (mail->rcpt_count < 2
        || cli_count(mail, DUVA_ACCEPTED) == mail->rcpt_count
        || (stage < DUVA_STAGE_RCPT && cli_fared_alike(mail)))
        return;
    for (i = 0; i < mail->rcpt_count; i++)
        if (mail->rcpt[i].verdict != DUVA_PENDING)
            fprintf(
                out, "duva: %s\n",
                cli_recipient_text(text, sizeof(text), mail, &mail->rcpt[i]));
}
