/* lacks.c - says what a small engine would need for a script. */
/* SPDX-License-Identifier: MIT */
#include "script.h"

#include <string.h>

#if DUVA_SMALL

/* The mechanisms that it finds in the answer to EHLO. */
#define KNOWN (DUVA_AUTH_PLAIN | DUVA_AUTH_LOGIN | DUVA_AUTH_CRAM_MD5)

static int begins(const struct item *it, const char *words)
{
    return strncmp(it->text.data, words, strlen(words)) == 0;
}

/* Two commands in a row, or a command behind a message. */
static int is_pipelined(const struct script *s, size_t i)
{
    static const char *const commands[] = {
        "MAIL ", "RCPT ", "DATA", "RSET", "QUIT", "AUTH ", "EHLO "
    };
    const struct item *it = &s->item[i];
    size_t             k;

    if (i == 0 || it[-1].kind != CLIENT_SAYS)
        return 0;
    if (strcmp(it[-1].text.data, ".\r\n") == 0)
        return 1;
    for (k = 0; k < sizeof(commands) / sizeof(commands[0]); k++)
        if (begins(&it[-1], commands[k]))
            return 1;
    return 0;
}

static const char *lacks_for_line(const struct script *s, size_t i)
{
    const struct item *it = &s->item[i];
    const char        *end;

    if (s->window > 0 && it->kind == SERVER_SAYS && it->text.len > 4
        && strcmp(it->text.data + 4, "PIPELINING\r\n") == 0)
        return "PIPELINING";
    if (it->kind != CLIENT_SAYS && it->kind != CLIENT_MAY_SAY)
        return NULL;
    if (begins(it, "LHLO "))
        return "LMTP";
    if (begins(it, "BDAT ") || begins(it, "BURL "))
        return "CHUNKING";
    if (begins(it, "MAIL ") || begins(it, "RCPT ")) {
        end = strrchr(it->text.data, '>');
        if (end != NULL && end[1] == ' ')
            return "parameters of MAIL and RCPT";
    }
    return is_pipelined(s, i) ? "PIPELINING" : NULL;
}

static const char *lacks_to_conclude(const struct item *it)
{
    unsigned k;

    if (it->kind == THEN_OFFERS)
        return "the list of what is offered";
    for (k = 0; k + 1 < it->wants; k++)
        if (strcmp(it->want[k].value.data, "552") == 0
            && strcmp(it->want[k + 1].key, "enhanced") == 0)
            return "enhanced status codes"; /* which tell what 552 means */
    for (k = 0; k < it->wants; k++)
        if (strcmp(it->want[k].key, "reason") == 0) {
            const char *reason = it->want[k].value.data;

            if (strcmp(reason, "size") == 0)
                return "CHUNKING";
            if (strcmp(reason, "not-ascii") == 0
                && strcmp(it->want[0].value.data, "body") == 0)
                return "8BITMIME";
            if (strcmp(reason, "not-offered") == 0
                || strcmp(reason, "too-big") == 0)
                return "parameters of MAIL and RCPT";
        }
    return NULL;
}

static const char *lacks_for_mail(const struct given_mail *m)
{
    size_t i;

    if (m->flags & SCRIPT_UTF8)
        return "SMTPUTF8";
    if (m->asks != NULL)
        return "parameters of MAIL and RCPT";
    for (i = 0; i < m->to_count; i++)
        if (m->to_asks[i] != NULL)
            return "parameters of MAIL and RCPT";
    return NULL;
}

const char *script_lacks(const struct script *s)
{
    const char *lacking = NULL;
    size_t      i;

    if (s->tls != DUVA_TLS_NEVER)
        return "TLS";
    if (s->options & SCRIPT_LMTP)
        return "LMTP";
    if (s->stop_after != 0)
        return "stop_after";
    if (s->mechanism != 0 && !(s->mechanism & KNOWN))
        return "the mechanism";
    if (s->options
        & (DUVA_QUIRK_LEADING_SPACE | DUVA_QUIRK_BARE_LF
           | DUVA_QUIRK_AUTH_EQUALS))
        return "quirks of servers";
    for (i = 0; i < s->mail_count && lacking == NULL; i++)
        lacking = lacks_for_mail(&s->mail[i]);
    for (i = 0; i < s->item_count && lacking == NULL; i++) {
        lacking = lacks_for_line(s, i);
        if (lacking == NULL)
            lacking = lacks_to_conclude(&s->item[i]);
    }
    return lacking;
}

#else

const char *script_lacks(const struct script *s)
{
    (void)s;
    return NULL;
}

#endif
