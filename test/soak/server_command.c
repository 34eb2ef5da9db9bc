/* server_command.c - commands, and violations by the client. */
/* SPDX-License-Identifier: MIT */
#include "server_inner.h"

#include "mails.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void expect_alone(struct server *s, const char *command)
{
    s->alone = 1;
    s->after = command;
}

/* ---- before the first transaction ---- */

/* A reply of the session, with its fault.  1: it is the good one. */
static int greet(struct server *s, enum fault_stage at, unsigned code,
                 const char *words)
{
    const unsigned other = fault_code(s, at);

    if (other >= 500)
        s->witness->session_refused(s->witness->ctx);
    answer(s, at, other != 0 ? other : code, other != 0 ? "no" : words);
    return other == 0;
}

/* What EHLO has: the keywords, each on a line. */
static void list_extensions(const struct server *s, char *to)
{
    static const char *const keyword[HAS_BITS] = {
        "PIPELINING", "CHUNKING", "8BITMIME", "BINARYMIME", "SIZE", "LIMITS",
        "ENHANCEDSTATUSCODES", "STARTTLS", "AUTH PLAIN LOGIN"
    };
    const struct profile *p = s->profile;
    int                   i;

    to += sprintf(to, "soak.example\n");
    for (i = 0; i < HAS_BITS; i++) {
        const int bit = 1 << i;

        if (!(p->has & bit) || (bit == HAS_STARTTLS && s->tls))
            continue;
        to += sprintf(to, "%s", keyword[i]);
        if (bit == HAS_SIZE)
            to += sprintf(to, " %u", (unsigned)p->size_max);
        if (bit == HAS_LIMITS && p->rcpt_max > 0)
            to += sprintf(to, " RCPTMAX=%u", (unsigned)p->rcpt_max);
        if (bit == HAS_LIMITS && p->mail_max > 0)
            to += sprintf(to, " MAILMAX=%u", (unsigned)p->mail_max);
        to += sprintf(to, "\n");
    }
    sprintf(to, "HELP");
}

static void hello(struct server *s, int is_extended)
{
    char words[400] = "soak.example";

    expect_alone(s, "EHLO");
    s->advertised = 0;
    if (is_extended && s->profile->helo_only) {
        answer(s, AT_NOTHING, 502, "not implemented");
        return;
    }
    if (is_extended)
        list_extensions(s, words);
    if (greet(s, AT_EHLO, 250, words))
        s->greeted = 1;
    if (is_extended && s->greeted)
        s->advertised = s->profile->has;
    reset(s);
}

static void starttls(struct server *s)
{
    const struct treatment *t;

    expect_alone(s, "STARTTLS");
    if (!(s->advertised & HAS_STARTTLS) || s->tls)
        violation(s, "not advertised", "STARTTLS");
    if (!greet(s, AT_STARTTLS, 220, "go ahead"))
        return;
    t = fault_at(s, AT_STARTTLS);
    if (t == NULL || t->kind == DO_SILENCE || t->kind == DO_LATE_REPLY)
        s->mode = MODE_TLS;
    s->greeted = 0;
}

/* The client's answers to LOGIN; the last one decides. */
static void login(struct server *s, const char *line)
{
    static const char *const right[] = { "c29haw==", "c2VjcmV0",
                                         "AHNvYWsAc2VjcmV0" };
    const int step = s->login;

    expect_alone(s, "AUTH");
    s->mode = MODE_COMMAND;
    s->login = 0;
    if (strcmp(line, right[step - 1]) != 0) {
        violation(s, "wrong credentials", line);
        say(s, 535, "wrong");
    } else if (step == 1) {
        s->mode = MODE_AUTH;
        s->login = 2;
        say(s, 334, "UGFzc3dvcmQ6");
    } else {
        greet(s, AT_AUTH, 235, "welcome");
    }
}

static void auth(struct server *s, const char *args)
{
    expect_alone(s, "AUTH");
    if (!(s->advertised & HAS_AUTH))
        violation(s, "not advertised", "AUTH");
    if (!s->tls && !s->witness->allows_clear)
        violation(s, "password in clear", "AUTH");
    s->login = strncasecmp(args, "PLAIN", 5) == 0 ? 3 : 1;
    args += 5;
    if (*args == ' ') {
        login(s, args + 1);
        return;
    }
    s->mode = MODE_AUTH;
    say(s, 334, s->login == 1 ? "VXNlcm5hbWU6" : "");
}

/* ---- transactions ---- */

/* The address in <>, or "". */
static void address_of(const char *line, char *to, size_t room)
{
    const char *from = strchr(line, '<');
    const char *end = from != NULL ? strchr(from, '>') : NULL;

    to[0] = '\0';
    if (end == NULL || (size_t)(end - from) > room)
        return;
    memcpy(to, from + 1, (size_t)(end - from) - 1);
    to[end - from - 1] = '\0';
}

/* What MAIL has behind the address must have been advertised. */
static void check_parameters(struct server *s, const char *line)
{
    static const struct {
        const char *words;
        int         bit;
    } parameter[] = { { " SIZE=", HAS_SIZE },
                      { " BODY=8BITMIME", HAS_8BITMIME },
                      { " BODY=BINARYMIME", HAS_BINARYMIME } };
    size_t i;

    for (i = 0; i < sizeof(parameter) / sizeof(parameter[0]); i++)
        if (strstr(line, parameter[i].words) != NULL
            && !(s->advertised & parameter[i].bit))
            violation(s, "not advertised", line);
    if ((s->advertised & HAS_LIMITS) && s->profile->mail_max > 0
        && s->mails >= s->profile->mail_max)
        violation(s, "beyond MAILMAX", line);
}

