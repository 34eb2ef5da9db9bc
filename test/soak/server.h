/* server.h - one connection of a server with faults. */
/* SPDX-License-Identifier: MIT */
/*
 * No I/O and no clock: octets of the client go in, octets for it come out, and
 * the caller says what time it is, in milliseconds.  So a program in memory
 * and one with sockets have the same server.
 */
#ifndef SOAK_SERVER_H
#define SOAK_SERVER_H

#include "ledger.h"
#include "random.h"

/* What a server advertises. */
enum {
    HAS_PIPELINING = 1, HAS_CHUNKING = 2, HAS_8BITMIME = 4, HAS_BINARYMIME = 8,
    HAS_SIZE = 16, HAS_LIMITS = 32, HAS_ENHANCED = 64, HAS_STARTTLS = 128,
    HAS_AUTH = 256, HAS_BITS = 9
};

/* What it does with commands that arrive behind the end of data, in the same
 * read. */
enum tail {
    TAIL_READ,                 /* it takes them, as RFC 2920 has it */
    TAIL_DROP,                 /* it forgets them */
    TAIL_503, TAIL_500,        /* it refuses them */
    TAILS
};

/* How replies leave. */
enum pace {
    PACE_EACH,                 /* each by itself */
    PACE_JOINED,               /* together, when no command is left to read */
    PACE_PIECES,               /* in a few random octets at a time, */
    PACE_OCTETS,               /* or one */
    PACES
};

struct profile {
    uint16_t has;              /* HAS_* */
    uint8_t  helo_only;
    uint8_t  lmtp;
    uint8_t  tail;
    uint8_t  pace;
    uint8_t  keeps_failed;     /* a failed BDAT leaves the transaction open
                                  until RSET, */
    uint8_t  keeps_failed_last;/* also one with LAST */
    uint8_t  data_for_none;    /* 354 although no recipient was accepted */
    uint8_t  multiline;        /* replies of several lines */
    uint32_t size_max, rcpt_max, mail_max; /* 0: none */
    uint32_t slow_ms;          /* most time for a reply to the end of data */
};

/* A fault: at which command, and what. */
enum fault_stage {
    AT_NOTHING, AT_CONNECT, AT_EHLO, AT_STARTTLS, AT_AUTH, AT_MAIL, AT_RCPT,
    AT_DATA, AT_BODY, AT_END, AT_AFTER, AT_QUIT, FAULT_STAGES
};

enum fault_kind {
    DO_REPLY,                  /* the code instead of the proper one; 421
                                  closes the connection */
    DO_HANG_UP,                /* FIN or RST before the reply */
    DO_HANG_UP_AFTER,          /* behind it */
    DO_CUT_REPLY,              /* in the middle of it */
    DO_SILENCE,                /* a pause before the command is looked at */
    DO_LATE_REPLY,             /* a pause behind it, before the reply */
    DO_JUNK,                   /* no reply that RFC 5321 knows */
    DO_STRAY,                  /* one reply too many, then FIN */
    FAULT_DOS
};

/* How one transaction is treated, or a session before its first. */
struct treatment {
    uint8_t  stage, kind;      /* the fault; AT_NOTHING: none */
    uint8_t  reset;            /* hang up by RST */
    uint8_t  junk;             /* which */
    uint16_t code;             /* of DO_REPLY */
    uint16_t at;               /* octets of the message or the reply; BDAT */
    uint16_t ms;               /* of a pause */
    uint16_t rcpt[SOAK_RCPTS]; /* replies to RCPT; 0: 250 */
    uint16_t end[SOAK_RCPTS];  /* replies of LMTP to the end of data */
};

/* Ways to make them. */
void profile_random(struct profile *p, uint64_t seed, uint64_t number);
void treatment_random(struct treatment *t, uint64_t seed, uint32_t id,
                      unsigned sending, unsigned per_mille);
void session_random(struct treatment *t, uint64_t seed, uint64_t number,
                    unsigned per_mille);

/* Whom the server tells what, and asks how to treat whom. */
struct witness {
    void *ctx;
    void (*treat)(void *ctx, uint32_t id, struct treatment *t);
    void (*stored)(void *ctx, const struct stored *s);
    void (*cause)(void *ctx, uint32_t id, unsigned cause);
    void (*session_refused)(void *ctx);
    void (*violation)(void *ctx, const char *what, const char *line);
    void (*trace)(void *ctx, char from, const char *text, size_t len);
    int allows_clear;          /* passwords without TLS are no violation */
};

struct octets {
    char  *data;
    size_t len, room;
};

enum mode {
    MODE_GREETING, MODE_COMMAND, MODE_DATA, MODE_CHUNK, MODE_AUTH, MODE_TLS
};
enum close { CLOSE_NO, CLOSE_FIN, CLOSE_RST };

struct server {
    const struct profile *profile;
    const struct witness *witness;
    struct treatment start;    /* of the session */
    struct treatment now;      /* of the transaction */
    struct random    random;
    struct octets    in, out;
    int64_t  time;             /* now */
    int64_t  pause;            /* nothing is read or written before it, */
    int64_t  stall;            /* nor anything written before that */
    uint8_t  mode, closing, idle;
    uint8_t  greeted, tls, login; /* login: step of AUTH LOGIN */
    uint8_t  alone;            /* nothing may arrive before the reply leaves */
    uint8_t  dropped;          /* the beginning of a command */
    uint8_t  paused;           /* the pause of a fault is over */
    uint8_t  in_mail, failed;  /* a transaction; one that only RSET ends */
    uint16_t advertised;       /* HAS_*, by the last EHLO */
    uint32_t id;               /* of the mail */
    unsigned seen;             /* RCPT commands of the transaction */
    unsigned order[SOAK_RCPTS], takes; /* accepted, in their order */
    unsigned mixed;            /* recipients of other mails */
    unsigned mails, chunks;    /* accepted in this session; BDAT of this mail */
    uint8_t  last_chunk;
    size_t   chunk_left, refuse; /* octets: of a chunk; to be refused unread */
    unsigned id_at;            /* octets of "X-Id: " and its number seen */
    uint32_t id_seen;          /* that number */
    uint64_t sum;              /* of the message so far, */
    size_t   octets;           /* and its octets */
    const char *after;         /* the command that alone is about */
};

/* Begins a connection; it greets. */
void server_open(struct server *s, const struct profile *p,
                 const struct witness *w, const struct treatment *start,
                 uint64_t seed);
void server_free(struct server *s);

/* Octets have arrived. */
void server_feed(struct server *s, const void *data, size_t len);

/* Handles one command, line or piece.  0: there is nothing to do now. */
int server_work(struct server *s, int64_t now);

/* Octets for the client that may leave now, up to len of them.  When none are
 * left and s->closing is set, the connection ends in that way. */
size_t server_take(struct server *s, int64_t now, char *buf, size_t len);

/* When there may be something to do that is not to be done now; -1: never,
 * unless octets arrive. */
int64_t server_wakes(const struct server *s, int64_t now);

/* STARTTLS was accepted and the reply has left: the handshake may begin, and
 * is over. */
int  server_wants_tls(const struct server *s);
void server_secured(struct server *s);

#endif
