/* check.h - is what a script says is to be true at a point true? */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_CHECK_H
#define DUVA_TEST_CHECK_H

#include "script.h"

#include "duva/scram.h"

/* What the client has: the mails of a script as structs, and the trace. */
struct played {
    const struct script *script;
    duva_mail           *mail;
    char               **words; /* of the replies to the recipients */
    uint8_t             *begun; /* per mail: it was tried */
    union {
        duva_sasl_password password;
        duva_sasl_name     name;
        duva_sasl_oauth    oauth;
        duva_sasl_scram    scram;
        duva_sasl_cram_md5 cram_md5;
    }                    mechanism;
    duva_crypto          crypto; /* with a nonce that the script knows */
    char                 said[96]; /* why a token was refused */
    struct text          trace[2]; /* of the client, of the server */
    char                 line[8]; /* the beginning of a line of the client */
    size_t               line_len;
    struct text          unanswered; /* the stage of each command */
    size_t               answered;
    int                  greeted;
    char                 why[512]; /* the first thing found wrong, or "" */
};

void played_begin(struct played *p, const struct script *s);
void played_end(struct played *p);

/* Fills config as the script says; the trace goes to p. */
void played_config(struct played *p, duva_config *config);

/* Tells an engine that was just made what may follow an end of data. */
void played_overlap(const struct played *p, duva_engine *e);

/* The mechanism of the script, ready for one exchange, or NULL. */
duva_sasl *played_auth(struct played *p);

/* What a handshake is to have established. */
void played_tls(const struct played *p, duva_tls_info *info, int verified);

/* Says in p->why what does not hold, unless something is there already. */
void played_fail(struct played *p, unsigned line, const char *format, ...);

/* Holds the item, a THEN_*? */
void check_item(struct played *p, const struct item *it, const duva_engine *e);

/* No form of the password may be there, and no answer to a challenge. */
void check_secret(struct played *p, const char *where, const void *data,
                  size_t size);

/* The octets as one line, control characters escaped, cut after some; good
 * until the call after next. */
const char *shown(const void *data, size_t len);

#endif
