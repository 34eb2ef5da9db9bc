/* script.c - turns a file into a conversation. */
/* SPDX-License-Identifier: MIT */
#include "reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads what follows the word of a line; value is the word's own. */
typedef void directive(struct reader *r, char *rest, int value);

/* ---- given ---- */

static void read_hello(struct reader *r, char *rest, int value)
{
    (void)value;
    r->s->hello = resolve_word(r, rest);
}

static void read_tls(struct reader *r, char *rest, int value)
{
    static const struct choice modes[] = {
        { "never", DUVA_TLS_NEVER },
        { "required", DUVA_TLS_REQUIRED },
        { "implicit", DUVA_TLS_IMPLICIT },
        { "if-offered", DUVA_TLS_IF_OFFERED },
        { NULL, 0 }
    };

    (void)value;
    r->s->tls = (duva_tls_mode)choose(r, modes, rest);
}

static void read_option(struct reader *r, char *rest, int value)
{
    static const struct choice options[] = {
        { "lock-step", DUVA_LOCK_STEP },
        { "allow-clear-password", DUVA_ALLOW_CLEAR_PASSWORD },
        { "leading-space", DUVA_QUIRK_LEADING_SPACE },
        { "bare-lf", DUVA_QUIRK_BARE_LF },
        { "auth-equals", DUVA_QUIRK_AUTH_EQUALS },
        { "unlisted-auth", DUVA_QUIRK_UNLISTED_AUTH },
        { "no-chunking", DUVA_NO_CHUNKING },
        { "lmtp", SCRIPT_LMTP },
        { NULL, 0 }
    };

    (void)value;
    r->s->options |= (uint32_t)choose(r, options, rest);
}

static duva_stage take_stage(struct reader *r, char **rest)
{
    const char *name = take_word(rest);
    int         stage;

    for (stage = 0; stage < DUVA_STAGES; stage++)
        if (strcmp(duva_stage_name((duva_stage)stage), name) == 0)
            return (duva_stage)stage;
    complain(r, "there is no such stage: \"%s\"", name);
    return DUVA_STAGE_CONNECT;
}

static void read_limit(struct reader *r, char *rest, int value)
{
    const duva_stage stage = take_stage(r, &rest);

    (void)value;
    r->s->limit[stage] = (uint32_t)take_number(r, rest);
}

static void read_stop_after(struct reader *r, char *rest, int value)
{
    (void)value;
    r->s->stop_after = take_stage(r, &rest);
}

static void read_window(struct reader *r, char *rest, int value)
{
    (void)value;
    r->s->window = (uint32_t)take_number(r, rest);
}

static void read_overlap(struct reader *r, char *rest, int value)
{
    static const char *const names[] = { "untried", "shown", "never" };
    const char *name = take_word(&rest);

    for (value = 0; value < 3 && strcmp(names[value], name) != 0;)
        value++;
    if (value == 3)
        complain(r, "overlap is untried, shown or never");
    r->s->overlap = value;
}

static void read_auth(struct reader *r, char *rest, int value)
{
    static const struct choice names[] = {
        { "plain", DUVA_AUTH_PLAIN },
        { "login", DUVA_AUTH_LOGIN },
        { "cram-md5", DUVA_AUTH_CRAM_MD5 },
        { "scram-sha-1", DUVA_AUTH_SCRAM_SHA_1 },
        { "scram-sha-256", DUVA_AUTH_SCRAM_SHA_256 },
        { "scram-sha-512", DUVA_AUTH_SCRAM_SHA_512 },
        { "scram-sha-1-plus", DUVA_AUTH_SCRAM_SHA_1_PLUS },
        { "scram-sha-256-plus", DUVA_AUTH_SCRAM_SHA_256_PLUS },
        { "scram-sha-512-plus", DUVA_AUTH_SCRAM_SHA_512_PLUS },
        { "oauthbearer", DUVA_AUTH_OAUTHBEARER },
        { "xoauth2", DUVA_AUTH_XOAUTH2 },
        { "external", DUVA_AUTH_EXTERNAL },
        { "anonymous", DUVA_AUTH_ANONYMOUS },
        { NULL, 0 }
    };
    struct script *s = r->s;

    (void)value;
    s->mechanism = (uint32_t)choose(r, names, take_word(&rest));
    if (*rest != '\0')
        s->user = resolve_word(r, take_word(&rest));
    if (*rest != '\0')
        s->pass = resolve_word(r, take_word(&rest));
    if (*rest != '\0')
        s->authzid = resolve_word(r, take_word(&rest));
    if (*rest != '\0'
        || (s->pass != NULL) == (s->mechanism >= DUVA_AUTH_EXTERNAL))
        complain(r, "auth needs a mechanism, a name and a password, "
                    "the last two without a password");
}

