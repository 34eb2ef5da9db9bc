/* mailbox.c - text as in a field To into names and addresses. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "mailbox.h"

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
    size_t note;               /* the first comment behind its first word;
                                  end: it has none */
};

static int is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* Octets of the quoted string or the comment at s; 0: it does not end. */
static size_t enclosed(const char *s)
{
    const int comment = *s == '(';
    size_t depth = 1, i;

    for (i = 1; s[i] != '\0' && depth > 0; i++) {
        if (s[i] == '\\' && s[i + 1] != '\0')
            i++;
        else if (s[i] == (comment ? ')' : '"'))
            depth--;
        else if (comment && s[i] == '(')
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
    return bracket == '<' ? "a '<' too many" : "a '>' without its '<'";
}

static const char *find_end(const char *s, struct cut *c)
{
    size_t i = 0, n;
    int    literal = 0, begun = 0;
    const char *problem;

    memset(c, 0, sizeof(*c));
    for (; s[i] != '\0'; i += n) {
        const int inside = literal || (c->open > 0 && c->close == 0);

        n = 1;
        if (!inside && strchr(",;:", s[i]) != NULL)
            break;
        if (s[i] == '"' || s[i] == '(') {
            n = enclosed(s + i);
            if (n == 0)
                return s[i] == '"' ? "a quote that does not end"
                                   : "a comment that does not end";
            if (s[i] == '(' && begun && c->note == 0)
                c->note = i;
        } else if (s[i] == '[' || s[i] == ']') {
            literal = s[i] == '[';
        } else if (s[i] == '<' || s[i] == '>') {
            problem = take_bracket(c, s[i], i);
            if (problem != NULL)
                return problem;
        }
        begun |= s[i] != '(' && !is_space(s[i]);
    }
    if (c->open > 0 && c->close == 0)
        return "a '<' without its '>'";
    c->end = i;
    if (c->note == 0)
        c->note = i;
    return NULL;
}

/* ---- what it says ---- */

/* Copies what stands between two places, without the spaces around it, and a
 * NUL; returns where the next text may begin. */
static char *put_slice(char *to, const char *from, const char *end)
{
    while (from < end && is_space(*from))
        from++;
    while (from < end && is_space(end[-1]))
        end--;
    memcpy(to, from, (size_t)(end - from));
    to[end - from] = '\0';
    return to + (end - from) + 1;
}

/* The words of a name, out of their quotes and without comments; spaces
 * outside of quotes count as one. */
static char *put_name(char *to, const char *from, const char *end)
{
    int   quoted = 0, space = 0;
    char *const start = to;

    for (; from < end; from++) {
        if (!quoted && *from == '(') {
            from += enclosed(from) - 1;
            space = 1;
        } else if (!quoted && is_space(*from)) {
            space = 1;
        } else if (*from == '"') {
            quoted = !quoted;
        } else {
            if (space && to > start)
                *to++ = ' ';
            space = 0;
            if (quoted && *from == '\\' && from + 1 < end)
                from++;
            *to++ = *from;
        }
    }
    *to = '\0';
    return to + 1;
}

/* The comment at from as a name. */
static char *put_note(char *to, const char *from)
{
    const char *end = from + enclosed(from) - 1;

    for (from++; from < end; from++) {
        if (*from == '\\' && from + 1 < end)
            from++;
        *to++ = *from;
    }
    *to = '\0';
    return to + 1;
}

/* Comments and spaces at the start of a mailbox say nothing. */
static size_t skip(const char *s, size_t end)
{
    size_t i = 0;

    while (i < end && (is_space(s[i]) || s[i] == '('))
        i += s[i] == '(' ? enclosed(s + i) : 1;
    return i;
}

static const char *read_angle(duva_address *a, const char *s,
                              const struct cut *c, char **to)
{
    const size_t after = c->close + 1;

    if (skip(s + after, c->end - after) != c->end - after)
        return "something behind the '>'";
    a->name = *to;
    *to = put_name(*to, s, s + c->open - 1);
    if (a->name[0] == '\0')
        a->name = NULL;
    a->addr = *to;
    *to = put_slice(*to, s + c->open, s + c->close);
    return NULL;
}

static const char *read_bare(duva_address *a, const char *s,
                             const struct cut *c, char **to)
{
    const size_t left = c->end - c->note;

    if (skip(s + c->note, left) != left)
        return "a comment in an address";
    a->addr = *to;
    *to = put_slice(*to, s + skip(s, c->end), s + c->note);
    if (left > 0) {
        a->name = *to;
        *to = put_note(*to, s + c->note);
    }
    return NULL;
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

/* A reading of a text: where it has come to. */
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
        return "a group in a group";
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
    const char *problem = c->open > 0 ? read_angle(&a, r->at, c, &r->to)
                                      : read_bare(&a, r->at, c, &r->to);

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
    if (problem == NULL && end == '\0' && r->group > 0)
        problem = "a group that does not end with ';'";
    r->at += c.end + (end != '\0');
    *done = end == '\0';
    return problem;
}

static int has_control(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
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

    if (has_control(text))
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
