/* cli.h - the parts of the command: what each turns into what. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_H
#define DUVA_CLI_H

#include <stdint.h>
#include <stdio.h>
#include <sysexits.h>
#include <time.h>

#include "duva/openssl.h"
#include "duva/posix.h"

/* What sysexits.h has no number for: the mail may have been delivered. */
#define EX_UNCERTAIN 79

/* A sub-command: argv[0] is its name.  Returns the exit code. */
int cli_send(int argc, char **argv);

/* Milliseconds of a clock that no one can set. */
int64_t cli_now(void);

/* ---- text: utf8.c, escape.c, json.c ---- */

/* Zero it before a character.  Feeding an octet returns 1 when it ends a
 * character (point is it), 0 when more must follow, -1 when it is wrong. */
struct cli_utf8 {
    uint32_t point;
    uint8_t  more, low, high;
};

int cli_utf8_feed(struct cli_utf8 *u, unsigned char c);

/* Octets of the character that text starts with, or 0: it is not UTF-8. */
size_t cli_utf8_next(const char *text, size_t len, uint32_t *point);

/* Writes text as a terminal may see it, with a final NUL: UTF-8 as it is, but
 * control characters, invalid octets and what changes the direction of text
 * as \xNN.  Cut with "..." to fit in cap, 4 at least.  Returns the length. */
size_t cli_escape(char *dst, size_t cap, const char *src, size_t len);

/* A JSON string, with its quotes.  Octets that are not UTF-8 become U+FFFD. */
void cli_json_string(FILE *out, const char *text, size_t len);

/* ---- arguments: server.c, options.c ---- */

struct cli_server {
    char host[256];
    char port[6];
    uint8_t implicit_tls;      /* smtps:// */
    uint8_t port_given;        /* else it is the one that is usual */
};

/* "smtp://host:port/", "smtps://host:port/", "host:port" or "host"; an IPv6
 * address stands in brackets.  Returns NULL, or what is wrong with it. */
const char *cli_server_parse(struct cli_server *server, const char *text);

#define CLI_PINS 8

struct cli_options {
    struct cli_server server;
    duva_tls_config tls;       /* its pin is the next field, once checked */
    duva_pin    pin[CLI_PINS];
    uint8_t     tls_mode;      /* duva_tls_mode, when it is given */
    uint8_t     tls_mode_given;
    const char *from, *subject, *body, *raw, *hello;
    const char *user, *password_file, *password_command;
    duva_rcpt  *rcpt;          /* on the heap, with room for argc of them */
    size_t      rcpt_count;
    uint32_t    timeout_s;     /* 0: none */
    uint8_t     trace, json, quiet, allow_clear_password, all_or_nothing;
};

/* Returns -1 to go on, or the exit code: --help, --version, a mistake. */
int  cli_options_read(struct cli_options *o, int argc, char **argv);
void cli_options_free(struct cli_options *o);

/* Is anything said about TLS?  Then a server on this machine is no excuse to
 * do without. */
int cli_options_ask_for_tls(const struct cli_options *o);

/* Does this option name the standard input? */
int cli_is_stdin(const char *file);

/* ---- the message: message.c, subject.c, compose.c ---- */

/* Octets that can be read twice: a header in memory, then the rest from a
 * file, or from memory when it came through a pipe and is not too long. */
struct cli_message {
    char    *head;             /* on the heap; NULL: none */
    size_t   head_len;
    FILE    *file;             /* NULL: in memory */
    char    *memory;           /* NULL: in file */
    int64_t  start;            /* of the rest in file */
    uint64_t len;              /* of the rest */
    uint64_t pos;              /* in head, then in the rest */
    duva_body check;           /* of the rest: octets, or what is wrong */
    struct cli_utf8 utf8;
    uint8_t  in_head, started, ended;
    uint8_t  eight_bit;        /* there is an octet above 127 in the rest */
    uint8_t  not_utf8;
};

/* Opens file ("-" is standard input), reads all of it and checks it.  Returns
 * 0; or EX_DATAERR: m->check says why; or EX_NOINPUT, or EX_IOERR and EX_OSERR
 * for the copy that a pipe needs, with errno. */
int  cli_message_open(struct cli_message *m, const char *file);
void cli_message_close(struct cli_message *m);

/* A duva_source_fn; call it with buf NULL before the first reading. */
int  cli_message_read(void *message, void *buf, size_t len);

