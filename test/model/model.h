/* model.h - what RFC 5321 and the public headers ask of an engine. */
/* SPDX-License-Identifier: MIT */
/*
 * The model has a list of all commands that were said, each with the replies
 * that it still expects, and the message as it must look on the wire.  It does
 * not decide how early a command goes out: it looks at what the engine says
 * and judges whether that was the next thing to say, and legal.
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "duva/overlap.h"

enum {
    RCPTS = 5,
    TRANSACTIONS = 12,
    SAID = 512,
    WIRE = 1 << 17,
    MESSAGE = 1 << 14,
    LINE = 512,
    TEXT = 256
};

typedef enum verb {
    GREETING,
    HELLO,
    HELO,
    RSET,
    MAIL,
    RCPT,
    DATA,
    PIECE,
    END,
    QUERY,
    QUIT
} verb;

/* A command that was said in full. */
typedef struct command {
    verb verb;
    int transaction, rcpt;
    size_t end;   /* octets of the stream up to its last */
    int expected; /* replies that are still to come */
} command;

/* A reply that decided something, and its words. */
typedef struct answer {
    duva_status status;
    char text[TEXT];
    char whole[TEXT]; /* with its enhanced codes */
} answer;

/* A recipient in an transaction. */
typedef struct recipient {
    int left_out; /* for LIMITS */
    int asked;    /* takes part in this transaction */
    int said, heard, accepted;
    duva_verdict verdict;
    answer reply;
    int by_mail; /* its verdict follows from the verdict of the mail */
} recipient;

/* A mail that was started; a mail started again is another one. */
typedef struct transaction {
    duva_mail *mail;
    int chunking, raw; /* by BDAT; the message is not changed */
    int ascii; /* the server takes no octets above 127 */
    int exact;
    recipient recipient[RCPTS];
    int rset_said, mail_said, data_said, ended;
    int begun; /* a chunk, or the message of DATA, is open */
    int trial; /* its MAIL shows what the server can take: overlap.h */
    int ahead; /* MAIL was said before its turn */
    int mail_heard, refused;  /* by MAIL, DATA, BDAT or the end */
    int stopped;              /* no further command of it will be said */
    int discard;              /* 354 for nobody: only the dot */
    int end_heard;            /* a reply to the end of the message */
    int by_any;               /* status is that of any accepted recipient */
    duva_reason or_reason;    /* this is as true as reason */
    size_t chunk;             /* octets of the open chunk still to say */
    size_t pieces;            /* octets said in chunks */
    size_t bdat_end;          /* where the first BDAT line ends, or 0 */
    uint8_t message[MESSAGE]; /* as it must be said */
    size_t message_len, message_said;
    size_t line, column; /* of the source */
    int after_cr;
    int complete; /* the source is at its end */
    int over;     /* what follows is final */
    duva_verdict verdict;
    duva_err err;
    duva_reason reason;
    uint32_t where;
    answer reply;
} transaction;

/* A command that may be said next. */
typedef struct candidate {
    verb verb;
    int rcpt;
    int any_length; /* "BDAT n" or "BDAT n LAST", n is free */
    char text[LINE];
} candidate;

typedef struct model {
    const duva_config *config;
    uint8_t wire[WIRE]; /* everything that the engine ever said */
    size_t wire_len, judged, taken;
    command said[SAID];
    int said_count;
    candidate next[3]; /* what the present line may be */
    int next_count;
    size_t line_begin;
    transaction transaction[TRANSACTIONS];
    int transaction_count;
    int asked_auth, auth_over, quit_asked, closed;
    duva_overlap overlap;
    int overlap_unknown;
    int carried;      /* a mail was accepted */
    int open;         /* transaction: no, yes, nobody knows */
    char query[LINE]; /* its line, until it is answered; or "" */
    answer query_reply;
    int hello_refused, leaving; /* nothing but QUIT is left to say */
    uint32_t bits, size_max, rcpt_max, domain_max;
    char lines[4096]; /* of the reply being read */
    size_t lines_len, line;
    unsigned code;
    int two_codes;
    duva_verdict verdict;
    duva_err err;
    duva_reason reason;
    answer reply;
    char wrong[512]; /* what the engine did wrong, or "" */
} model;

/* In status.stage: any stage is right. */
enum { ANY_STAGE = 0xFFFF };

/* model.c */
void model_init(model *m, const duva_config *config);
int model_pipelining(const model *m);
int model_unanswered(const model *m, int only); /* -1: of all */
transaction *model_last(model *m);              /* started, or NULL */
void model_wrong(model *m, const char *format, ...);

/* commands.c: octets that the engine shows, and those that the link took. */
void model_look(model *m, const uint8_t *pending, size_t len);
void model_taken(model *m, size_t len);
/* Octets of the message that went past the engine. */
void model_directed(model *m, const uint8_t *data, size_t len);
int model_may_begin_message(const model *m, const transaction *a);
/* 1 when there is a command that the engine should have said by now. */
int model_has_command(model *m);

/* replies.c */
void model_feed(model *m, const uint8_t *data, size_t len);

/* verdicts.c */
void model_answer(model *m, unsigned code, answer reply);
void model_abort(model *m, duva_err why, duva_reason reason);
int model_due(const model *m);
int model_tries(const model *m);        /* the oldest command is a trial */
duva_stage model_waits(const model *m); /* of the oldest command */

duva_stage model_stage(verb v);
/* Has the link taken its end of data? */
int model_end_is_out(const model *m, const transaction *a);
/* Is it known that the message is accepted for no recipient? */
int model_gone(const transaction *a);

/* calls.c */
int model_start(model *m, duva_mail *mail, int err);
int model_may_start(const model *m);
int model_may_quit(const model *m);
void model_query(model *m, const char *line);
int model_idle(const model *m);
int model_wants_body(const model *m);
duva_err model_filled(model *m, const uint8_t *data, size_t len);
duva_err model_body_end(model *m);

#endif
