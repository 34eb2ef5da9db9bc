/* server.c - a server that follows the RFCs, and the replies of each mail. */
/* SPDX-License-Identifier: MIT */
/*
 * A strict one: MAIL in a transaction is 503 (RFC 5321 4.1.4), and so is what
 * needs one outside of it.
 */
#include "server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Returns the class of the code. */
static int say(struct server *v, const char *words)
{
    const size_t len = strlen(words);

    if (v->out.len + len + 3 > v->room) {
        v->room = 2 * v->room + len + 1024;
        v->out.data = realloc(v->out.data, v->room);
        if (v->out.data == NULL)
            exit(1);
    }
    v->out.len += (size_t)sprintf(v->out.data + v->out.len, "%s\r\n", words);
    v->gone |= strncmp(words, "421", 3) == 0 || strncmp(words, "221", 3) == 0;
    return *words - '0';
}

static int answer(struct server *v, const char *scripted, const char *usual)
{
    return say(v, scripted != NULL ? scripted : usual);
}

static const struct answers *script(const struct server *v)
{
    return &v->m->answers[v->mail];
}

static size_t count_taken(const struct server *v)
{
    size_t i, n = 0;

    for (i = 0; i < RCPTS_MAX; i++)
        n += v->taken[i];
    return n;
}

/* Is this the transaction that the client means, and does it go on? */
static int takes(const struct server *v)
{
    return v->open && !v->failed && !v->nested;
}

/* ---- the message ---- */

/* By LMTP each recipient has an answer (RFC 2033 4.2). */
static void end_of_data(struct server *v)
{
    const int lmtp = !!(v->m->script->options & DUVA_LMTP);
    int       good = 0;
    size_t    i;

    v->open = v->failed = 0;
    if (!lmtp && v->nobody) {
        say(v, "554 5.5.1 no valid recipients");
        return;
    }
    if (!lmtp)
        good = answer(v, script(v)->end[0], "250 2.0.0 stored") == 2;
    for (i = 0; i < RCPTS_MAX && !(lmtp && v->gone); i++) {
        if (!v->taken[i])
            continue;
        if (lmtp)
            good = answer(v, script(v)->end[i], "250 2.0.0 stored") == 2;
        v->stored[v->mail][i] += good ? 1u : 0u;
    }
}

static void end_of_chunk(struct server *v)
{
    const struct answers *a;

    if (!takes(v) || count_taken(v) == 0) {
        say(v, "503 5.5.1 BDAT needs a transaction");
        return;
    }
    a = script(v);
    if (v->last) {
        end_of_data(v);
    } else if (v->pieces++ != a->piece_number || a->piece == NULL) {
        say(v, "250 2.0.0 go on");
    } else if (say(v, a->piece) > 3) {
        v->failed = !!(v->m->habits & KEEPS_FAILED);
        v->open = v->failed;
    }
}

static void message_octet(struct server *v, char c)
{
    static const char end[] = "\r\n.\r\n";

    if (c == end[v->dot])
        v->dot++;
    else
        v->dot = c == '\r';
    if (v->dot < 5)
        return;
    v->in_message = 0;
    end_of_data(v);
}

/* ---- commands ---- */

static void reset(struct server *v)
{
    const size_t next = v->mail + 1;
    const char  *scripted = NULL;

    if (next < v->m->script->mail_count)
        scripted = v->m->answers[next].rset;
    if (answer(v, scripted, "250 2.0.0 forgotten") == 2)
        v->open = v->failed = v->nested = 0;
}

static void mail(struct server *v)
{
    const struct script *s = v->m->script;
    size_t               i;

    v->nested = v->open;
    if (v->nested) {
        say(v, "503 5.5.1 nested MAIL");
        return;
    }
    for (i = 0; i < s->mail_count; i++) {
        const size_t len = strlen(s->mail[i].from);

        if (strncmp(v->line + 11, s->mail[i].from, len) == 0
            && v->line[11 + len] == '>')
            break;
    }
    if (i == s->mail_count) {
        played_fail(v->p, 0, "from a stranger: %s", v->line);
        return;
    }
    v->mail = i;
    v->pieces = 0;
    memset(v->taken, 0, sizeof(v->taken));
    v->open = answer(v, script(v)->mail, "250 2.1.0 ok") == 2;
}

