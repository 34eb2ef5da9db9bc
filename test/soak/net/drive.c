/* drive.c - hands mails to the drivers, and receives their verdicts. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "drive.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A message that is a file, for the kernel to send. */
struct filed_mail {
    struct test_mail mail;
    duva_extent      extent;
};

struct way way_random(struct random *r)
{
    struct way w = { (enum door)random_below(r, DOORS), DUVA_TLS_NEVER,
                     (duva_proxy_kind)random_below(r, 2), 0 };

    if (w.door == DOOR_SMTPS)
        w.tls = DUVA_TLS_IMPLICIT;
    else if (random_chance(r, 250))
        w.tls = random_chance(r, 400) ? DUVA_TLS_REQUIRED
                                      : DUVA_TLS_IF_OFFERED;
    if ((w.tls == DUVA_TLS_IMPLICIT || w.tls == DUVA_TLS_REQUIRED)
        && random_chance(r, 300))
        w.auth = 1 + (int)random_below(r, 2);
    return w;
}

duva_config drive_config(const struct drive *d, const struct way *w,
                         struct random *r)
{
    duva_config config;

    memset(&config, 0, sizeof(config));
    config.name = "soak.example";
    config.tls = w->tls;
    config.timeout_ms = d->timeout;
    config.window = random_chance(r, 500) ? random_below(r, 2)
                                          : random_below(r, 17);
    if (w->door == DOOR_LMTP)
        config.options = DUVA_LMTP;
    return config;
}

/* ---- mails ---- */

static void put_in_file(struct drive *d, struct filed_mail *f)
{
    struct test_mail *m = &f->mail;
    int               fd;

    f->extent.fd = -1;
    if (!m->plan.direct || m->plan.flaw || m->plan.id % 4 != 0
        || d->files > 0)
        return;
    fd = memfd_create("message", MFD_CLOEXEC);
    if (fd < 0)
        return;
    if (write(fd, m->text, m->len) != (ssize_t)m->len) {
        close(fd);
        return;
    }
    f->extent.fd = fd;
    f->extent.end = m->len;
    m->job.source = duva_extent_read;
    m->job.source_ctx = &f->extent;
    m->job.direct = duva_extent_direct;
}

struct test_mail *drive_next(struct drive *d, int lmtp)
{
    struct filed_mail *f = calloc(1, sizeof(*f));
    struct mail_plan   plan;
    uint32_t           id;

    if (f == NULL)
        return NULL;
    pthread_mutex_lock(&d->lock);
    id = d->next;
    d->next += id < d->mails;
    pthread_mutex_unlock(&d->lock);
    if (id == d->mails) {
        free(f);
        return NULL;
    }
    mail_plan_random(&plan, d->seed, id, 1);
    if (!mail_make(&f->mail, &plan)) {
        free(f);
        return NULL;           /* this one is left out */
    }
    put_in_file(d, f);
    mail_hand_in(&f->mail, d->ledger, lmtp);
    mail_begin(&f->mail);
    return &f->mail;
}

int drive_is_over(struct drive *d)
{
    int is_over;

    pthread_mutex_lock(&d->lock);
    is_over = d->next == d->mails;
    pthread_mutex_unlock(&d->lock);
    return is_over;
}

/* What may have been a reason on the client's side: which server it was, and
 * what that one advertised, is not known. */
static unsigned local_causes(const struct test_mail *m)
{
    unsigned causes = CAUSE_SIZE | CAUSE_LIMIT;

    if (m->plan.flags & (DUVA_MAIL_BINARY | DUVA_MAIL_8BIT))
        causes |= CAUSE_OCTETS;
    if (m->job.mail.result.status.stage < DUVA_STAGE_RSET)
        causes |= CAUSE_SESSION;
    return causes;
}

void drive_sent(struct drive *d, struct test_mail *m)
{
    mail_sent(m, d->ledger);
    ledger_cause(d->ledger, m->plan.id, local_causes(m));
}

void drive_done(struct drive *d, struct test_mail *m)
{
    struct filed_mail *f = (struct filed_mail *)m;

    d->ledger->entry[m->plan.id].verdicts++;
    if (f->extent.fd >= 0)
        close(f->extent.fd);
    mail_free(m);
    free(f);
}
