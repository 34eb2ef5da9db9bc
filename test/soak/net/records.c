/* records.c - writes what the server has seen into two files. */
/* SPDX-License-Identifier: MIT */
#include "records.h"

#include <stdlib.h>
#include <string.h>

/* A message that was stored or, with a cause, a mail that was rejected. */
struct record {
    struct stored stored;
    uint32_t      cause;
};

static FILE *open_in(const char *folder, const char *name, const char *mode)
{
    char path[512];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return fopen(path, mode);
}

int records_open(struct records *r, const char *folder, uint32_t mails)
{
    r->file = open_in(folder, "records", "wb");
    r->violations = open_in(folder, "violations", "w");
    r->sendings = calloc(mails, 1);
    r->mails = mails;
    return r->file != NULL && r->violations != NULL && r->sendings != NULL;
}

int records_close(struct records *r)
{
    const int failed = ferror(r->file) || ferror(r->violations);

    free(r->sendings);
    return !(fclose(r->file) | fclose(r->violations) | failed);
}

/* ---- the witness ---- */

static void treat(void *ctx, uint32_t id, struct treatment *t)
{
    struct records *r = ctx;

    memset(t, 0, sizeof(*t));
    if (id < r->mails)
        treatment_random(t, r->seed, id, r->sendings[id]++, r->per_mille);
}

static void stored(void *ctx, const struct stored *s)
{
    struct record record;

    memset(&record, 0, sizeof(record));
    record.stored = *s;
    fwrite(&record, sizeof(record), 1, ((struct records *)ctx)->file);
}

static void cause(void *ctx, uint32_t id, unsigned bits)
{
    struct record record;

    memset(&record, 0, sizeof(record));
    record.stored.id = id;
    record.cause = bits;
    fwrite(&record, sizeof(record), 1, ((struct records *)ctx)->file);
}

static void session_refused(void *ctx)
{
    (void)ctx;                 /* which driver that hits is not known here */
}

static void violation(void *ctx, const char *what, const char *line)
{
    fprintf(((struct records *)ctx)->violations, "%s: %.100s\n", what, line);
}

struct witness records_witness(struct records *r)
{
    return (struct witness){ r, treat, stored, cause, session_refused,
                             violation, NULL, 0 };
}

/* ---- reading ---- */

int records_enter(const char *folder, struct ledger *l)
{
    FILE         *file = open_in(folder, "records", "rb");
    FILE         *violations = open_in(folder, "violations", "r");
    struct record record;
    char          line[200];

    if (file == NULL || violations == NULL)
        return 0;
    while (fread(&record, sizeof(record), 1, file) == 1) {
        if (record.cause != 0)
            ledger_cause(l, record.stored.id, record.cause);
        else
            ledger_stored(l, &record.stored);
    }
    while (fgets(line, sizeof(line), violations) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        ledger_violation(l, line);
    }
    fclose(file);
    fclose(violations);
    return 1;
}
