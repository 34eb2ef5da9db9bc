/* mailbox.c - parses lists of mailboxes into names and addresses. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "envelope/mailbox.h"

struct cli_mailbox_text {
    struct cli_mailbox_text *next;
    char text[];
};

static const char no_memory[] = "not enough memory";

/* ---- where one mailbox ends ---- */

/* The parts of a mailbox, as offsets of its text. */
struct cut {
    size_t end;                /* of it: a comma, a colon, a semicolon, NUL */
    size_t open, close;        /* its angle brackets; both 0: it has none */
    size_t note;               /* the first comment behind its last word; end:
                                  it has none */
};

static int is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* Octets of the quoted string, comment or domain literal at s, or of one
 * character; 0: it does not end. */
static size_t token(const char *s)
{
    const char close = *s == '"' ? '"' : *s == '(' ? ')' : ']';
    size_t depth = 1, i;

    if (*s != '"' && *s != '(' && *s != '[')
        return 1;
    for (i = 1; s[i] != '\0' && depth > 0; i++) {
        if (s[i] == '\\' && s[i + 1] != '\0')
            i++;
        else if (s[i] == close)
            depth--;
        else if (*s == '(' && s[i] == '(')
            depth++;
    }
    return depth == 0 ? i : 0;
}

static const char *take_bracket(struct cut *c, char bracket, size_t i)
{
    if (bracket == '<' && c->open == 0 && c->close == 0) {
        c->open = i + 1;       /* so that 0 can mean: none */
        return NULL;
    }
    if (bracket == '>' && c->open > 0 && c->close == 0) {
        c->close = i;
        return NULL;
    }
    return bracket == '<' ? "a second '<'" : "a '>' without its '<'";
}

static const char *endless(char open)
{
    return open == '"'   ? "a quote that is not closed"
           : open == '(' ? "a comment that is not closed"
                         : "a '[' without its ']'";
}

static const char *find_end(const char *s, struct cut *c)
{
    size_t i = 0, n;
    int    begun = 0;
    const char *problem = NULL;

    memset(c, 0, sizeof(*c));
    for (; s[i] != '\0' && problem == NULL; i += n) {
        if ((c->open == 0 || c->close > 0) && strchr(",;:", s[i]) != NULL)
            break;
        n = token(s + i);
        if (n == 0)
            problem = endless(s[i]);
        else if (s[i] == '<' || s[i] == '>')
            problem = take_bracket(c, s[i], i);
        if (s[i] != '(' && !is_space(s[i])) {
            begun = 1;
            c->note = 0;
        } else if (s[i] == '(' && begun && c->note == 0) {
            c->note = i;
        }
    }
    if (problem == NULL && c->open > 0 && c->close == 0)
        problem = "a '<' without its '>'";
    c->end = i;
    if (c->note == 0)
        c->note = i;
    return problem;
}

/* ---- its name and its address ---- */

/* Octets before the "@", or of all when there is none. */
static size_t local_part(const char *addr)
{
    size_t i = 0, n = 1;

    for (; addr[i] != '\0' && addr[i] != '@' && n > 0; i += n)
        n = addr[i] == '"' ? token(addr + i) : 1;
    return i;
}

static int is_joint(char c)
{
    return c == '.' || c == '@';
}

/* "a b".c@d is "a b.c"@d to SMTP: the local part, len octets with a quoted
 * string in it, into one pair of quotes (RFC 5322 4.4, RFC 5321 4.1.2). */
static void quote_all(char *addr, size_t len)
{
    size_t i, n, out = 0;

    for (i = 0; i < len; i += n) {
        const size_t quote = addr[i] == '"';

        n = token(addr + i);
        memmove(addr + out, addr + i + quote, n - 2 * quote);
        out += n - 2 * quote;
    }
    memmove(addr + out + 2, addr + len, strlen(addr + len) + 1);
    memmove(addr + 1, addr, out);
    addr[0] = addr[out + 1] = '"';
}

/* Copies the words of an address and what joins them, without the white space
 * and the comments between (RFC 5322 3.4.1, 4.4), and a NUL.  Words that
 * nothing joins keep one space, for others to refuse.  Returns whether its
 * local part is made of several, and quoted ones among them. */
