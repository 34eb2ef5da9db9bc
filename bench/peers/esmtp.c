/* esmtp.c - sends a job with libESMTP. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "../job.h"

#include <libesmtp.h>
#include <signal.h>
#include <stdlib.h>

enum { PIECE = 32 * 1024 };

/* One mail is read at a time, so one reader will do. */
static struct job_reader reader;
static const struct job *job;

/* Gives the next piece; with len NULL a message begins. */
static const char *piece(void **ctx, int *len, void *arg)
{
    (void)arg;
    if (*ctx == NULL)
        *ctx = malloc(PIECE);
    if (len == NULL) {
        if (reader.job != NULL)
            job_close(&reader);
        job_open(&reader, job);
        return NULL;
    }
    if (reader.file == NULL && reader.pos == 0) {
        reader.pos = job->text_len;
        *len = (int)job->text_len;
        return job->text;
    }
    *len = (int)job_take(&reader, *ctx, PIECE);
    return *ctx;
}

static void check(int good)
{
    char text[200];

    if (!good)
        job_fail("libesmtp", smtp_strerror(smtp_errno(), text, sizeof(text)));
}

static void add(smtp_session_t session)
{
    smtp_message_t message = smtp_add_message(session);
    unsigned long  i;

    check(message != NULL);
    check(smtp_set_reverse_path(message, JOB_FROM));
    check(smtp_set_messagecb(message, piece, NULL));
    for (i = 0; i < job->rcpts; i++)
        check(smtp_add_recipient(message, job->rcpt[i]) != NULL);
}

static void require_taken(smtp_message_t message, void *arg)
{
    const smtp_status_t *status = smtp_message_transfer_status(message);

    (void)arg;
    if (status->code != 250)
        job_fail("libesmtp", "a mail was not taken");
}

/* That many mails on one connection. */
static void session_of(unsigned long mails)
{
    smtp_session_t session = smtp_create_session();
    char           server[300];
    unsigned long  i;

    check(session != NULL);
    snprintf(server, sizeof(server), "%s:%s", job->host, job->port);
    check(smtp_set_server(session, server));
    check(smtp_set_hostname(session, "client.example"));
    for (i = 0; i < mails; i++)
        add(session);
    check(smtp_start_session(session));
    smtp_enumerate_messages(session, require_taken, NULL);
    smtp_destroy_session(session);
}

int main(int argc, char **argv)
{
    static struct job j;
    unsigned long     i;

    (void)argc;
    job_read(&j, argv);
    job = &j;
    signal(SIGPIPE, SIG_IGN);
    if (!j.anew)
        session_of(j.mails);
    else
        for (i = 0; i < j.mails; i++)
            session_of(1);
    return 0;
}
