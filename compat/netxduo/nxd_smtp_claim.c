/* nxd_smtp_claim.c - which thread uses a client. */
/* SPDX-License-Identifier: MIT */
#include "nxd_smtp_claim.h"

int duva__nx_is_client(const NX_SMTP_CLIENT *c)
{
    return c != NX_NULL && c->nx_smtp_client_id == NX_SMTP_CLIENT_ID;
}

int duva__nx_claim(NX_SMTP_CLIENT *c)
{
    UINT was_busy;
    TX_INTERRUPT_SAVE_AREA

    TX_DISABLE
    was_busy = c->nx_smtp_client_busy;
    c->nx_smtp_client_busy = NX_TRUE;
    TX_RESTORE
    return was_busy != NX_TRUE;
}

void duva__nx_release(NX_SMTP_CLIENT *c)
{
    c->nx_smtp_client_busy = NX_FALSE;
}
