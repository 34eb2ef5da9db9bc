/* ledger.h - what was handed in, what was stored, what the client said. */
/* SPDX-License-Identifier: MIT */
/*
 * One entry for each mail, by its number.  The driver writes what it handed in
 * and each verdict; the server writes what it stored and why it rejected;
 * ledger_compare() holds one against the other.
 */
#ifndef SOAK_LEDGER_H
#define SOAK_LEDGER_H

#include <duva/mail.h>

#include <stdio.h>

#define SOAK_RCPTS 5           /* most recipients of a mail */

/* Why a mail may have been rejected, as bits of entry.cause. */
enum {
    CAUSE_MAIL = 1 << SOAK_RCPTS, /* 5yz to MAIL, DATA, BDAT or end of data;
                                     the bits below: 5yz to that recipient */
    CAUSE_SESSION = CAUSE_MAIL << 1, /* 5yz before the first MAIL */
    CAUSE_SIZE = CAUSE_MAIL << 2, /* larger than a server's SIZE */
    CAUSE_LIMIT = CAUSE_MAIL << 3, /* for all or none, beyond RCPTMAX */
    CAUSE_OCTETS = CAUSE_MAIL << 4, /* a server without BINARYMIME, 8BITMIME */
    CAUSE_MESSAGE = CAUSE_MAIL << 5 /* unfit to be sent, on purpose */
};

/* What is wrong with an entry, as bits. */
enum {
    FAULT_NO_VERDICT = 1,
    FAULT_TWO_VERDICTS = 2,
    FAULT_NOT_STORED = 4,      /* ACCEPTED */
    FAULT_STORED = 8,          /* RETRY or REFUSED */
    FAULT_STORED_TWICE = 16,
    FAULT_PART = 32,           /* ALL_OR_NOTHING, stored for a part */
    FAULT_DAMAGED = 64,        /* another message than was handed in */
    FAULT_MIXED = 128,         /* an envelope of two mails */
    FAULT_UNEXPLAINED = 256,   /* REFUSED without a cause */
    FAULT_CONTRADICTION = 512, /* mail and recipients disagree */
    FAULT_CHANGED = 1024,      /* a final verdict of a recipient changed */
    FAULT_KINDS = 11
};

struct entry {
    uint64_t sum;              /* of the message on the wire; 0: not known */
    uint16_t cause;            /* CAUSE_* */
    uint16_t wrong;            /* FAULT_* seen so far */
    uint16_t code;             /* reply that decided the verdict */
    int8_t   err;              /* duva_err */
    uint8_t  reason;           /* duva_reason */
    uint8_t  handed;           /* times that a driver owes a verdict */
    uint8_t  verdicts;         /* given */
    uint8_t  all;              /* policy is ALL_OR_NOTHING */
    uint8_t  lmtp;
    uint8_t  rcpts;
    uint8_t  flawed;           /* its message must not arrive */
    uint8_t  verdict;
    uint8_t  rcpt[SOAK_RCPTS]; /* verdicts */
    uint8_t  stored[SOAK_RCPTS]; /* times */
    uint8_t  sendings;         /* MAIL commands that named it */
};

/* Counts for the table. */
struct tally {
    uint64_t mails, rcpts, stored; /* stored: for recipients */
    uint64_t verdict[DUVA_UNCERTAIN + 1], rcpt[DUVA_UNCERTAIN + 1];
    uint64_t wrong[FAULT_KINDS], faults; /* faults: entries with any */
    uint64_t violations;
};

struct ledger {
    struct entry *entry;
    uint32_t      count;
    uint64_t      violations;  /* of the protocol, seen by the server */
    uint64_t      unknown;     /* stored for no mail of ours */
    char          first[160];  /* the first violation */
};

/* One message that a server stored: for whom, bit by bit. */
struct stored {
    uint32_t id;
    uint32_t rcpts;
    uint64_t sum;
    uint32_t mixed;            /* parts of other mails */
};

int  ledger_init(struct ledger *l, uint32_t count);
void ledger_free(struct ledger *l);
void ledger_stored(struct ledger *l, const struct stored *s);
void ledger_cause(struct ledger *l, uint32_t id, unsigned cause);
void ledger_violation(struct ledger *l, const char *what);

/* The mail's verdicts after a sending, which need not be the last: checks them
 * against those before it, in before. */
void ledger_sent(struct ledger *l, uint32_t id, const duva_mail *m,
                 const uint8_t *before);

/* Compares everything and adds it to the tally.  Tells of wrong entries, most
 * at the most, unless out is NULL.  Returns how many things are wrong. */
uint64_t ledger_compare(struct ledger *l, struct tally *t, FILE *out,
                        unsigned most);

const char *fault_name(unsigned bit);

/* FNV-1a; begin with SUM_BEGIN. */
#define SUM_BEGIN UINT64_C(0xCBF29CE484222325)
uint64_t sum_add(uint64_t sum, const void *data, size_t len);

#endif
