/* records.h - what the server process writes, and the ledger reads. */
/* SPDX-License-Identifier: MIT */
#ifndef SOAK_RECORDS_H
#define SOAK_RECORDS_H

#include "ledger.h"
#include "server.h"

struct records {
    FILE    *file, *violations;
    uint8_t *sendings;         /* of each mail */
    uint32_t mails;
    uint64_t seed;
    unsigned per_mille;
};

/* Opens them in the folder for writing.  0: it cannot. */
int  records_open(struct records *r, const char *folder, uint32_t mails);
int  records_close(struct records *r);

/* A witness that writes them. */
struct witness records_witness(struct records *r);

/* Enters them in the ledger.  0: they cannot be read. */
int  records_enter(const char *folder, struct ledger *l);

#endif