/* Too large, by what the client says. */
static int is_too_big(const struct server *s, const char *line)
{
    const char *size = strstr(line, " SIZE=");

    return size != NULL && s->profile->size_max > 0
           && strtoul(size + 6, NULL, 10) > s->profile->size_max;
}

static int mail(struct server *s, const char *line)
{
    char     from[80];
    unsigned place, code;
    uint32_t id;

    if (!s->greeted)
        violation(s, "MAIL before EHLO", line);
    if (s->in_mail) {
        if (!s->failed)
            violation(s, "MAIL within a transaction", line);
        say(s, 503, "nested MAIL");
        return 1;
    }
    address_of(line, from, sizeof(from));
    if (!mail_of_address(from, 's', &id, &place)) {
        violation(s, "sender of nobody", line);
        say(s, 550, "unknown sender");
        return 1;
    }
    if (s->id != id || !s->paused)
        s->witness->treat(s->witness->ctx, id, &s->now);
    s->id = id;
    if (waits(s, AT_MAIL))
        return 0;
    check_parameters(s, line);
    code = is_too_big(s, line) ? 552 : fault_code(s, AT_MAIL);
    note_cause(s, code, CAUSE_MAIL);
    reset(s);
    s->in_mail = code == 0;
    s->mails += s->in_mail;
    answer(s, AT_MAIL, code != 0 ? code : 250, "sender");
    return 1;
}

/* 552 without X.5.3 is final; alone it stands for 452 (RFC 5321 4.5.3.1.10). */
static int rcpt(struct server *s, const char *line)
{
    char     to[80];
    unsigned place, code;
    uint32_t id;

    if (!s->in_mail || s->failed) {
        say(s, 503, "MAIL first");
        return 1;
    }
    address_of(line, to, sizeof(to));
    s->seen++;
    if (waits(s, AT_RCPT)) {
        s->seen--;
        return 0;
    }
    if ((s->advertised & HAS_LIMITS) && s->profile->rcpt_max > 0
        && s->seen > s->profile->rcpt_max)
        violation(s, "beyond RCPTMAX", line);
    if (!mail_of_address(to, 'r', &id, &place)) {
        violation(s, "recipient of nobody", line);
        say(s, 550, "unknown recipient");
        return 1;
    }
    code = fault_code(s, AT_RCPT);
    if (code == 0)
        code = s->now.rcpt[place];
    if (code != 552 || (s->advertised & HAS_ENHANCED))
        note_cause(s, code, 1u << place);
    if (code < 300) {
        s->mixed += id != s->id;
        if (s->takes < SOAK_RCPTS)
            s->order[s->takes++] = place;
    }
    answer(s, AT_RCPT, code != 0 ? code : 250, "recipient");
    return 1;
}

static int data(struct server *s)
{
    unsigned code;

    expect_alone(s, "DATA");
    if (!s->in_mail || s->failed) {
        say(s, 503, "MAIL first");
        return 1;
    }
    if (s->takes == 0 && !s->profile->data_for_none) {
        say(s, 554, "no valid recipients");
        return 1;
    }
    if (waits(s, AT_DATA))
        return 0;
    code = fault_code(s, AT_DATA);
    note_cause(s, code, CAUSE_MAIL);
    if (code == 0 && s->now.stage == AT_DATA && s->now.kind == DO_JUNK)
        code = 399;            /* no message follows it */
    if (code == 0)
        s->mode = MODE_DATA;
    else if (code % 2 == 0)
        reset(s);
    answer(s, AT_DATA, code != 0 ? code : 354, "go ahead");
    return 1;
}

static void bdat(struct server *s, const char *line)
{
    char        *end;
    const size_t len = strtoul(line + 5, &end, 10);

    if (!(s->advertised & HAS_CHUNKING))
        violation(s, "not advertised", "BDAT");
    chunk_begins(s, len, strcasecmp(end, " LAST") == 0);
}

/* ---- all of them ---- */

static void quit(struct server *s)
{
    expect_alone(s, "QUIT");
    answer(s, AT_QUIT, 221, "bye");
    if (!s->closing)
        s->closing = CLOSE_FIN;
}

static int is_verb(const char *line, const char *verb)
{
    const size_t len = strlen(verb);

    return strncasecmp(line, verb, len) == 0
           && strchr(" :", line[len]) != NULL;
}

static int transaction_command(struct server *s, const char *line)
{
    if (is_verb(line, "MAIL FROM"))
        return mail(s, line);
    if (is_verb(line, "RCPT TO"))
        return rcpt(s, line);
    if (is_verb(line, "DATA"))
        return data(s);
    if (is_verb(line, "BDAT")) {
        bdat(s, line);
    } else if (is_verb(line, "RSET")) {
        reset(s);
        say(s, 250, "reset");
    } else {
        violation(s, "unknown command", line);
        say(s, 500, "unknown");
    }
    return 1;
}

int command(struct server *s, const char *line)
{
    const int is_lhlo = is_verb(line, "LHLO");

    if (s->mode == MODE_AUTH) {
        login(s, line);
    } else if (is_lhlo || is_verb(line, "EHLO")) {
        if (is_lhlo != s->profile->lmtp)
            violation(s, "greeting of the other protocol", line);
        if (waits(s, AT_EHLO))
            return 0;
        hello(s, 1);
    } else if (is_verb(line, "HELO")) {
        hello(s, 0);
    } else if (is_verb(line, "STARTTLS")) {
        if (waits(s, AT_STARTTLS))
            return 0;
        starttls(s);
    } else if (is_verb(line, "AUTH")) {
        if (waits(s, AT_AUTH))
            return 0;
        auth(s, line + 5);
    } else if (is_verb(line, "QUIT")) {
        if (waits(s, AT_QUIT))
            return 0;
        quit(s);
    } else {
        return transaction_command(s, line);
    }
    return 1;
}
