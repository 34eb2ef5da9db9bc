/* send.c - sends a job on one connection at a time. */
/* SPDX-License-Identifier: MIT */
#include "source.h"

#include <duva/openssl.h>
#include <duva/posix.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_MS = 10000, OUT_SIZE = 32 * 1024 };

struct session {
    duva_posix   link;
    duva_openssl tls;
    duva_client  client;
};

static char            out[OUT_SIZE];
static duva_config     config = { .name = "client.example" };
static duva_tls_config trust;

static void dial(struct session *s, const struct job *j)
{
    int err = duva_posix_open(&s->link, j->host, j->port, CONNECT_MS);

    if (err != DUVA_OK)
        job_fail("connecting", duva_err_text((duva_err)err));
    memset(&s->client, 0, sizeof(s->client));
    s->client.link = &s->link.link;
    s->client.host = j->host;
    if (j->tls != JOB_CLEAR)
        s->client.tls = &s->tls.tls;
    err = duva_client_init(&s->client, &config, out, sizeof(out));
    if (err != DUVA_OK)
        job_fail("starting", duva_err_text((duva_err)err));
}

static void send_one(struct session *s, const struct job *j, duva_rcpt *rcpt)
{
    duva_mail         mail = { .from = JOB_FROM, .rcpt = rcpt,
                               .rcpt_count = j->rcpts,
                               .policy = DUVA_WHOEVER_IS_ACCEPTED };
    struct job_reader reader;
    unsigned long     i;

    for (i = 0; i < j->rcpts; i++)
        rcpt[i].verdict = DUVA_PENDING;
    job_open(&reader, j);
    duva_send_mail(&s->client, &mail, bench_source, &reader);
    job_close(&reader);
    bench_require_accepted(&mail);
}

int main(int argc, char **argv)
{
    static struct session s;
    struct job            j;
    duva_rcpt            *rcpt;
    unsigned long         i;

    (void)argc;
    job_read(&j, argv);
    rcpt = bench_rcpts(&j);
    trust.ca_file = j.ca;
    config.tls = j.tls == JOB_CLEAR      ? DUVA_TLS_NEVER
                 : j.tls == JOB_IMPLICIT ? DUVA_TLS_IMPLICIT
                                         : DUVA_TLS_REQUIRED;
    if (j.tls != JOB_CLEAR && duva_openssl_init(&s.tls, &trust) != DUVA_OK)
        job_fail("TLS", "cannot be set up");
    for (i = 0; i < j.mails; i++) {
        if (i == 0 || j.anew)
            dial(&s, &j);
        send_one(&s, &j, rcpt);
        if (j.anew || i + 1 == j.mails)
            duva_close(&s.client);
    }
    if (j.tls != JOB_CLEAR)
        duva_openssl_free(&s.tls);
    free(rcpt);
    return 0;
}
