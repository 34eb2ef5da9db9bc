/* job.h - what a driver is asked to send, as all drivers are asked. */
/* SPDX-License-Identifier: MIT */
/*
 * A driver is started with words of the form name=value, in any order:
 *
 *     host= port=        where to
 *     mails= rcpts=      how many mails, and recipients of each
 *     sessions=          connections at a time
 *     connection=        reused, or new for each mail
 *     tls=               none, starttls, implicit
 *     ca=                the certificate to trust, PEM
 *     file=              the message, with CRLF
 *     source=            memory, or file: read it anew for each mail
 *     attach=            a file to attach, or nothing
 *
 * and exits with 0 when the server has taken each mail.
 */
#ifndef BENCH_JOB_H
#define BENCH_JOB_H

#include <stddef.h>
#include <stdio.h>

#define JOB_FROM "bench@client.example"

enum job_tls { JOB_CLEAR, JOB_STARTTLS, JOB_IMPLICIT };

struct job {
    const char   *host, *port, *file, *ca, *attach;
    unsigned long mails, rcpts, sessions;
    int           anew;        /* a connection for each mail */
    int           from_file;   /* instead of from memory */
    enum job_tls  tls;
    char         *text;        /* the message, unless from_file */
    size_t        text_len;
    char        **rcpt;        /* addresses */
};

/* Reads the words.  Says what is wrong with them, and exits, if need be. */
void job_read(struct job *j, char **argv);

/* Says what went wrong with the driver's own work, and exits. */
void job_fail(const char *what, const char *why);

/* The message of one mail, as it is read. */
struct job_reader {
    const struct job *job;
    FILE             *file;
    size_t            pos;
};
void   job_open(struct job_reader *r, const struct job *j);
size_t job_take(struct job_reader *r, void *buf, size_t len);
void   job_rewind(struct job_reader *r);
void   job_close(struct job_reader *r);

#endif
