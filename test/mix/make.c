/* make.c - makes mails, servers and mixes from a seed. */
/* SPDX-License-Identifier: MIT */
#include "mix.h"

#include "duva/overlap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned draw(uint64_t *row, unsigned below)
{
    uint64_t x = *row += 0x9E3779B97F4A7C15u;

    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return (unsigned)((x ^ x >> 31) >> 32) % below;
}

/* One in so many. */
static int chance(uint64_t *row, unsigned of)
{
    return draw(row, of) == 0;
}

static void add(struct script *s, struct text *t, const char *more, size_t len)
{
    char *data = script_alloc(s, t->len + len + 1);

    if (t->len > 0)
        memcpy(data, t->data, t->len);
    memcpy(data + t->len, more, len);
    t->data = data;
    t->len += len;
}

/* ---- a mail ---- */

static const char *refusal(uint64_t *row)
{
    static const char *const said[] = {
        "450 4.2.1 later", "451 4.3.0 later", "452 4.5.3 too many",
        "500 5.5.2 what?", "550 5.1.1 unknown", "550 5.7.1 no",
        "552 5.2.2 full", "554 5.7.1 no",
        "550-5.7.1 no,\r\n550-5.7.1 and no more words,\r\n550 5.7.1 here",
        "450-4.7.1 later\r\n450 4.7.1 much later"
    };

    if (chance(row, 10))
        return "421 4.3.2 closing";
    return said[draw(row, sizeof(said) / sizeof(said[0]))];
}

static void make_answers(struct answers *a, uint64_t *row)
{
    size_t i;

    if (chance(row, 40))
        a->rset = refusal(row);
    if (chance(row, 10))
        a->mail = refusal(row);
    for (i = 0; i < RCPTS_MAX; i++)
        if (chance(row, 5))
            a->rcpt[i] = refusal(row);
    if (chance(row, 10))
        a->data = refusal(row);
    if (chance(row, 5))
        a->piece = refusal(row);
    a->piece_number = draw(row, 4);
    for (i = 0; i < RCPTS_MAX; i++)
        if (chance(row, 8))
            a->end[i] = refusal(row);
}

/* Text in lines, some of them dots, or any octets. */
static void make_body(struct script *s, struct given_mail *m, uint64_t *row)
{
    static const char *const line[] = {
        "RSET", "MAIL FROM:<x@x.example>", "DATA", ".", "..", "", ".x",
        "a line as many others are, of no great length but not a short one"
    };
    unsigned n = chance(row, 4) ? draw(row, 40) : draw(row, 6);

    for (; n > 0; n--) {
        const char *more = line[draw(row, sizeof(line) / sizeof(line[0]))];
        const char  octet = (char)draw(row, 256);

        add(s, &m->body, more, strlen(more));
        if (m->flags & DUVA_MAIL_BINARY)
            add(s, &m->body, &octet, 1);
        else if (m->flags & DUVA_MAIL_AS_IS || chance(row, 2))
            add(s, &m->body, "\r\n", 2);
        else
            add(s, &m->body, "\n", 1);
    }
    if (!(m->flags & (DUVA_MAIL_BINARY | DUVA_MAIL_AS_IS)) && chance(row, 6))
        add(s, &m->body, "the last line, not ended", 24);
    if (!(m->flags & (DUVA_MAIL_BINARY | DUVA_MAIL_AS_IS)) && chance(row, 24))
        add(s, &m->body, "a lone\rCR\n", 10);
}

