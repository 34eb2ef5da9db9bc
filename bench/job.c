/* job.c - turns a driver's arguments into what it is to send. */
/* SPDX-License-Identifier: MIT */
#include "job.h"

#include <stdlib.h>
#include <string.h>

enum { ADDRESS_SIZE = 40 };

void job_fail(const char *what, const char *why)
{
    fprintf(stderr, "driver: %s: %s\n", what, why);
    exit(1);
}

static void *must_have(void *memory)
{
    if (memory == NULL)
        job_fail("memory", "there is none left");
    return memory;
}

static unsigned long number(const char *name, const char *value)
{
    char         *end;
    unsigned long n = strtoul(value, &end, 10);

    if (n == 0 || *end != '\0')
        job_fail(name, "is not a number above 0");
    return n;
}

/* Which of the words, the first being 0. */
static int choice(const char *name, const char *value, const char *const *word)
{
    int i;

    for (i = 0; word[i] != NULL; i++)
        if (strcmp(value, word[i]) == 0)
            return i;
    job_fail(name, "has no such value");
    return -1;
}

static void read_word(struct job *j, const char *name, const char *value)
{
    static const char *const connection[] = { "reused", "new", NULL };
    static const char *const source[] = { "memory", "file", NULL };
    static const char *const tls[] = { "none", "starttls", "implicit", NULL };

    if (strcmp(name, "host") == 0)
        j->host = value;
    else if (strcmp(name, "port") == 0)
        j->port = value;
    else if (strcmp(name, "file") == 0)
        j->file = value;
    else if (strcmp(name, "ca") == 0)
        j->ca = value;
    else if (strcmp(name, "attach") == 0)
        j->attach = *value != '\0' ? value : NULL;
    else if (strcmp(name, "mails") == 0)
        j->mails = number(name, value);
    else if (strcmp(name, "rcpts") == 0)
        j->rcpts = number(name, value);
    else if (strcmp(name, "sessions") == 0)
        j->sessions = number(name, value);
    else if (strcmp(name, "connection") == 0)
        j->anew = choice(name, value, connection);
    else if (strcmp(name, "source") == 0)
        j->from_file = choice(name, value, source);
    else if (strcmp(name, "tls") == 0)
        j->tls = (enum job_tls)choice(name, value, tls);
    else
        job_fail(name, "is not known");
}

static void load(struct job *j)
{
    FILE *f = fopen(j->file, "rb");
    long  len = 0;

    if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (len = ftell(f)) < 0)
        job_fail(j->file, "cannot be read");
    rewind(f);
    j->text_len = (size_t)len;
    j->text = must_have(malloc(j->text_len + 1));
    if (fread(j->text, 1, j->text_len, f) != j->text_len)
        job_fail(j->file, "cannot be read");
    j->text[j->text_len] = '\0';
    fclose(f);
}

void job_read(struct job *j, char **argv)
{
    unsigned long i;

    memset(j, 0, sizeof(*j));
    j->mails = j->rcpts = j->sessions = 1;
    while (*++argv != NULL) {
        char *value = strchr(*argv, '=');

        if (value == NULL)
            job_fail(*argv, "is not of the form name=value");
        *value++ = '\0';
        read_word(j, *argv, value);
    }
    if (j->host == NULL || j->port == NULL || j->file == NULL)
        job_fail("host, port, file", "one of them is missing");
    if (!j->from_file)
        load(j);
    j->rcpt = must_have(calloc(j->rcpts, sizeof(*j->rcpt)));
    for (i = 0; i < j->rcpts; i++) {
        j->rcpt[i] = must_have(malloc(ADDRESS_SIZE));
        snprintf(j->rcpt[i], ADDRESS_SIZE, "r%lu@sink.example", i);
    }
}

void job_open(struct job_reader *r, const struct job *j)
{
    r->job = j;
    r->pos = 0;
    r->file = NULL;
    if (!j->from_file)
        return;
    r->file = fopen(j->file, "rb");
    if (r->file == NULL)
        job_fail(j->file, "cannot be opened");
    setvbuf(r->file, NULL, _IONBF, 0); /* callers ask for large pieces */
}

size_t job_take(struct job_reader *r, void *buf, size_t len)
{
    const struct job *j = r->job;

    if (r->file != NULL)
        return fread(buf, 1, len, r->file);
    if (len > j->text_len - r->pos)
        len = j->text_len - r->pos;
    memcpy(buf, j->text + r->pos, len);
    r->pos += len;
    return len;
}

void job_rewind(struct job_reader *r)
{
    r->pos = 0;
    if (r->file != NULL)
        rewind(r->file);
}

void job_close(struct job_reader *r)
{
    if (r->file != NULL)
        fclose(r->file);
}
