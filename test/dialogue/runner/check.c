/* check.c - compares what a script wants with what the client has. */
/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "duva/overlap.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_SIZE 64          /* room for the words of a recipient's reply */

static void *zeroed(size_t count, size_t size)
{
    void *p = calloc(count > 0 ? count : 1, size);

    if (p == NULL) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return p;
}

#if DUVA_WITH_SIZE
static void set_size(duva_mail *m, const struct given_mail *given)
{
    duva_body body;

    m->size = given->size;
    if (given->size_auto) {
        memset(&body, 0, sizeof(body));
        duva_body_check(&body, given->body.data, given->body.len);
        duva_body_check_end(&body);
        m->size = body.octets;
    }
}
#else
#define set_size(m, given) ((void)0)
#endif

static void make_mail(duva_mail *m, const struct given_mail *given,
                      char *words)
{
    size_t i;

    m->from = given->from;
    m->rcpt = zeroed(given->to_count, sizeof(*m->rcpt));
    m->rcpt_count = given->to_count;
    m->policy = given->policy;
    m->flags = given->flags;
    set_size(m, given);
#if SCRIPT_EXTRAS
    m->extras = given->asks;
#endif
    for (i = 0; i < given->to_count; i++) {
        m->rcpt[i].addr = given->to[i];
        m->rcpt[i].text = words + i * WORDS_SIZE;
        m->rcpt[i].text_size = WORDS_SIZE;
#if SCRIPT_EXTRAS
        m->rcpt[i].extras = given->to_asks[i];
#endif
    }
}

void played_begin(struct played *p, const struct script *s)
{
    size_t i;

    memset(p, 0, sizeof(*p));
    p->script = s;
    p->mail = zeroed(s->mail_count, sizeof(*p->mail));
    p->begun = zeroed(s->mail_count, 1);
    p->words = zeroed(s->mail_count, sizeof(*p->words));
    for (i = 0; i < s->mail_count; i++) {
        p->words[i] = zeroed(s->mail[i].to_count, WORDS_SIZE);
        make_mail(&p->mail[i], &s->mail[i], p->words[i]);
    }
}

void played_end(struct played *p)
{
    size_t i;

    for (i = 0; i < p->script->mail_count; i++) {
        free(p->words[i]);
        free(p->mail[i].rcpt);
    }
    free(p->words);
    free(p->mail);
    free(p->begun);
    free(p->trace[0].data);
    free(p->trace[1].data);
    free(p->unanswered.data);
}

/* ---- the trace ---- */

static size_t room_for(size_t len)
{
    size_t room = 256;

    while (room <= len)
        room *= 2;
    return room;
}

static void append(struct text *t, const char *text, size_t len)
{
    if (t->data == NULL || room_for(t->len) != room_for(t->len + len)) {
        t->data = realloc(t->data, room_for(t->len + len));
        if (t->data == NULL)
            exit(1);
    }
    memcpy(t->data + t->len, text, len);
    t->len += len;
    t->data[t->len] = '\0';
}

static duva_stage stage_of_verb(const char *line)
{
    static const struct {
        const char *verb;
        duva_stage  stage;
    } known[] = {
        { "EHLO ", DUVA_STAGE_EHLO }, { "HELO ", DUVA_STAGE_EHLO },
        { "LHLO ", DUVA_STAGE_EHLO }, { "STARTTLS", DUVA_STAGE_STARTTLS },
        { "RSET", DUVA_STAGE_RSET }, { "MAIL ", DUVA_STAGE_MAIL },
        { "RCPT ", DUVA_STAGE_RCPT }, { "DATA", DUVA_STAGE_DATA },
        { "BDAT ", DUVA_STAGE_BODY }, { "BURL ", DUVA_STAGE_BODY },
        { ".", DUVA_STAGE_END }, { "QUIT", DUVA_STAGE_QUIT }
    };
    size_t i;

    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strncmp(line, known[i].verb, strlen(known[i].verb)) == 0)
            return known[i].stage;
    return DUVA_STAGE_AUTH;    /* AUTH, or a response */
}

/* A line of the client has the stage of its verb. */
static void check_command(struct played *p, const duva_trace_event *event)
{
    const char stage = (char)event->stage;
    size_t     i;

    for (i = 0; i < event->len && p->line_len < sizeof(p->line); i++)
        p->line[p->line_len++] = event->text[i];
    if (!event->ends)
        return;
    if (event->stage != DUVA_STAGE_AUTH
        && stage_of_verb(p->line) != event->stage)
        played_fail(p, 1, "\"%.8s\" is traced at %s", p->line,
                    duva_stage_name(event->stage));
    p->line_len = 0;
    append(&p->unanswered, &stage, 1);
}

