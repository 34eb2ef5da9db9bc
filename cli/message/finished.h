/* finished.h - a finished message that was read from elsewhere. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_FINISHED_H
#define DUVA_CLI_FINISHED_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "duva/mail.h"
#include "message/header.h"
#include "text/utf8.h"

/* What is seen of the header of a finished message on the way through it. */
struct cli_header_check {
    uint8_t     place;
    char        begin[5];      /* of the message */
    size_t      octets;        /* of it that were looked at */
    size_t      line, fields;
    const char *problem;       /* NULL: none */
};

/* Octets that can be read twice: a header in memory, then the rest from a
 * file, or from memory when it came through a pipe and is not too long. */
struct cli_finished {
    char    *head;             /* on the heap; NULL: none */
    size_t   head_len;
    FILE    *file;             /* NULL: in memory */
    char    *memory;           /* NULL: in file */
    int64_t  start;            /* of the rest in file */
    uint64_t len;              /* of the rest */
    uint64_t pos;              /* in head, then in the rest */
    duva_body check;           /* of the rest: octets, or what is wrong */
    struct cli_utf8 utf8;
    uint8_t  in_head;
    uint8_t  eight_bit;        /* there is an octet above 127 in the rest */
    uint8_t  not_utf8;
    uint8_t  binary;           /* it may have what no line has: so it is for
                                  duva_convert to read, or to refuse */
    uint8_t  whole;            /* there is a header in it: */
    struct cli_header_check header;
    const struct cli_header *given; /* what head was made of; NULL: nothing */
    uint32_t added;            /* lines of head before those of given */
};

/* Opens file ("-" is standard input), reads all of it and checks it.  Returns
 * 0; or EX_DATAERR: m->header.problem says why, or if that is NULL m->check; or
 * EX_NOINPUT, or EX_IOERR and EX_OSERR for the copy that a pipe needs, with
 * errno. */
int cli_finished_open(struct cli_finished *m, const char *file);

/* The same for the rest of a stream, which is no file on a disk. */
int cli_finished_take(struct cli_finished *m, FILE *in);
void cli_finished_close(struct cli_finished *m);

/* Line `number` of what is sent, from 1: in what was read; 0: it was added. */
unsigned long cli_finished_line(const struct cli_finished *m,
                                unsigned long number);

/* A duva_source_fn; call it with buf NULL before the first reading. */
int cli_finished_read(void *message, void *buf, size_t len);

/* Does this option name the standard input? */
int cli_is_stdin(const char *file);

#endif