static void read_binding(struct reader *r, char *rest, int value)
{
    (void)value;
    r->s->binding = resolve(r, rest, strlen(rest));
}

static void read_buffer(struct reader *r, char *rest, int value)
{
    (void)value;
    r->s->buffer = (size_t)take_number(r, rest);
}

static void add_to_plan(struct script *s, unsigned number)
{
    s->plan = grow(s, s->plan, s->plan_count, sizeof(*s->plan));
    s->plan[s->plan_count++] = number;
}

static void read_mail(struct reader *r, char *rest, int value)
{
    struct script *s = r->s;

    (void)value;
    if (*rest != '\0')
        complain(r, "mail stands alone");
    s->mail = grow(s, s->mail, s->mail_count, sizeof(*s->mail));
    memset(&s->mail[s->mail_count], 0, sizeof(*s->mail));
    s->mail[s->mail_count++].line = r->line;
    add_to_plan(s, (unsigned)s->mail_count);
}

static void read_again(struct reader *r, char *rest, int value)
{
    const unsigned long long number = take_number(r, rest);

    (void)value;
    if (number < 1 || number > r->s->mail_count)
        complain(r, "there is no such mail");
    add_to_plan(r->s, (unsigned)number);
}

static void mail_from(struct reader *r, struct given_mail *m, char *rest)
{
    m->from = resolve_word(r, rest);
}

static void mail_to(struct reader *r, struct given_mail *m, char *rest)
{
    m->to = grow(r->s, m->to, m->to_count, sizeof(*m->to));
    m->to_asks = grow(r->s, m->to_asks, m->to_count, sizeof(*m->to_asks));
    m->to_asks[m->to_count] = NULL;
    m->to[m->to_count++] = resolve_word(r, rest);
}

static void mail_policy(struct reader *r, struct given_mail *m, char *rest)
{
    static const struct choice policies[] = {
        { "all-or-nothing", DUVA_ALL_OR_NOTHING },
        { "whoever", DUVA_WHOEVER_IS_ACCEPTED },
        { NULL, 0 }
    };

    m->policy = (duva_policy)choose(r, policies, rest);
}

static void mail_flag(struct reader *r, struct given_mail *m, char *rest)
{
    static const struct choice flags[] = {
        { "8bit", DUVA_MAIL_8BIT },
        { "requiretls", SCRIPT_REQUIRETLS },
        { "exact", DUVA_MAIL_EXACT },
        { "as-is", DUVA_MAIL_AS_IS },
        { "binary", SCRIPT_BINARY },
        { "utf8", SCRIPT_UTF8 },
        { NULL, 0 }
    };

    m->flags |= (uint8_t)choose(r, flags, rest);
}

static void mail_size(struct reader *r, struct given_mail *m, char *rest)
{
    m->size_auto = strcmp(rest, "auto") == 0;
    if (!m->size_auto)
        m->size = take_number(r, rest);
}

static void mail_body(struct reader *r, struct given_mail *m, char *rest)
{
    const struct text more = resolve(r, rest, strlen(rest));

    append(r->s, &m->body, more.data, more.len);
}

static void mail_source(struct reader *r, struct given_mail *m, char *rest)
{
    static const struct choice what[] = { { "fails", 1 }, { NULL, 0 } };

    m->source_fails = choose(r, what, rest);
}