static int copy_words(char *to, const char *from, const char *end)
{
    char *const start = to;
    int gap = 0, at = 0, joints = 0, quoted = 0, apart = 0;
    size_t n;

    for (; from < end; from += n) {
        n = token(from);
        if (*from == '(' || is_space(*from)) {
            gap = 1;
            continue;
        }
        if (to > start && !is_joint(*from) && !is_joint(to[-1])) {
            apart |= gap || *from == '"' || to[-1] == '"';
            if (gap)
                *to++ = ' ';
        }
        gap = 0;
        at |= *from == '@';
        joints += !at && *from == '.';
        quoted += !at && *from == '"';
        memcpy(to, from, n);
        to += n;
    }
    *to = '\0';
    return at && joints > 0 && quoted > 0 && !apart;
}

/* Returns where the next text may begin. */
static char *put_address(char *to, const char *from, const char *end,
                         int lenient)
{
    if (copy_words(to, from, end) && lenient)
        quote_all(to, local_part(to));
    return to + strlen(to) + 1;
}

/* What is in a quoted string or a comment, as a person reads it. */
static char *put_inner(char *to, const char *from, const char *end)
{
    for (; from < end; from++) {
        if (*from == '\\' && from + 1 < end)
            from++;
        *to++ = is_space(*from) ? ' ' : *from;
    }
    return to;
}

/* A name without its quotes and comments; spaces outside of quotes count as
 * one. */
static char *put_name(char *to, const char *from, const char *end)
{
    char *const start = to;
    size_t n;
    int    space = 0;

    for (; from < end; from += n) {
        n = token(from);
        if (*from == '(' || is_space(*from)) {
            space = 1;
            continue;
        }
        if (space && to > start)
            *to++ = ' ';
        space = 0;
        if (*from == '"') {
            to = put_inner(to, from + 1, from + n - 1);
        } else {
            memcpy(to, from, n);
            to += n;
        }
    }
    *to = '\0';
    return to + 1;
}

/* The comment at from as a name. */
static char *put_note(char *to, const char *from)
{
    to = put_inner(to, from + 1, from + token(from) - 1);
    *to = '\0';
    return to + 1;
}

/* Octets of comments and spaces at the start. */
static size_t skip(const char *s, size_t end)
{
    size_t i = 0;

    while (i < end && (is_space(s[i]) || s[i] == '('))
        i += token(s + i);
    return i;
}

/* Octets of the route at s, "@a.example,@b.example:" (RFC 5322 4.4). */
static size_t route(const char *s, size_t end)
{
    size_t i = skip(s, end);

    if (i == end || s[i] != '@')
        return 0;
    while (i < end && s[i] != ':')
        i += token(s + i);
    return i < end ? i + 1 : 0;
}

static const char *read_angle(duva_address *a, const char *s,
                              const struct cut *c, int lenient, char **to)
{
    const size_t after = c->close + 1;
    const char  *addr = s + c->open;

    if (lenient)
        addr += route(addr, c->close - c->open);
    if (skip(s + after, c->end - after) != c->end - after)
        return "something behind the '>'";
    a->name = *to;
    *to = put_name(*to, s, s + c->open - 1);
    if (a->name[0] == '\0')
        a->name = NULL;
    a->addr = *to;
    *to = put_address(*to, addr, s + c->close, lenient);
    return NULL;
}

static void read_bare(duva_address *a, const char *s, const struct cut *c,
                      int lenient, char **to)
{
    a->addr = *to;
    *to = put_address(*to, s, s + c->note, lenient);
    if (c->note < c->end) {
        a->name = *to;
        *to = put_note(*to, s + c->note);
    }
}

/* ---- all of them ---- */

static int make_room(struct cli_mailboxes *m)
{
    const size_t  room = m->room > 0 ? 2 * m->room : 4;
    duva_address *list;

    if (m->count < m->room)
        return 0;
    list = realloc(m->list, room * sizeof(*list));
    if (list == NULL)
        return -1;
    m->list = list;
    m->room = room;
    return 0;
}

/* Where the parsing of a text has come to. */
struct reading {
    struct cli_mailboxes *into;
    const char *at;
    char       *to;            /* where the next words go */
    size_t      group;         /* whose members come, and 1; 0: none */
};

