/* fit.c - what a server offers into how a message is sent to it. */
/* SPDX-License-Identifier: MIT */
#include "duva/fit.h"

#if !DUVA_MIME_SMALL && DUVA_WITH_SIZE
static uint8_t taken(uint32_t caps, const duva_mail *mail)
{
    uint8_t takes = 0;

    if (caps & DUVA_CAP_8BITMIME)
        takes |= DUVA_MIME_8BIT;
#if DUVA_WITH_SMTPUTF8
    if ((caps & DUVA_CAP_SMTPUTF8) && (mail->flags & DUVA_MAIL_UTF8))
        takes |= DUVA_MIME_UTF8;
#else
    (void)mail;
#endif
    return takes;
}

static void mark(duva_mail *mail, unsigned needs, unsigned takes)
{
    mail->flags &= (uint8_t)~DUVA_MAIL_8BIT;
    if (needs & takes & DUVA_MIME_8BIT)
        mail->flags |= DUVA_MAIL_8BIT;
}

static int refuse(duva_mail *mail, const duva_mime_error *error, int err)
{
    mail->result.reason = error->reason;
    mail->result.where = error->where;
    return err;
}

int duva_fit_convert(void *convert, uint32_t caps, duva_mail *mail)
{
    duva_convert *const c = convert;
    char                none;

    c->takes = taken(caps, mail);
    mail->size = duva_convert_size(c);
    if (c->error.reason != DUVA_REASON_NONE)
        return refuse(mail, &c->error, duva_convert_read(c, &none, 0));
    mark(mail, c->needs, c->takes);
    return DUVA_OK;
}

int duva_fit_mime(void *mime, uint32_t caps, duva_mail *mail)
{
    duva_mime *const m = mime;
    int              err;

    m->takes = taken(caps, mail);
    err = duva_mime_read(m, NULL, 0);
    if (err < 0)
        return refuse(mail, &m->error, err);
    mail->size = duva_mime_size(m);
    mark(mail, m->needs, m->takes);
    return DUVA_OK;
}
#else
typedef int duva__no_fit;      /* a file must not be empty */
#endif