static void read_mail_field(struct reader *r, char *rest, int value)
{
    static void (*const field[])(struct reader *, struct given_mail *,
                                 char *) = {
        mail_from, mail_to, mail_policy, mail_flag, mail_size, mail_body,
        mail_source, ask_mail, ask_rcpt
    };

    if (r->s->mail_count == 0)
        complain(r, "this belongs below a \"mail\"");
    else
        field[value](r, &r->s->mail[r->s->mail_count - 1], rest);
}

/* ---- the conversation ---- */

static struct item *add_item(struct reader *r, int kind)
{
    struct script *s = r->s;
    struct item   *it;

    s->item = grow(s, s->item, s->item_count, sizeof(*s->item));
    it = &s->item[s->item_count++];
    memset(it, 0, sizeof(*it));
    it->kind = (enum item_kind)kind;
    it->line = r->line;
    return it;
}

static void read_saying(struct reader *r, char *rest, int value)
{
    struct item *it = add_item(r, value);
    size_t       len = strlen(rest);
    int          open = len > 1 && strcmp(rest + len - 2, "\\c") == 0;

    if (open && len > 2 && rest[len - 3] == '\\')
        open = 0;
    it->text = resolve(r, rest, open ? len - 2 : len);
    if (open)
        return;
    append(r->s, &it->text, "\r\n", 2);
}

static void read_event(struct reader *r, char *rest, int value)
{
    add_item(r, value);
    if (*rest != '\0')
        complain(r, "nothing may follow this word");
}

static void read_wait(struct reader *r, char *rest, int value)
{
    add_item(r, value)->ms = (uint32_t)take_number(r, rest);
}

static void read_wants(struct reader *r, struct item *it, char *rest,
                       const char *keys)
{
    while (*rest != '\0' && !r->failed) {
        char  *key = rest, *value = strchr(rest, '=');
        char   word[16];
        size_t len;

        if (value == NULL || it->wants == WANTS) {
            complain(r, "expected key=value: \"%s\"", rest);
            return;
        }
        *value++ = '\0';
        snprintf(word, sizeof(word), " %s ", key);
        if (strstr(keys, word) == NULL || strchr(key, ' ') != NULL)
            complain(r, "not one of the keys%s: \"%s\"", keys, key);
        len = strcmp(key, "text") == 0 ? strlen(value) : strcspn(value, " ");
        rest = value[len] == '\0' ? value + len : skip_space(value + len + 1);
        it->want[it->wants].key = resolve_word(r, key);
        it->want[it->wants++].value = resolve(r, value, len);
    }
}

static void first_want(struct reader *r, struct item *it, const char *key,
                       const char *value)
{
    it->want[0].key = key;
    it->want[0].value = resolve(r, value, strlen(value));
    it->wants = 1;
}

static void then_mail(struct reader *r, char *rest)
{
    struct item *it = add_item(r, THEN_MAIL);

    it->mail = (unsigned)take_number(r, take_word(&rest));
    if (it->mail < 1 || it->mail > r->s->mail_count)
        complain(r, "there is no such mail");
    first_want(r, it, "verdict", take_word(&rest));
    read_wants(r, it, rest, " err reason where reply enhanced at text ");
}

static void then_rcpt(struct reader *r, char *rest)
{
    struct item *it = add_item(r, THEN_RCPT);
    char        *mail = take_word(&rest);
    char        *rcpt = strchr(mail, '.');

    if (rcpt == NULL) {
        complain(r, "expected MAIL.RECIPIENT: \"%s\"", mail);
        return;
    }
    *rcpt++ = '\0';
    it->mail = (unsigned)take_number(r, mail);
    if (strcmp(rcpt, "*") != 0)
        it->rcpt = (unsigned)take_number(r, rcpt);
    if (it->mail < 1 || it->mail > r->s->mail_count
        || it->rcpt > r->s->mail[it->mail - 1].to_count)
        complain(r, "there is no such recipient");
    first_want(r, it, "verdict", take_word(&rest));
    read_wants(r, it, rest, " reply enhanced at text ");
}

