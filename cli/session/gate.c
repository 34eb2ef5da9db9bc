/* gate.c - a link into one that lets no command past a stage. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>

#include "session/gate.h"

static const char *const name[] = {
    "never", "connect", "greeting", "ehlo", "tls", "auth", "mail", "rcpt",
    "data"
};

enum cli_halt cli_halt_parse(const char *word)
{
    unsigned i;

    for (i = CLI_HALT_CONNECT; i <= CLI_HALT_DATA; i++)
        if (strcmp(word, name[i]) == 0)
            return (enum cli_halt)i;
    return CLI_HALT_NEVER;
}

const char *cli_halt_name(enum cli_halt stop)
{
    return name[stop];
}

static int begins(const char *data, size_t len, const char *verb)
{
    const size_t n = strlen(verb);

    return len >= n && memcmp(data, verb, n) == 0;
}

/* Is this the first word of what comes after the stage to stop at?  Between
 * EHLO and AUTH the engine stops by itself where there is no STARTTLS. */
static int is_past(const struct cli_gate *g, const char *data, size_t len)
{
    if (g->mid_line)
        return 0;
    switch (g->stop) {
    case CLI_HALT_GREETING:
        return begins(data, len, "EHLO ") || begins(data, len, "HELO ")
               || begins(data, len, "LHLO ");
    case CLI_HALT_EHLO:
        return begins(data, len, "STARTTLS\r");
    case CLI_HALT_MAIL:
        return begins(data, len, "RCPT ");
    case CLI_HALT_RCPT:
        return begins(data, len, "DATA\r");
    case CLI_HALT_DATA:
        return g->owner->in_message(g->owner->ctx);
    default:
        return 0;
    }
}

/* What is said in clear words, above TLS or where there is none. */
static int say(struct cli_gate *g, duva_link *to, const void *data,
               size_t len)
{
    int n;

    if (is_past(g, data, len)) {
        g->reached = 1;
        return DUVA_ERR_CANCELLED;
    }
    n = to->ops->write(to, data, len);
    if (n > 0) {
        g->mid_line = ((const char *)data)[n - 1] != '\n';
        g->owner->passed(g->owner->ctx);
    }
    return n;
}

/* ---- before TLS, and under it ---- */

static struct cli_gate *of_clear(duva_link *l)
{
    return (struct cli_gate *)((char *)l - offsetof(struct cli_gate, clear));
}

static int clear_read(duva_link *l, void *buf, size_t len)
{
    duva_link *under = of_clear(l)->under;
    const int n = under->ops->read(under, buf, len);

    l->cause = under->cause;
    return n;
}

static int clear_write(duva_link *l, const void *buf, size_t len)
{
    struct cli_gate *g = of_clear(l);
    const int n = g->shaking ? g->under->ops->write(g->under, buf, len)
                             : say(g, g->under, buf, len);

    l->cause = g->under->cause;
    return n;
}

static int clear_wait(duva_link *l, unsigned can, uint32_t ms)
{
    duva_link *under = of_clear(l)->under;
    const int n = under->ops->wait(under, can, ms);

    l->cause = under->cause;
    return n;
}

static void clear_close(duva_link *l)
{
    duva_link *under = of_clear(l)->under;

    under->ops->close(under);
}

/* ---- inside TLS ---- */

static int copy(struct cli_gate *g, int n)
{
    g->tls.link.cause = g->inner->link.cause;
    g->tls.want = g->inner->want;
    g->tls.reason = g->inner->reason;
    g->tls.under = g->inner->under;
    return n;
}

static int tls_read(duva_link *l, void *buf, size_t len)
{
    struct cli_gate *g = (struct cli_gate *)l;
    duva_link *inner = &g->inner->link;

    return copy(g, inner->ops->read(inner, buf, len));
}

static int tls_write(duva_link *l, const void *buf, size_t len)
{
    struct cli_gate *g = (struct cli_gate *)l;

    return copy(g, say(g, &g->inner->link, buf, len));
}

static int tls_wait(duva_link *l, unsigned can, uint32_t ms)
{
    struct cli_gate *g = (struct cli_gate *)l;
    duva_link *inner = &g->inner->link;

    return copy(g, inner->ops->wait(inner, can, ms));
}

static void tls_close(duva_link *l)
{
    struct cli_gate *g = (struct cli_gate *)l;
    duva_link *inner = &g->inner->link;

    inner->ops->close(inner);
    copy(g, 0);
}

static int handshake(duva_tls *t, duva_link *under, const char *host,
                     duva_tls_info *info)
{
    struct cli_gate *g = (struct cli_gate *)t;
    int n;

    g->shaking = 1;
    n = copy(g, g->inner->handshake(g->inner, under, host, info));
    if (n == 1)
        g->owner->secured(g->owner->ctx, info);
    return n;
}

void cli_gate_open(struct cli_gate *g, duva_link *under, duva_tls *inner,
                   const struct cli_gate_owner *owner, enum cli_halt stop)
{
    static const duva_link_ops clear_ops = {
        clear_read, clear_write, clear_wait, clear_close
    };
    static const duva_link_ops tls_ops = {
        tls_read, tls_write, tls_wait, tls_close
    };

    memset(g, 0, sizeof(*g));
    g->tls.link.ops = &tls_ops;
    g->tls.handshake = handshake;
    g->clear.ops = &clear_ops;
    g->under = under;
    g->inner = inner;
    g->owner = owner;
    g->stop = (uint8_t)stop;
}