static void rcpt(struct server *v)
{
    const struct given_mail *m;
    size_t                   i;

    if (!takes(v)) {
        say(v, "503 5.5.1 MAIL first");
        return;
    }
    m = &v->m->script->mail[v->mail];
    for (i = 0; i < m->to_count; i++) {
        const size_t len = strlen(m->to[i]);

        if (strncmp(v->line + 9, m->to[i], len) == 0
            && v->line[9 + len] == '>' && !v->taken[i])
            break;
    }
    if (i == m->to_count) {
        played_fail(v->p, 0, "to a stranger: %s", v->line);
        return;
    }
    v->taken[i] = answer(v, script(v)->rcpt[i], "250 2.1.5 ok") == 2;
}

static void data(struct server *v)
{
    v->nobody = count_taken(v) == 0;
    if (!takes(v)
        || (v->nobody && !(v->m->habits & TAKES_NOBODY))) {
        say(v, "503 5.5.1 no valid recipients");
        return;
    }
    if (answer(v, script(v)->data, "354 go on") == 3) {
        v->in_message = 1;
        v->dot = 2;            /* as if behind a line */
    } else if (!(v->m->habits & KEEPS_NO_DATA)) {
        v->open = 0;
    }
}

static void bdat(struct server *v)
{
    v->last = strstr(v->line, " LAST\r\n") != NULL;
    v->nobody = 0;
    v->chunk = v->line[1] == 'D' ? strtoul(v->line + 5, NULL, 10) : 0;
    if (v->chunk == 0)
        end_of_chunk(v);
}

static void ehlo(struct server *v)
{
    v->open = v->failed = 0;
    say(v, v->m->ehlo);
}

static void quit(struct server *v)
{
    say(v, "221 2.0.0 bye");
}

static void command(struct server *v)
{
    static const struct {
        const char *verb;
        void      (*answer)(struct server *v);
    } commands[] = {
        { "EHLO ", ehlo }, { "LHLO ", ehlo }, { "RSET\r\n", reset },
        { "MAIL FROM:<", mail }, { "RCPT TO:<", rcpt }, { "DATA\r\n", data },
        { "BDAT ", bdat }, { "BURL ", bdat }, { "QUIT\r\n", quit }
    };
    size_t i;

    for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        if (strncmp(v->line, commands[i].verb, strlen(commands[i].verb)) == 0) {
            commands[i].answer(v);
            return;
        }
    played_fail(v->p, 0, "no command: %s", shown(v->line, v->length));
    say(v, "500 5.5.2 what?");
}

void server_begin(struct server *v, const struct mix *m, struct played *p)
{
    struct text  out = v->out;
    const size_t room = v->room;

    memset(v, 0, sizeof(*v));
    v->out = out;
    v->out.len = 0;
    v->room = room;
    v->m = m;
    v->p = p;
    v->mail = (size_t)-1;
    say(v, "220 mx.example ESMTP");
}

void server_hear(struct server *v, const void *octets, size_t len)
{
    const char *at = octets;

    for (; len > 0 && !v->gone; len--) {
        const char c = *at++;

        if (v->in_message) {
            message_octet(v, c);
        } else if (v->chunk > 0) {
            if (--v->chunk == 0)
                end_of_chunk(v);
        } else {
            if (v->length + 1 < sizeof(v->line))
                v->line[v->length++] = c;
            v->line[v->length] = '\0';
            if (c != '\n')
                continue;
            command(v);
            v->length = 0;
        }
    }
}

/* ---- the verdicts ---- */

void server_judge(const struct server *v)
{
    size_t i, k;

    for (i = 0; i < v->m->script->mail_count; i++)
        for (k = 0; k < v->m->script->mail[i].to_count; k++) {
            const duva_verdict got = v->p->mail[i].rcpt[k].verdict;
            const unsigned     n = v->stored[i][k];

            if (n > 1)
                played_fail(v->p, v->m->script->mail[i].line,
                            "recipient %zu has it %u times", k + 1, n);
            if (got != DUVA_UNCERTAIN && (got == DUVA_ACCEPTED) != (n > 0))
                played_fail(v->p, v->m->script->mail[i].line,
                            "recipient %zu has it %u times, the client says "
                            "%s", k + 1, n, duva_verdict_name(got));
        }
}
