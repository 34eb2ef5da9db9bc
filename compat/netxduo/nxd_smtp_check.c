/* nxd_smtp_check.c - turns texts of a mail into whether they can be sent. */
/* SPDX-License-Identifier: MIT */
#include "nxd_smtp_check.h"

int duva__nx_is_subject(const CHAR *text)
{
    for (; *text != '\0'; text++) {
        const UCHAR octet = (UCHAR)*text;

        if ((octet < ' ' && octet != '\t') || octet == 0x7F)
            return 0;
    }
    return 1;
}

#if DUVA_WITH_SIZE
int duva__nx_check_text(duva_mail *mail, duva_body *body, const void *text,
                        size_t len)
{
    const UCHAR *at = (const UCHAR *)text;

    if (duva_body_check(body, text, len) != DUVA_OK)
        return 0;
    for (; len > 0 && !(mail->flags & DUVA_MAIL_8BIT); len--)
        if (*at++ >= 0x80)
            mail->flags |= DUVA_MAIL_8BIT;
    return 1;
}
#endif