/* A reply has the stage of the first command that has none. */
static void check_reply(struct played *p, const duva_trace_event *event)
{
    duva_stage stage = DUVA_STAGE_GREETING;

    if (!event->last || (p->script->options & SCRIPT_LMTP))
        return;
    if (p->greeted) {
        if (p->answered == p->unanswered.len)
            return;            /* it was not asked for */
        stage = (duva_stage)p->unanswered.data[p->answered++];
    }
    p->greeted = 1;
    if (event->stage != (stage == DUVA_STAGE_BODY ? DUVA_STAGE_END : stage))
        played_fail(p, 1, "a reply to %s is traced at %s",
                    duva_stage_name(stage), duva_stage_name(event->stage));
}

static void record(void *ctx, const duva_trace_event *event)
{
    struct played *p = ctx;
    struct text   *t = &p->trace[event->from == 'S'];

    append(t, event->text, event->len);
    if (event->from != 'S' && event->from != 'C')
        played_fail(p, 0, "trace from '%c'", event->from);
    if (event->ends != (event->len > 0
                        && event->text[event->len - 1] == '\n')
        || (event->last && !event->ends))
        played_fail(p, 1, "a line of the trace does not end where it should");
    if (event->from == 'S')
        check_reply(p, event);
    else if (event->stage != DUVA_STAGE_TLS)
        check_command(p, event);
}

void played_config(struct played *p, duva_config *config)
{
    memset(config, 0, sizeof(*config));
    config->name = p->script->hello;
    config->tls = p->script->tls;
    config->options = p->script->options;
    config->timeout_ms = p->script->limit;
#if DUVA_WITH_PIPELINING
    config->window = p->script->window;
#endif
#if DUVA_WITH_STOP
    config->stop_after = p->script->stop_after;
#endif
    config->trace = record;
    config->trace_ctx = p;
}

void played_overlap(const struct played *p, duva_engine *e)
{
#if !DUVA_WITH_PIPELINING
    (void)p;
    (void)e;
#else
    duva_overlap_set(e, (duva_overlap)p->script->overlap);
#endif
}

void played_fail(struct played *p, unsigned line, const char *format, ...)
{
    va_list args;
    int     n;

    if (p->why[0] != '\0')
        return;
    n = snprintf(p->why, sizeof(p->why), "%s:%u: ", p->script->path, line);
    va_start(args, format);
    vsnprintf(p->why + n, sizeof(p->why) - (size_t)n, format, args);
    va_end(args);
}

const char *shown(const void *data, size_t len)
{
    enum { SIZE = 200 };
    static char text[2 * SIZE];
    static int  half;
    char       *out = text + (half ^= SIZE);
    const char *at = data;
    size_t      n = 0;

    for (; len > 0 && n + 8 < SIZE; len--, at++) {
        if (*at == '\r' || *at == '\n')
            n += (size_t)sprintf(out + n, "\\%c", *at == '\r' ? 'r' : 'n');
        else if (*at < ' ' || *at == 0x7F)
            n += (size_t)sprintf(out + n, "\\x%02X", (unsigned char)*at);
        else
            out[n++] = *at;
    }
    memcpy(out + n, len > 0 ? "..." : "", len > 0 ? 4 : 1);
    return out;
}

#if DUVA_WITH_SIZE
#define SIZE_MAX_OF(caps) ((caps)->size_max)
#else
#define SIZE_MAX_OF(caps) 0
#endif

static const char *enhanced(const duva_status *s)
{
    static char text[24] = "none";

#if DUVA_WITH_ENHANCED
    strcpy(text, "none");
    if (s->enhanced[0] != 0)
        sprintf(text, "%u.%u.%u", s->enhanced[0], s->enhanced[1],
                s->enhanced[2]);
#else
    (void)s;
#endif
    return text;
}

static const char *number(uint64_t n)
{
    static char text[24];

    sprintf(text, "%llu", (unsigned long long)n);
    return text;
}