static void read_then(struct reader *r, char *rest, int value)
{
    char *subject = take_word(&rest);

    (void)value;
    if (strcmp(subject, "mail") == 0) {
        then_mail(r, rest);
    } else if (strcmp(subject, "rcpt") == 0) {
        then_rcpt(r, rest);
    } else if (strcmp(subject, "session") == 0) {
        struct item *it = add_item(r, THEN_SESSION);

        first_want(r, it, "err", take_word(&rest));
        read_wants(r, it, rest,
                   " reason where verdict reply enhanced at text ");
    } else if (strcmp(subject, "offers") == 0) {
        add_item(r, THEN_OFFERS)->text = resolve(r, rest, strlen(rest));
    } else if (strcmp(subject, "traced") == 0) {
        add_item(r, THEN_TRACED)->text = resolve(r, rest, strlen(rest));
    } else if (strcmp(subject, "told") == 0) {
        add_item(r, THEN_TOLD)->text = resolve(r, rest, strlen(rest));
    } else {
        complain(r, "then what? \"%s\"", subject);
    }
}

/* ---- lines ---- */

static void read_repeat(struct reader *r, char *rest, int value)
{
    char *dash = strchr(rest, '-');

    (void)value;
    if (r->loop != NULL)
        complain(r, "repeat inside repeat");
    r->turn = 1;
    if (dash != NULL) {
        *dash = '\0';
        r->turn = (unsigned)take_number(r, rest);
        rest = dash + 1;
    }
    r->last = (unsigned)take_number(r, rest);
    if (r->last < r->turn)
        complain(r, "nothing to repeat");
    r->loop = r->next;
    r->loop_line = r->line;
}

static void read_end(struct reader *r, char *rest, int value)
{
    (void)rest;
    (void)value;
    if (r->loop == NULL) {
        complain(r, "end without repeat");
    } else if (r->turn++ < r->last) {
        r->next = r->loop;
        r->line = r->loop_line;
    } else {
        r->loop = NULL;
    }
}

static void read_needs(struct reader *r, char *rest, int value)
{
    (void)value;
    while (*rest != '\0')
        needs_add(r, take_word(&rest));
}

static void read_values(struct reader *r, char *rest, int value)
{
    (void)value;
    table_values(r, rest);
}

static void read_row(struct reader *r, char *rest, int value)
{
    (void)value;
    table_row(r, rest);
}

static const struct {
    const char *word;
    directive  *read;
    int         value;
} directives[] = {
    { "S:", read_saying, SERVER_SAYS },
    { "C:", read_saying, CLIENT_SAYS },
    { "C?:", read_saying, CLIENT_MAY_SAY },
    { "then", read_then, 0 },
    { "needs", read_needs, 0 },
    { "values", read_values, 0 },
    { "row", read_row, 0 },
    { "mail", read_mail, 0 },
    { "again", read_again, 0 },
    { "from", read_mail_field, 0 },
    { "to", read_mail_field, 1 },
    { "policy", read_mail_field, 2 },
    { "flag", read_mail_field, 3 },
    { "size", read_mail_field, 4 },
    { "body", read_mail_field, 5 },
    { "source", read_mail_field, 6 },
    { "ask", read_mail_field, 7 },
    { "rcpt-ask", read_mail_field, 8 },
    { "hello", read_hello, 0 },
    { "tls", read_tls, 0 },
    { "option", read_option, 0 },
    { "limit", read_limit, 0 },
    { "window", read_window, 0 },
    { "stop-after", read_stop_after, 0 },
    { "overlap", read_overlap, 0 },
    { "auth", read_auth, 0 },
    { "binding", read_binding, 0 },
    { "buffer", read_buffer, 0 },
    { "repeat", read_repeat, 0 },
    { "end", read_end, 0 },
    { "blocked", read_event, BLOCKED },
    { "hangup", read_event, HANGUP },
    { "cancel", read_event, CANCEL },
    { "link-fails", read_event, LINK_FAILS },
    { "tls-done", read_event, TLS_DONE },
    { "tls-unverified", read_event, TLS_UNVERIFIED },
    { "tls-fails", read_event, TLS_FAILS },
    { "wait", read_wait, WAIT },
    { "timeout", read_wait, TIMEOUT },
    { NULL, NULL, 0 }
};