void make_mail(struct script *s, struct given_mail *m, struct answers *a,
               uint64_t *row)
{
    static char none[] = "";

    m->from = none;
    m->to_count = 1 + draw(row, chance(row, 3) ? RCPTS_MAX : 3);
    m->policy = chance(row, 2) ? DUVA_ALL_OR_NOTHING
                               : DUVA_WHOEVER_IS_ACCEPTED;
    m->flags |= chance(row, 4) ? DUVA_MAIL_8BIT : 0;
    m->flags |= chance(row, 2) ? DUVA_MAIL_EXACT : 0;
    m->flags |= chance(row, 4) ? DUVA_MAIL_AS_IS : 0;
    m->flags |= chance(row, 3) ? DUVA_MAIL_BINARY : 0;
    make_body(s, m, row);
    if ((m->flags & DUVA_MAIL_BINARY)
        && ((m->flags & DUVA_MAIL_EXACT) || chance(row, 2)))
        m->size = m->body.len;
    else if ((m->flags & DUVA_MAIL_EXACT) || chance(row, 2))
        m->size_auto = 1;
    m->source_fails = chance(row, 40);
    make_answers(a, row);
}

/* ---- a server ---- */

static void offer(struct mix *m, const char *word)
{
    const size_t len = strlen(m->ehlo);

    if (len + strlen(word) + 7 < sizeof(m->ehlo))
        sprintf(m->ehlo + len, "250-%s\r\n", word);
}

/* What the dialogue of the mail offers, but for what the mix chooses. */
static void offer_others(struct mix *m, const struct script *s)
{
    static const char *const chosen[] = {
        "PIPELINING", "CHUNKING", "BINARYMIME", "SIZE", "8BITMIME",
        "STARTTLS", "AUTH", "LIMITS", "mx.example"
    };
    size_t i, k;

    for (i = 0; i < s->item_count && s->item[i].kind != CLIENT_SAYS; i++)
        ;
    for (i++; i < s->item_count && s->item[i].kind == SERVER_SAYS; i++) {
        const char *line = s->item[i].text.data;
        char        word[100];

        if (strncmp(line, "250", 3) != 0 || s->item[i].text.len > 90)
            return;
        sprintf(word, "%.*s", (int)strcspn(line + 4, "\r\n"), line + 4);
        for (k = 0; k < sizeof(chosen) / sizeof(chosen[0]); k++)
            if (strncmp(word, chosen[k], strlen(chosen[k])) == 0)
                break;
        if (k == sizeof(chosen) / sizeof(chosen[0])
            && strstr(m->ehlo, word) == NULL)
            offer(m, word);
    }
}

static void choose_server(struct mix *m, uint64_t *row)
{
    static const char *const sizes[] = { "SIZE", "SIZE 0", "SIZE 400" };
    char                     limits[40];

    m->habits = draw(row, 8);
    offer(m, "mx.example");
    if (!chance(row, 8))
        offer(m, "PIPELINING");
    if (chance(row, 2)) {
        offer(m, "CHUNKING");
        if (!chance(row, 4))
            offer(m, "BINARYMIME");
    }
    if (chance(row, 2))
        offer(m, sizes[draw(row, 3)]);
    if (chance(row, 2))
        offer(m, "8BITMIME");
    if (chance(row, 10)) {
        sprintf(limits, "LIMITS RCPTMAX=%u", 1 + draw(row, 3));
        offer(m, limits);
    } else if (chance(row, 20)) {
        sprintf(limits, "LIMITS MAILMAX=%u", 1 + draw(row, 3));
        offer(m, limits);
    }
}

static void choose_client(struct mix *m, uint64_t *row)
{
    static const size_t buffers[] = { 64, 65, 90, 128, 300, 1024, 4000 };
    struct script      *s = m->script;

    if (chance(row, 10))
        s->options |= DUVA_LMTP;
    if (chance(row, 20))
        s->options |= DUVA_LOCK_STEP;
    if (chance(row, 20))
        s->options |= DUVA_NO_CHUNKING;
    s->overlap = chance(row, 3) ? (int)draw(row, 3) : DUVA_OVERLAP_SHOWN;
    m->direct = chance(row, 4);
    m->one_by_one = s->window == 0 && chance(row, 2);
    m->buffer = buffers[draw(row, sizeof(buffers) / sizeof(buffers[0]))];
}

/* ---- a mix ---- */

/* The addresses tell which mail, and which recipient of it: what is no address
 * stays. */