/* NULL, or why this cannot be a subject. */
const char *cli_subject_check(const char *text);

/* The field Subject, folded, of a text that passed the check; RFC 2047 where
 * it could not arrive otherwise as it was typed. */
void cli_subject(FILE *out, const char *text);

struct cli_letter {
    const char *from, *subject; /* subject NULL: no such field */
    const duva_rcpt *rcpt;
    size_t      rcpt_count;
    const char *domain;        /* of the Message-ID when from has none */
    const char *charset;       /* of an 8-bit text; NULL: the text is ASCII */
    time_t      now;
    uint64_t    id[2];         /* random */
};

/* The header of a letter and the empty line after it. */
void cli_compose(FILE *out, const struct cli_letter *letter);

/* ---- the session: trace.c, signals.c, secret.c, session.c ---- */

struct cli_trace {
    int64_t  start;
    const struct cli_message *message;
    uint64_t octets;           /* of the message */
    size_t   len;
    char     from;
    uint8_t  told;             /* the line for the message is written */
    char     line[2048];
};

void cli_trace_start(struct cli_trace *t, int64_t start,
                     const struct cli_message *message, uint64_t octets);
/* A duva_trace_fn: whole lines on stderr, each with its time. */
void cli_trace_piece(void *trace, char from, const char *text, size_t len);
void cli_trace_note(struct cli_trace *t, const char *note);
void cli_trace_end(struct cli_trace *t);

/* From catch to release HUP, INT, QUIT and TERM only leave their number. */
void cli_signals_catch(void);
int  cli_signals_caught(void);
/* Until fd, a small number, can be read or a signal has come: then it. */
int  cli_signals_wait(int fd);
void cli_signals_release(void);

/* ---- TLS: tls.c ---- */

/* "sha256/" and base64, or 64 hexadecimal digits.  Returns NULL, or what is
 * wrong with it. */
const char *cli_pin_parse(duva_pin *pin, const char *text);

/* The adapter, and what its last handshake established. */
struct cli_tls {
    duva_openssl  openssl;     /* first: its handshake() is ours */
    int (*handshake)(duva_tls *t, duva_link *under, const char *host,
                     duva_tls_info *info);
    duva_tls_info info;
    struct cli_trace *trace;   /* NULL: none */
    uint8_t       ready, secured;
};

#define CLI_SECRET_SIZE 1024
#define CLI_WORDS_SIZE  512    /* of a server, about one recipient */
#define CLI_REPLY_SIZE  800    /* the same, made fit to be shown */

/* Everything about one mail: what was asked, and what became of it. */
struct cli_job {
    struct cli_options options;
    struct cli_message message;
    struct cli_trace   trace;
    struct cli_tls     tls;
    duva_mail mail;
    char     *words;           /* CLI_WORDS_SIZE for each recipient */
    char      name[DUVA_POSIX_NAME_SIZE];
    char      secret[CLI_SECRET_SIZE];
    char      summary[1536];   /* what happened, for people */
    int64_t   start, took_ms;
    int       exit_code;
    int       signal;          /* that cancelled it, or 0 */
};

/* Fills job->secret as the options say.  Returns 0, or an exit code after
 * cli_stop().  What was read is in no message. */
int  cli_secret(struct cli_job *job);
void cli_wipe(void *data, size_t len);

/* Makes job->tls ready as the options say, unless it is.  Returns 0, or an
 * exit code after cli_stop(). */
int  cli_tls_open(struct cli_job *job);
void cli_tls_close(struct cli_tls *t);

/* Connects, sends job->mail and closes; job->mail.result tells. */
void cli_session(struct cli_job *job);

/* ---- the end: report.c, json.c ---- */

/* The verdict of a mail that no server has heard of. */
void cli_never_begun(struct cli_job *job, duva_verdict verdict, duva_err err,
                     duva_reason reason, int32_t cause);

/* The same, with exit code and summary.  Returns exit_code. */
int cli_stop(struct cli_job *job, int exit_code, duva_err err,
             duva_reason reason, const char *format, ...);

/* Finds exit code and summary in job->mail. */
void cli_judge(struct cli_job *job);

/* Tells people on stderr and, if asked, programs on stdout. */
void cli_report(const struct cli_job *job);
void cli_report_json(FILE *out, const struct cli_job *job);

#endif
