/* plan.c - a random configuration, and random mails. */
/* SPDX-License-Identifier: MIT */
#include "play.h"

#include <string.h>

static void add(body *b, const char *text, size_t len)
{
    if (b->len + len > BODY)
        return;
    memcpy(b->data + b->len, text, len);
    b->len += len;
}

static void make_body(play *p, body *b, int raw)
{
    static const char *const parts[]
        = { "Hello\r\n", ".",      "\n",   "a line\n",  "..\r\n",
            ".\r\n",     "no end", "\r\n", "\xC3\xA5\n" };
    static const char unfit[] = "\0\rx";
    char longest[999];

    memset(longest, 'x', sizeof longest);
    b->len = b->given = 0;
    unsigned n = choose(p->choices, 8);
    for (unsigned i = 0; i < n; i++) {
        const char *part = parts[choose(p->choices, 9)];
        add(b, part, strlen(part));
    }
    if (chance(p->choices, 20)) {
        unsigned which = choose(p->choices, 4);
        if (which < 2)
            add(b, unfit + which, 1);
        else
            add(b, longest, 996 + which); /* 998 or 999 */
    }
    if (raw && chance(p->choices, 3))
        add(b, unfit, 3);
    if (n && chance(p->choices, 3))
        add(b, "more\r\n", 6);
    if (chance(p->choices, 30))
        for (int i = 0; i < 40; i++)
            add(b, "many lines of a message\n", 24);
}

/* The length on the wire, without dots; what cannot be sent counts somehow. */
static uint64_t wire_size(const body *b, int raw)
{
    uint64_t n = 0;

    if (raw)
        return b->len;
    for (size_t i = 0; i < b->len; i++)
        n += b->data[i] == '\n' && (i == 0 || b->data[i - 1] != '\r') ? 2u : 1u;
    if (b->len && b->data[b->len - 1] != '\n')
        n += 2;
    return n;
}

void plan_mail(play *p, int k)
{
    static const char *const domains[]
        = { "example.net", "example.org", "mail.example" };
    static const size_t sizes[] = { WORDS, 0, 1, 9 };
    choices *c = p->choices;
    duva_mail *m = &p->mail[k];

    memset(m, 0, sizeof *m);
    memset(p->rcpt[k], 0, sizeof p->rcpt[k]);
    m->rcpt_count = 1 + choose(c, chance(c, 2) ? RCPTS : 2);
    m->rcpt = p->rcpt[k];
    snprintf(p->address[k][RCPTS], 80, "sender%d@example.org", k + 1);
    m->from = chance(c, 12) ? "" : p->address[k][RCPTS];
    for (size_t i = 0; i < m->rcpt_count; i++) {
        snprintf(p->address[k][i], 80, "r%d.%d%s@%s", k + 1, (int)i + 1,
                 chance(c, 16) ? ".with.a.rather.long.local.part" : "",
                 domains[choose(c, 3)]);
        m->rcpt[i].addr = p->address[k][i];
        m->rcpt[i].text = p->text[k][i];
        m->rcpt[i].text_size = sizes[choose(c, 4)];
    }
    m->policy = choose(c, 2) ? DUVA_WHOEVER_IS_ACCEPTED : DUVA_ALL_OR_NOTHING;
    m->flags = (uint8_t)(chance(c, 4) ? DUVA_MAIL_8BIT : 0);
    if (chance(c, 2))
        m->flags |= DUVA_MAIL_EXACT;
    if (chance(c, 4))
        m->flags |= DUVA_MAIL_AS_IS;
    if (chance(c, 6))
        m->flags |= DUVA_MAIL_BINARY;
    /* With BDAT an AS_IS message is not changed; with DATA it is, so that its
     * exact length holds for both only when it is fit for the wire. */
    int raw = (m->flags & (DUVA_MAIL_AS_IS | DUVA_MAIL_BINARY)) != 0;
    make_body(p, &p->body[k], raw);
    if (m->flags & DUVA_MAIL_EXACT || chance(c, 3))
        m->size = wire_size(&p->body[k], raw);
    if (chance(c, 24))
        m->size += 1 + choose(c, 3);
    else if (m->size > 0 && chance(c, 24))
        m->size--;
    if (m->size == 0)
        m->flags &= (uint8_t)~DUVA_MAIL_EXACT;
}

void plan(play *p)
{
    static const uint32_t windows[] = { 0, 1, 2, 3, 16 };
    static const unsigned accidents[] = { 1000, 10000, 200, 40 };
    choices *c = p->choices;

    memset(&p->config, 0, sizeof p->config);
    p->config.name = "client.example";
    p->config.tls = DUVA_TLS_NEVER;
    p->config.window = windows[choose(c, 5)];
    if (chance(c, 5))
        p->config.options |= DUVA_LMTP;
    if (chance(c, 10))
        p->config.options |= DUVA_LOCK_STEP;
    if (chance(c, 6))
        p->config.options |= DUVA_NO_CHUNKING;
    server_init(&p->server, c, (p->config.options & DUVA_LMTP) != 0);
    p->accidents = accidents[choose(c, 4)];
    p->haste = 1 + choose(c, 6);
}