/* The value of a key, as a script would write it. */
static const char *value_of(const char *key, const duva_result *r,
                            const char *words)
{
    if (strcmp(key, "verdict") == 0)
        return duva_verdict_name(r->verdict);
    if (strcmp(key, "err") == 0)
        return duva_err_name(r->err);
    if (strcmp(key, "reason") == 0)
        return duva_reason_name(r->reason);
    if (strcmp(key, "where") == 0)
        return number(r->where);
    if (strcmp(key, "reply") == 0)
        return number(r->status.code);
    if (strcmp(key, "enhanced") == 0)
        return enhanced(&r->status);
    if (strcmp(key, "at") == 0)
        return duva_stage_name((duva_stage)r->status.stage);
    return words;
}

#if !DUVA_WITH_ENHANCED
/* The enhanced codes stay in the text. */
static const char *plain(const char *text)
{
    static char out[DUVA_TEXT_SIZE];
    size_t      n = 0;

    while (*text != '\0') {
        unsigned code[3];
        int      len = 0;

        if (sscanf(text, "%1u.%3u.%3u%n", &code[0], &code[1], &code[2], &len)
                == 3
            && (text[len] == ' ' || text[len] == '\0'))
            text += text[len] == ' ' ? len + 1 : len;
        len = (int)strcspn(text, "\n");
        len += text[len] == '\n';
        memcpy(out + n, text, (size_t)len);
        n += (size_t)len;
        text += len;
    }
    out[n] = '\0';
    return out;
}
#endif

static void want(struct played *p, const struct item *it, const char *key,
                 const char *wanted, const char *got)
{
#if !DUVA_WITH_ENHANCED
    if (strcmp(key, "enhanced") == 0)
        return;
    if (strcmp(key, "text") == 0 && strcmp(wanted, got) != 0)
        got = plain(got);
#endif
    if (strcmp(wanted, got) != 0)
        played_fail(p, it->line, "%s: expected \"%s\", got \"%s\"", key,
                    shown(wanted, strlen(wanted)), shown(got, strlen(got)));
}

/* What the item does not mention has to be as in a result without trouble. */
static void want_all(struct played *p, const struct item *it,
                     const duva_result *r, const char *words, int whole)
{
    static const char *const usual[][2] = {
        { "err", "ok" }, { "reason", "none" }, { "where", "0" }
    };
    size_t i;
    unsigned k;

    for (k = 0; k < it->wants; k++)
        want(p, it, it->want[k].key, it->want[k].value.data,
             value_of(it->want[k].key, r, words));
    for (i = 0; whole && i < sizeof(usual) / sizeof(usual[0]); i++) {
        for (k = 0; k < it->wants; k++)
            if (strcmp(it->want[k].key, usual[i][0]) == 0)
                break;
        if (k == it->wants)
            want(p, it, usual[i][0], usual[i][1],
                 value_of(usual[i][0], r, words));
    }
}

static void check_rcpt(struct played *p, const struct item *it)
{
    const duva_mail *m = &p->mail[it->mail - 1];
    duva_result      r;
    size_t           i;

    memset(&r, 0, sizeof(r));
    for (i = 0; i < m->rcpt_count; i++) {
        if (it->rcpt != 0 && it->rcpt != i + 1)
            continue;
        r.verdict = m->rcpt[i].verdict;
        r.status = m->rcpt[i].status;
        want_all(p, it, &r, m->rcpt[i].text, 0);
    }
}

static void check_offers(struct played *p, const struct item *it,
                         const duva_caps *caps)
{
    static const char *const mechanism[] = {
        "plain", "login", "cram-md5", "scram-sha-1", "scram-sha-256",
        "scram-sha-512", "scram-sha-1-plus", "scram-sha-256-plus",
        "scram-sha-512-plus", "oauthbearer", "xoauth2", "external",
        "anonymous"
    };
    char got[256];
    int  n, i;

    n = sprintf(got, "%s%s%s%s%s%s%s%s%s",
                caps->bits & DUVA_CAP_EHLO ? " ehlo" : "",
                caps->bits & DUVA_CAP_PIPELINING ? " pipelining" : "",
                caps->bits & DUVA_CAP_SIZE ? " size=" : "",
                caps->bits & DUVA_CAP_SIZE ? number(SIZE_MAX_OF(caps)) : "",
                caps->bits & DUVA_CAP_8BITMIME ? " 8bitmime" : "",
                caps->bits & DUVA_CAP_STARTTLS ? " starttls" : "",
                caps->bits & DUVA_CAP_CHUNKING ? " chunking" : "",
                caps->bits & DUVA_CAP_BINARYMIME ? " binarymime" : "",
                caps->bits & DUVA_CAP_AUTH ? " auth" : "");
    for (i = 0; i < 13; i++)
        if (caps->auth >> i & 1)
            n += sprintf(got + n, " %s", mechanism[i]);
    want(p, it, "offers", it->text.data,
         got[0] != '\0' ? got + 1 : "nothing");
}

