/* needs.c - what an engine must have for a script. */
/* SPDX-License-Identifier: MIT */
#include "reader.h"

#include <string.h>

enum {
    TLS, LMTP, PIPELINING, CHUNKING, PARAMETERS, SMTPUTF8, EIGHT_BIT, ENHANCED,
    CAPABILITIES, STOP, SCRAM, OAUTH, CRAM_MD5, EXTERNAL, ANONYMOUS, MAILS,
    RECIPIENTS, INITIAL, NEEDS
};

static const char *const words[NEEDS] = {
    "tls", "lmtp", "pipelining", "chunking", "parameters", "smtputf8",
    "8bitmime", "enhanced", "capabilities", "stop", "scram", "oauth",
    "cram-md5", "external", "anonymous", "mails", "recipients",
    "initial"
};

#define ALL_PARAMETERS (DUVA_WITH_SIZE && SCRIPT_EXTRAS)

/* What this engine was compiled with (duva/profile.h). */
static const int is_there[NEEDS] = {
    DUVA_WITH_TLS, DUVA_WITH_LMTP, DUVA_WITH_PIPELINING, DUVA_WITH_CHUNKING,
    ALL_PARAMETERS, DUVA_WITH_SMTPUTF8, DUVA_WITH_SIZE, DUVA_WITH_ENHANCED,
    ALL_PARAMETERS && DUVA_WITH_LIMITS && DUVA_WITH_QUERIES && DUVA_WITH_BURL
        && DUVA_WITH_TLS && DUVA_WITH_PIPELINING && DUVA_WITH_CHUNKING
        && DUVA_WITH_SMTPUTF8 && DUVA_WITH_ENHANCED && DUVA_WITH_SCRAM
        && DUVA_WITH_OAUTH && DUVA_WITH_CRAM_MD5 && DUVA_WITH_EXTERNAL
        && DUVA_WITH_ANONYMOUS,
    DUVA_WITH_STOP, DUVA_WITH_SCRAM, DUVA_WITH_OAUTH, DUVA_WITH_CRAM_MD5,
    DUVA_WITH_EXTERNAL, DUVA_WITH_ANONYMOUS, DUVA_WITH_MAILS,
    DUVA_WITH_RECIPIENTS, DUVA_WITH_INITIAL
};

#define BIT(need) (1u << (need))

/* These need no word: the script itself shows them. */
#define UNNAMED (BIT(MAILS) | BIT(RECIPIENTS) | BIT(CRAM_MD5) | BIT(INITIAL))

void needs_add(struct reader *r, const char *word)
{
    unsigned i;

    for (i = 0; i < NEEDS; i++)
        if (strcmp(words[i], word) == 0) {
            r->s->needs |= BIT(i);
            return;
        }
    complain(r, "\"needs\" does not know \"%s\"", word);
}

const char *script_lacks(const struct script *s)
{
    unsigned i;

    for (i = 0; i < NEEDS; i++)
        if (!is_there[i] && (s->needs & BIT(i)))
            return words[i];
    return NULL;
}

/* ---- what can be seen that a script uses ---- */

static int begins(const struct item *it, const char *words_of_line)
{
    return strncmp(it->text.data, words_of_line, strlen(words_of_line)) == 0;
}

/* Is the line before it a command too, or the end of data?  The lines of a
 * message are no commands. */
static int is_pipelined(const struct script *s, size_t i)
{
    static const char *const commands[] = {
        "MAIL ", "RCPT ", "DATA", "RSET", "QUIT", "AUTH ", "EHLO ", ".\r\n"
    };
    const struct item *it = &s->item[i];
    size_t             k, first = i;

    if (i == 0 || it[-1].kind != CLIENT_SAYS)
        return 0;
    while (first > 0 && s->item[first - 1].kind == CLIENT_SAYS)
        first--;
    if (first > 0 && s->item[first - 1].kind == SERVER_SAYS
        && begins(&s->item[first - 1], "354")
        && strcmp(it[-1].text.data, ".\r\n") != 0)
        return 0;
    for (k = 0; k < sizeof(commands) / sizeof(commands[0]); k++)
        if (begins(&it[-1], commands[k]))
            return 1;
    return 0;
}

