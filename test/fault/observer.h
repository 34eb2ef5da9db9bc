/* observer.h - what an observer of the connection knows, and no more. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_OBSERVER_H
#define DUVA_TEST_OBSERVER_H

#include "check.h"
#include "traffic.h"

#include "duva/overlap.h"

enum command { GREETING, HELLO, STARTTLS, AUTH, RSET, MAIL, RCPT, DATA, END,
               QUIT };

/* Where the reading of a message stands. */
struct walk {
    size_t at, column;         /* of it, of its line */
    size_t dot;                /* octets of the final dot */
    int    owed;               /* the octet that comes before the next */
};

/* From MAIL to the reply to the end of data.  Codes are 0 before they come. */
struct transaction {
    size_t           sending;  /* the entry of the plan that it is for */
    const duva_mail *mail;
    int             *rcpt_code;
    int             *rcpt_end; /* LMTP: after the message */
    uint8_t         *rcpt_off; /* beyond what LIMITS has */
    int              mail_code, data_code, end_code;
    int              early;    /* 2yz in the middle of the message */
    int              chunked;  /* by BDAT or BURL */
    int              empty;    /* no recipient was accepted: a lone dot */
    struct walk      walk;     /* through the message */
    size_t           octets;   /* of it that were sent */
    int              end_out;  /* all of the message was sent */
    int              ahead;    /* handed in before the one before was over */
    int              trial;    /* MAIL alone, behind an end of data, to learn
                                  whether the server accepts that */
    int              again;    /* it does not: MAIL is sent once more */
    int              judged;
};

/* It reads the octets of both directions in the order in which they were sent,
 * and knows nothing of the engine. */
struct observer {
    struct played        *p;
    const struct traffic *t;
    duva_err       fault;      /* what the connection ended of, or DUVA_OK */
    int            lmtp;
    int            many;       /* transactions may be pipelined */
    /* the server's side */
    char           code[4];
    unsigned       first_code, column, lines, octets, after_cr, more;
    int            deaf;       /* no reply counts from here on */
    int            gone;       /* it has said 421 */
    char           words[80];  /* of the line */
    size_t         rcpt_max, mail_max; /* LIMITS; 0: none */
    uint8_t        eight;      /* 8BITMIME */
    /* the client's side */
    char           line[600];
    size_t         length;
    int            in_auth, in_message, line_start, dot;
    size_t         chunk;      /* octets of it to come */
    int            last_chunk;
    /* commands, and transactions, in the order in which they were sent */
    struct command_said {
        enum command        what;
        size_t              rcpt;
        struct transaction *of;
        int                 again; /* there is another form of it to try */
        int                 cancels;
        int                 last;  /* END: nothing of the message follows */
    }             *queue;
    size_t         head, tail;
    struct transaction *transaction;
    size_t         transactions;
    int            reset;      /* RSET is the last of them that was sent */
    /* a session that is rejected, and the stage */
    int            refused;
    enum command   refused_at;
    size_t         sending;    /* the entry of the plan that was handed in
                                  last, */
    size_t         heard_at;   /* and when the last reply to a mail came */
    duva_overlap   overlap;    /* what is known of the server */
    /* the result */
    duva_verdict **rcpt;       /* of every mail */
    duva_verdict  *verdict;    /* of every entry of the plan */
};

/* hear.c: the transaction that was begun last; NULL: none yet. */
struct transaction *present(const struct observer *b);

/* hear.c: the next octet of the server. */
void hear_octet(struct observer *b, char c);

/* Is the recipient still to be sent, of the mail of this entry of the plan? */
int is_wanted(const struct observer *b, size_t sending, size_t rcpt);

/* The same, in this transaction? */
int is_sent_to(const struct observer *b, const struct transaction *t,
               size_t rcpt);

/* The message of the transaction goes from here on, by DATA or by BDAT: may
 * it? */
void message_begin(struct observer *b, struct transaction *t);

/* The next octet of it, its stuffed dots and its final one among them. */
void message_octet(struct observer *b, struct transaction *t, char c);

/* The message ends here. */
void message_end(struct observer *b, struct transaction *t);

/* Gives all transactions so far their verdicts. */
void judge_transactions(struct observer *b);

/* Compares all mails with what the client says of them. */
void judge_mails(struct observer *b);

#endif