static void check_traced(struct played *p, const struct item *it)
{
    const struct text *t = &p->trace[it->text.data[0] == 'S'];
    char              *line = zeroed(it->text.len + 3, 1);

    sprintf(line, "%s\r\n", it->text.len > 3 ? it->text.data + 3 : "");
    if (t->data == NULL || strstr(t->data, line) == NULL)
        played_fail(p, it->line, "not in the trace: \"%s\"",
                    shown(line, strlen(line)));
    free(line);
}

void check_item(struct played *p, const struct item *it, const duva_engine *e)
{
    const duva_result *r = duva_outcome(e);

    switch (it->kind) {
    case THEN_MAIL:
        r = &p->mail[it->mail - 1].result;
        want_all(p, it, r, r->text, 1);
        break;
    case THEN_RCPT:
        check_rcpt(p, it);
        break;
    case THEN_SESSION:
        want_all(p, it, r, r->text, 1);
        break;
    case THEN_OFFERS:
        check_offers(p, it, duva_server(e));
        break;
    case THEN_TOLD:
        want(p, it, "told", it->text.data, p->said);
        break;
    default:
        check_traced(p, it);
    }
}

static int holds(const void *data, size_t size, const char *what, size_t len)
{
    const char *at = data;
    size_t      i;

    for (i = 0; i + len <= size; i++)
        if (memcmp(at + i, what, len) == 0)
            return 1;
    return 0;
}

/* The base64 characters that depend on nothing but the password, when it
 * begins shift octets after a border of three. */
static size_t base64_inside(const char *pass, size_t shift, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const size_t      end = 8 * (shift + strlen(pass));
    size_t            at, bit, n = 0;

    for (at = (8 * shift + 5) / 6 * 6; at + 6 <= end; at += 6) {
        unsigned value = 0;

        for (bit = at; bit < at + 6; bit++)
            value = value << 1
                    | ((unsigned)pass[bit / 8 - shift] >> (7 - bit % 8) & 1u);
        out[n++] = digits[value];
    }
    return n;
}

static void check_password(struct played *p, const char *where,
                           const void *data, size_t size)
{
    const char *pass = p->script->pass;
    char       *form;
    size_t      shift, len;

    if (holds(data, size, pass, strlen(pass)))
        played_fail(p, 0, "the password is in %s", where);
    form = zeroed(2 * strlen(pass) + 4, 1);
    for (shift = 0; shift < 3; shift++) {
        len = base64_inside(pass, shift, form);
        if (len > 3 && holds(data, size, form, len))
            played_fail(p, 0, "the password is in %s, in base64", where);
    }
    free(form);
}

/* What the client says in AUTH, but its commands. */
static struct text answer(const struct script *s, size_t i)
{
    struct text t = s->item[i].text;
    const char *space;

    t.len = t.len > 2 ? t.len - 2 : 0;
    if (strncmp(t.data, "AUTH ", 5) == 0) {
        space = memchr(t.data + 5, ' ', t.len - 5);
        t.len = space != NULL ? t.len - (size_t)(space + 1 - t.data) : 0;
        t.data += space != NULL ? space + 1 - t.data : 0;
    } else if (i == 0 || s->item[i - 1].kind != SERVER_SAYS
               || strncmp(s->item[i - 1].text.data, "334", 3) != 0
               || strcmp(t.data, "QUIT\r\n") == 0) {
        t.len = 0;
    }
    return t;
}

void check_secret(struct played *p, const char *where, const void *data,
                  size_t size)
{
    const struct script *s = p->script;
    size_t               i;

    if (s->mechanism == 0 || size == 0)
        return;
    if (s->pass != NULL)
        check_password(p, where, data, size);
    for (i = 0; i < s->item_count; i++)
        if (s->item[i].kind == CLIENT_SAYS) {
            const struct text t = answer(s, i);

            if (t.len > 2 && holds(data, size, t.data, t.len))
                played_fail(p, s->item[i].line, "this is in %s", where);
        }
}
