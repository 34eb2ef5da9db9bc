/* script.h - one conversation from a file, ready to be played. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_SCRIPT_H
#define DUVA_TEST_SCRIPT_H

#include "duva/client.h"
#include "duva/extras.h"

/* The words of a file, with escapes resolved; data ends in a NUL that len
 * does not count. */
struct text {
    char  *data;
    size_t len;
};

enum item_kind {
    SERVER_SAYS,               /* S: */
    CLIENT_SAYS,               /* C: */
    CLIENT_MAY_SAY,            /* C?: any beginning of it */
    BLOCKED,                   /* the server reads no more for now */
    WAIT,                      /* ms is how long the client should wait here */
    TIMEOUT,                   /* the same, and nothing comes */
    HANGUP, CANCEL, LINK_FAILS, TLS_DONE, TLS_UNVERIFIED, TLS_FAILS,
    THEN_MAIL, THEN_RCPT, THEN_SESSION, THEN_OFFERS, THEN_TRACED, THEN_TOLD
};

#define WANTS 8

/* Are all parameters there that a script may ask for? */
#define SCRIPT_EXTRAS                                                          \
    (DUVA_WITH_DSN && DUVA_WITH_DELIVERBY && DUVA_WITH_FUTURERELEASE           \
     && DUVA_WITH_MT_PRIORITY && DUVA_WITH_RRVS && DUVA_WITH_NO_SOLICITING     \
     && DUVA_WITH_SUBMITTER && DUVA_WITH_BURL && DUVA_WITH_PARAMS)

/* DUVA_LMTP and DUVA_MAIL_*, with which not every engine is compiled. */
#define SCRIPT_LMTP 0x80u
#define SCRIPT_REQUIRETLS 0x02u
#define SCRIPT_BINARY 0x10u
#define SCRIPT_UTF8 0x20u

/* One line of the conversation, or of what is to be true at that point. */
struct item {
    enum item_kind kind;
    unsigned       line;
    struct text    text;       /* said, offered, traced or told */
    uint32_t       ms;
    unsigned       mail;       /* from 1 */
    unsigned       rcpt;       /* from 1; 0: all of them */
    unsigned       wants;
    struct {
        const char *key;
        struct text value;
    } want[WANTS];
};

struct given_mail {
    unsigned    line;
    char       *from;
    char      **to;
    size_t      to_count;
#if SCRIPT_EXTRAS
    duva_mail_extras  *asks;   /* NULL: none */
    duva_rcpt_extras **to_asks; /* of each recipient; NULL: none */
#else
    void  *asks;
    void **to_asks;
#endif
    duva_policy policy;
    uint8_t     flags;
    uint64_t    size;
    int         size_auto;
    int         source_fails;
    struct text body;
};

struct script {
    char              *path;   /* of the file */
    char              *name;   /* the file's, without folder and .txt, with the
                                  row if there is one: NAME or NAME[ROW] */
    char              *hello;
    unsigned           needs;  /* bits that needs.c knows */
    duva_tls_mode      tls;
    uint32_t           options;
    uint32_t           limit[DUVA_STAGES];
    uint32_t           window;
    duva_stage         stop_after;
    int                overlap; /* duva_overlap of the session */
    uint32_t           mechanism; /* DUVA_AUTH_*, or 0 */
    char              *user, *pass, *authzid;
    struct text        binding; /* what TLS would give; data NULL: nothing */
    size_t             buffer; /* octets that the engine needs at least */
    struct given_mail *mail;
    size_t             mail_count;
    unsigned          *plan;   /* numbers of mails, in order of sending */
    size_t             plan_count;
    struct item       *item;
    size_t             item_count;
    struct memory     *memory; /* all of the above */
};

/* Reads a file, or a row of one: PATH or PATH[ROW].  Returns NULL after it has
 * said on stderr, with file and line, what is wrong with it. */
struct script *script_read(const char *path);
void           script_free(struct script *s);

/* A word of "needs" that the engine of this build lacks; NULL: it has all. */
const char *script_lacks(const struct script *s);

/* What to play, as paths for script_read(): the files named, and all *.txt
 * below the folders named; each row of those that have a table.  They are
 * sorted by name.  Returns how many, or -1 when one cannot be read or two have
 * the same name. */
int  script_paths(char *const *arg, int args, char ***paths);
void script_paths_free(char **paths, int count);

/* Memory that is given back with the script. */
void *script_alloc(struct script *s, size_t size);

#endif