static void read_line(struct reader *r, char *line)
{
    char  *word = skip_space(line);
    size_t i, len;

    if (*word == '\0' || *word == '#')
        return;
    if (strncmp(word, "row ", 4) != 0)
        word = table_fill(r, word);
    len = strcspn(word, " \t");
    for (i = 0; directives[i].word != NULL; i++) {
        char *rest = word + len;

        if (strncmp(directives[i].word, word, len) != 0
            || directives[i].word[len] != '\0')
            continue;
        if (directives[i].read == read_saying)
            rest += *rest != '\0';
        else
            rest = skip_space(rest);
        directives[i].read(r, rest, directives[i].value);
        return;
    }
    complain(r, "unknown word: \"%.*s\"", (int)len, word);
}

/* Every mail, every recipient and the session must have a verdict. */
static void check_complete(struct reader *r)
{
    const struct script *s = r->s;
    size_t               i, k, n;
    int                  session = 0;

    for (i = 0; i < s->mail_count; i++) {
        const struct given_mail *m = &s->mail[i];
        int                      told = 0;

        r->line = m->line;
        if (m->from == NULL)
            complain(r, "this mail is from nobody; \"from\" alone is <>");
        for (k = 0; k <= m->to_count; k++) {
            told = 0;
            for (n = 0; n < s->item_count; n++)
                told |= s->item[n].mail == i + 1
                        && (k == 0 ? s->item[n].kind == THEN_MAIL
                                   : s->item[n].kind == THEN_RCPT
                                         && (s->item[n].rcpt == k
                                             || s->item[n].rcpt == 0));
            if (!told)
                complain(r, k == 0 ? "no \"then mail\" for this"
                                   : "no \"then rcpt\" for one of these");
        }
    }
    for (n = 0; n < s->item_count; n++)
        session |= s->item[n].kind == THEN_SESSION;
    if (!session)
        complain(r, "no \"then session\" in this file");
}

/* PATH or PATH[ROW]; the name is that without folder and .txt. */
static void set_names(struct reader *r, const char *path)
{
    struct script *s = r->s;
    const char    *slash = strrchr(path, '/');
    char          *row, *dot;

    slash = slash != NULL ? slash + 1 : path;
    s->path = strcpy(script_alloc(s, strlen(path) + 1), path);
    s->name = strcpy(script_alloc(s, strlen(slash) + 1), slash);
    row = strchr(s->path + (slash - path), '[');
    dot = strstr(s->name, ".txt");
    if (dot != NULL)
        memmove(dot, dot + 4, strlen(dot + 4) + 1);
    if (row == NULL)
        return;
    *row = '\0';
    r->row = strcpy(script_alloc(s, strlen(row + 1) + 1), row + 1);
    row = strchr(r->row, ']');
    if (row != NULL)
        *row = '\0';
}

struct script *script_read(const char *path)
{
    struct script *s = calloc(1, sizeof(*s));
    struct reader  r;

    memset(&r, 0, sizeof(r));
    r.s = s;
    if (s == NULL)
        return NULL;
    set_names(&r, path);
    s->hello = resolve_word(&r, "client.example");
    s->tls = DUVA_TLS_NEVER;
    s->overlap = 1;
    r.next = read_file(s, s->path);
    r.failed = r.next == NULL;
    r.line = 1;
    if (!r.failed && *r.next != '#')
        complain(&r, "the first line is a comment that gives the rule");
    for (r.line = 0; !r.failed && *r.next != '\0';)
        read_line(&r, read_next(&r));
    if (r.loop != NULL)
        complain(&r, "repeat without end");
    table_end(&r);
    needs_end(&r);
    check_complete(&r);
    if (!r.failed)
        return s;
    script_free(s);
    return NULL;
}