static const char *open_group(struct reading *r, size_t len)
{
    struct cli_mailboxes *const m = r->into;
    duva_address a = { NULL, NULL, 0 };

    if (r->group > 0)
        return "a group inside a group";
    a.name = r->to;
    r->to = put_name(r->to, r->at, r->at + len);
    if (a.name[0] == '\0')
        return "a group without a name";
    m->list[m->count++] = a;
    r->group = m->count;
    return NULL;
}

static const char *take_mailbox(struct reading *r, const struct cut *c)
{
    struct cli_mailboxes *const m = r->into;
    duva_address a = { NULL, NULL, 0 };
    const char *problem = NULL;

    if (c->open > 0)
        problem = read_angle(&a, r->at, c, m->lenient, &r->to);
    else
        read_bare(&a, r->at, c, m->lenient, &r->to);
    if (problem != NULL)
        return problem;
    if (a.addr[0] == '\0')
        return "an address is missing";
    if (r->group > 0 && m->list[r->group - 1].members++ == UINT16_MAX)
        return "a group with too many members";
    m->list[m->count++] = a;
    return NULL;
}

static const char *close_group(struct reading *r)
{
    if (r->group == 0)
        return "a ';' without a group";
    r->group = 0;
    return NULL;
}

/* What stands at r->at; *done: it was the last. */
static const char *take_next(struct reading *r, int *done)
{
    struct cut  c;
    const char *problem = find_end(r->at, &c);
    char        end;

    if (problem == NULL && make_room(r->into) != 0)
        problem = no_memory;
    if (problem != NULL)
        return problem;
    end = r->at[c.end];
    if (end == ':')
        problem = open_group(r, c.end);
    else if (skip(r->at, c.end) < c.end)
        problem = take_mailbox(r, &c);
    if (problem == NULL && end == ';')
        problem = close_group(r);
    if (problem == NULL && end == '\0' && r->group > 0 && !r->into->lenient)
        problem = "a group that does not end with ';'";
    r->at += c.end + (end != '\0');
    *done = end == '\0';
    return problem;
}

static int has_control(const char *text, int lenient)
{
    for (; *text != '\0'; text++)
        if (((unsigned char)*text < 0x20 && !(lenient && *text == '\t'))
            || *text == 0x7F)
            return 1;
    return 0;
}

/* Room for words of len octets at most, which lives as long as the list. */
static char *new_text(struct cli_mailboxes *m, size_t len)
{
    struct cli_mailbox_text *t = malloc(sizeof(*t) + len);

    if (t == NULL)
        return NULL;
    t->next = m->text;
    m->text = t;
    return t->text;
}

const char *cli_mailboxes_add(struct cli_mailboxes *m, const char *text)
{
    const size_t before = m->count;
    struct reading r = { m, text, NULL, 0 };
    const char *problem = NULL;
    int done = 0;

    if (has_control(text, m->lenient))
        return "a control character";
    /* What parts the words is never shorter than the NUL that ends them. */
    r.to = new_text(m, strlen(text) + 1);
    if (r.to == NULL)
        return no_memory;
    while (problem == NULL && !done)
        problem = take_next(&r, &done);
    if (problem == NULL && m->count == before)
        problem = "it is empty";
    if (problem != NULL)
        m->count = before;
    return problem;
}

const char *cli_address_domain(const char *addr)
{
    const char *at = addr + local_part(addr);

    return *at == '@' ? at + 1 : NULL;
}

duva_addresses cli_mailboxes_list(const struct cli_mailboxes *m)
{
    const duva_addresses list = {
        m->list, (uint16_t)(m->count < UINT16_MAX ? m->count : UINT16_MAX)
    };

    return list;
}

int cli_mailboxes_set(struct cli_mailboxes *m, size_t i, const char *addr)
{
    const size_t size = strlen(addr) + 1;
    char *copy = new_text(m, size);

    if (copy == NULL)
        return -1;
    m->list[i].addr = memcpy(copy, addr, size);
    return 0;
}

void cli_mailboxes_free(struct cli_mailboxes *m)
{
    struct cli_mailbox_text *t;

    while ((t = m->text) != NULL) {
        m->text = t->next;
        free(t);
    }
    free(m->list);
    memset(m, 0, sizeof(*m));
}