static char *address(struct script *s, const char *was, const char *form,
                     size_t mail, size_t rcpt)
{
    char *addr = script_alloc(s, 64 + strlen(was));

    if (*was != '\0' && duva_address_check_utf8(was) != DUVA_REASON_NONE)
        return strcpy(addr, was);
    sprintf(addr, form, mail, rcpt);
    return addr;
}

static void name_people(struct script *s, struct given_mail *m, size_t number)
{
    char **to = script_alloc(s, m->to_count * sizeof(*to) + 1);
    size_t i;

    m->from = address(s, m->from, "s%zu@mix.example", number, 0);
    for (i = 0; i < m->to_count; i++)
        to[i] = address(s, m->to != NULL ? m->to[i] : "",
                        "m%zu.r%zu@example.net", number, i + 1);
    m->to = to;
    if (m->to_asks == NULL)
        m->to_asks = script_alloc(s, m->to_count * sizeof(*m->to_asks) + 1);
}

/* So does the message, in a first line. */
static void name_message(struct script *s, struct given_mail *m, size_t number)
{
    const struct text rest = m->body;
    char              line[32];

    m->body.len = 0;
    add(s, &m->body, line, (size_t)sprintf(line, "M: %zu\r\n", number));
    if ((m->size > 0 || (m->flags & DUVA_MAIL_EXACT)) && !m->size_auto)
        m->size += m->body.len;
    if (rest.len > 0)
        add(s, &m->body, rest.data, rest.len);
    if (m->size_auto && (m->flags & DUVA_MAIL_BINARY)) {
        m->size_auto = 0;      /* it has no lines to be counted */
        m->size = m->body.len;
    }
}

static void add_mail(struct mix *mix, const struct part *part, uint64_t *row)
{
    struct script     *s = mix->script;
    const size_t       i = s->mail_count++;
    struct given_mail *m = &s->mail[i];

    if (part != NULL) {
        *m = *part->mail;
        mix->answers[i] = part->answers;
        offer_others(mix, part->script);
    } else {
        make_mail(s, m, &mix->answers[i], row);
    }
    m->line = (unsigned)i + 1;
    s->plan[s->plan_count++] = (unsigned)i + 1;
    name_people(s, m, i + 1);
    name_message(s, m, i + 1);
    if ((m->flags & DUVA_MAIL_EXACT) && !m->size_auto
        && (m->size != m->body.len || m->source_fails))
        mix->direct = 0;       /* what it said would not be there */
}

static char *copied(struct script *s, const char *words)
{
    return strcpy(script_alloc(s, strlen(words) + 1), words);
}

void mix_begin(struct mix *m, const struct part *const *part, size_t count,
               unsigned long seed)
{
    static const uint32_t windows[] = { 0, 1, 2, 3, 16 };
    uint64_t              row = seed;
    const size_t          made = 2 + draw(&row, MAILS_MAX - 1);
    struct script        *s = calloc(1, sizeof(*s));
    char                 *line;
    size_t                i;

    if (s == NULL)
        exit(1);
    memset(m, 0, sizeof(*m));
    m->script = s;
    s->path = "mix";
    s->name = copied(s, "mix");
    s->hello = copied(s, "client.example");
    s->tls = DUVA_TLS_NEVER;
    s->window = windows[seed % (sizeof(windows) / sizeof(windows[0]))];
    s->mail = script_alloc(s, MAILS_MAX * sizeof(*s->mail));
    s->plan = script_alloc(s, MAILS_MAX * sizeof(*s->plan));
    choose_server(m, &row);
    choose_client(m, &row);
    for (i = 0; i < (count > 0 ? count : made); i++)
        add_mail(m, count > 0 ? part[i] : NULL, &row);
    line = m->ehlo;
    while (strstr(line, "\r\n250") != NULL)
        line = strstr(line, "\r\n250") + 2;
    line[3] = ' ';
    m->ehlo[strlen(m->ehlo) - 2] = '\0';
}

void mix_end(struct mix *m)
{
    script_free(m->script);
}