static unsigned used_by_item(const struct script *s, size_t i)
{
    const struct item *it = &s->item[i];
    unsigned           used = 0;
    const char        *end;

    if (s->window > 0 && !(s->options & DUVA_LOCK_STEP)
        && it->kind == SERVER_SAYS && it->text.len > 4
        && strcmp(it->text.data + 4, "PIPELINING\r\n") == 0)
        return BIT(PIPELINING);
    if (it->kind != CLIENT_SAYS && it->kind != CLIENT_MAY_SAY)
        return 0;
    if (is_pipelined(s, i))
        used |= BIT(PIPELINING);
    if (begins(it, "BDAT ") || begins(it, "BURL "))
        used |= BIT(CHUNKING);
    if (begins(it, "AUTH ") && strchr(it->text.data + 5, ' ') != NULL)
        used |= BIT(INITIAL);
    if (begins(it, "RSET"))
        used |= BIT(MAILS);
    if (begins(it, "MAIL ") || begins(it, "RCPT ")) {
        end = strrchr(it->text.data, '>');
        if (end != NULL && end[1] == ' ')
            used |= BIT(PARAMETERS);
    }
    return used;
}

/* What it says that the server offers. */
static unsigned used_by_offers(const char *text)
{
    static const struct {
        const char *word;
        unsigned    need;
    } words_of[] = {
        { "size=", EIGHT_BIT }, { "8bitmime", EIGHT_BIT },
        { "cram-md5", CRAM_MD5 }, { "pipelining", PIPELINING },
        { "chunking", CHUNKING }, { "starttls", TLS }
    };
    unsigned used = 0;
    size_t   i;

    for (i = 0; i < sizeof(words_of) / sizeof(words_of[0]); i++)
        if (strstr(text, words_of[i].word) != NULL)
            used |= BIT(words_of[i].need);
    return used;
}

static unsigned used_by_mail(const struct given_mail *m)
{
    unsigned used = m->flags & SCRIPT_UTF8 ? BIT(SMTPUTF8) : 0;
    size_t   i;

    if (m->to_count > 1)
        used |= BIT(RECIPIENTS);
    if (m->asks != NULL)
        used |= BIT(PARAMETERS);
    for (i = 0; i < m->to_count; i++)
        if (m->to_asks[i] != NULL)
            used |= BIT(PARAMETERS);
    return used;
}

static unsigned used_by_session(const struct script *s)
{
    static const struct {
        uint32_t mechanism;
        unsigned need;
    } mechanisms[] = {
        { DUVA_AUTH_SCRAM_SHA_1, SCRAM },
        { DUVA_AUTH_SCRAM_SHA_256, SCRAM },
        { DUVA_AUTH_SCRAM_SHA_512, SCRAM },
        { DUVA_AUTH_SCRAM_SHA_1_PLUS, SCRAM },
        { DUVA_AUTH_SCRAM_SHA_256_PLUS, SCRAM },
        { DUVA_AUTH_SCRAM_SHA_512_PLUS, SCRAM },
        { DUVA_AUTH_CRAM_MD5, CRAM_MD5 },
        { DUVA_AUTH_OAUTHBEARER, OAUTH },
        { DUVA_AUTH_XOAUTH2, OAUTH },
        { DUVA_AUTH_EXTERNAL, EXTERNAL },
        { DUVA_AUTH_ANONYMOUS, ANONYMOUS }
    };
    unsigned used = 0;
    size_t   i;

    for (i = 0; i < sizeof(mechanisms) / sizeof(mechanisms[0]); i++)
        if (s->mechanism == mechanisms[i].mechanism)
            used |= BIT(mechanisms[i].need);
    if (s->tls != DUVA_TLS_NEVER)
        used |= BIT(TLS);
    if (s->options & SCRIPT_LMTP)
        used |= BIT(LMTP);
    if (s->stop_after != 0)
        used |= BIT(STOP);
    if (s->window > 0 && s->mail_count > 1)
        used |= BIT(MAILS);
    return used;
}

void needs_end(struct reader *r)
{
    const struct script *s = r->s;
    unsigned             used = used_by_session(s);
    size_t               i;

    for (i = 0; i < s->mail_count; i++)
        used |= used_by_mail(&s->mail[i]);
    for (i = 0; i < s->item_count; i++)
        used |= used_by_item(s, i);
    r->s->needs |= used & UNNAMED;
    for (i = 0; i < s->item_count; i++)
        if (s->item[i].kind == THEN_OFFERS)
            r->s->needs |= used_by_offers(s->item[i].text.data);
    for (i = 0; i < NEEDS; i++)
        if (used & ~s->needs & BIT(i))
            complain(r, "this uses \"%s\", which \"needs\" does not name",
                     words[i]);
}
