/* cli.h - the parts of the command: what each turns into what. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_H
#define DUVA_CLI_H

#include <stdint.h>
#include <stdio.h>
#include <sysexits.h>
#include <time.h>

#include "modules/adapter.h"
#include "config/config.h"
#include "system/guard.h"
#include "duva/convert.h"
#include "duva/posix.h"
#include "duva/scram.h"
#include "report/advice.h"
#include "message/files.h"
#include "session/gate.h"
#include "message/letter.h"
#include "merge/merge.h"
#include "trace/meter.h"
#include "envelope/parameters.h"
#include "session/proxy.h"
#include "message/sign.h"
#include "trace/timeline.h"

/* What sysexits.h has no number for: the mail may have been delivered. */
#define EX_UNCERTAIN 79

/* A sub-command: argv[0] is its name.  Returns the exit code. */
int cli_send(int argc, char **argv);
int cli_probe(int argc, char **argv);
int cli_sendmail(int argc, char **argv);
int cli_account(int argc, char **argv);
int cli_oauth(int argc, char **argv);

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

/* 0 for control characters, and for what changes the direction of text or
 * hides in it. */
int cli_is_visible(uint32_t point);

/* Writes text as a terminal may see it, with a final NUL: UTF-8 as it is, but
 * what is not visible, and invalid octets, as \xNN.  Cut with "..." to fit in
 * cap, 4 at least.  Returns the length. */
size_t cli_escape(char *dst, size_t cap, const char *src, size_t len);

/* A JSON string, with its quotes; what is not visible as \uNNNN.  Octets that
 * are not UTF-8 become U+FFFD. */
void cli_json_string(FILE *out, const char *text, size_t len);

/* ---- arguments: server.c, access.c, options.c ---- */

struct cli_server {
    char host[256];            /* or the path of a Unix socket */
    char port[6];
    uint8_t implicit_tls;      /* smtps:// */
    uint8_t lmtp;              /* lmtp:// */
    uint8_t is_path;           /* then port is "" */
    uint8_t port_given;        /* else it is the one that is usual */
};

/* "smtp://host:port/", "smtps://host:port/", "lmtp://host:port/", "host:port"
 * or "host"; an IPv6 address stands in brackets.  "smtp:///path" and
 * "lmtp:///path" are Unix sockets.  Returns NULL, or what is wrong with it. */
const char *cli_server_parse(struct cli_server *server, const char *text);

#define CLI_SERVER_SIZE (sizeof(((struct cli_server *)0)->host) + 18)

/* For people: "host:port" with brackets where needed, or the path. */
void cli_server_text(char text[CLI_SERVER_SIZE],
                     const struct cli_server *server);

/* Commands without waiting for replies (RFC 2920), where it is advertised. */
enum cli_pipelining {
    CLI_PIPELINING_UNSAID,
    CLI_PIPELINING_AUTO,       /* also those of the next mail: overlap.h */
    CLI_PIPELINING_MAIL,       /* those of a mail only */
    CLI_PIPELINING_NEVER
};

/* "auto", "mail" or "never"; CLI_PIPELINING_UNSAID: it is none. */
enum cli_pipelining cli_pipelining_parse(const char *text);

#define CLI_PINS 8
#define CLI_MECHANISMS 13      /* as many as there are DUVA_AUTH_* */

/* How to get at a server: what every command that talks to one may be told. */
struct cli_access {
    const char *command;       /* "send" */
    struct cli_server server;
    struct cli_proxy proxy;
    const char *proxy_password_file, *proxy_password_command;
    const char *timeline;      /* the file for a picture */
    duva_tls_config tls;       /* its pin is the next field, once checked */
    duva_pin    pin[CLI_PINS];
    uint8_t     tls_mode;      /* duva_tls_mode, when it is given */
    uint8_t     tls_mode_given;
    uint8_t     not_set_up;    /* no server is named, and there is no account */
    const char *hello, *user, *authzid;
    const char *password_file, *password_command;
    const char *token_file, *token_command, *oauth;
    uint32_t    mechanism[CLI_MECHANISMS]; /* DUVA_AUTH_*, the best first */
    size_t      mechanisms;
    uint8_t     auth_given;    /* they are those of --auth */
    uint32_t    timeout_s;     /* 0: none */
    uint8_t     stop_after;    /* enum cli_halt */
    uint8_t     pipelining;    /* enum cli_pipelining */
    uint8_t     trace, json, allow_clear_password, require_tls;
    /* Accounts: account.h. */
    const char *config_file, *account_name;
    uint8_t     msmtp;         /* the files of msmtp instead of ours */
    const char *sender;        /* of the envelope; NULL: not said */
    struct cli_config   config;
    struct cli_account *account; /* NULL: none; in config, as what follows */
    char       *account_secret; /* NULL: not there; wiped once it is read */
    uint8_t     account_secret_is_token;
    const char *tls_name;      /* for the certificate; NULL: the host's */
    uint8_t     fingerprint[32]; /* SHA-256 of the certificate */
    uint8_t     fingerprint_given;
    uint32_t    wait_s;        /* for each answer; 0: as RFC 5321 says */
};

struct cli_options {           /* of "duva send" */
    struct cli_access access;
    struct cli_draft draft;
    struct cli_files files;    /* for the draft */
    struct cli_parameters parameters;
    struct cli_signature signature;
    struct cli_merge_options merge;
    const char *raw;           /* a file, instead of the draft */
    uint8_t     quiet, all_or_nothing, dry_run, no_chunking;
};

/* Returns -1 to go on, or the exit code: --help, --version, a mistake. */
int  cli_options_read(struct cli_options *o, int argc, char **argv);
void cli_options_free(struct cli_options *o);

/* Wipes what was read of accounts. */
void cli_access_free(struct cli_access *a);

/* Is anything said about TLS?  Then a server on this machine is no excuse to
 * do without. */
int cli_access_asks_for_tls(const struct cli_access *a);

/* Does TLS begin before the first word? */
int cli_begins_with_tls(const struct cli_access *a);

/* Is this a port where TLS should (RFC 8314 3.3), and does not? */
int cli_begins_without_tls(const struct cli_access *a);

/* Does this option name the standard input? */
int cli_is_stdin(const char *file);

/* ---- a message from elsewhere: message.c ---- */

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
int  cli_message_open(struct cli_message *m, const char *file);

/* The same for the rest of a stream, which is no file on a disk. */
int  cli_message_take(struct cli_message *m, FILE *in);
void cli_message_close(struct cli_message *m);

/* Line `number` of what is sent, from 1: in what was read; 0: it was added. */
unsigned long cli_message_line(const struct cli_message *m,
                               unsigned long number);

/* A duva_source_fn; call it with buf NULL before the first reading. */
int  cli_message_read(void *message, void *buf, size_t len);

/* ---- the conversation: trace.c, signals.c ---- */

struct cli_trace {
    int64_t  start;
    int64_t  last;             /* when the last line came, from start */
    const struct cli_meter *meter; /* of the message */
    const uint64_t *octets;    /* of all of it; 0: unknown */
    size_t   len;
    char     from;
    uint8_t  told;             /* the line for the message is written */
    char     line[2048];
};

void cli_trace_start(struct cli_trace *t, int64_t start,
                     const struct cli_meter *meter, const uint64_t *octets);
/* A duva_trace_fn: whole lines on stderr, each with its time. */
void cli_trace_piece(void *trace, char from, const char *text, size_t len);
void cli_trace_note(struct cli_trace *t, const char *note);
void cli_trace_end(struct cli_trace *t);

/* From catch to release HUP, INT, QUIT and TERM only leave their number. */
void cli_signals_catch(void);
int  cli_signals_caught(void);
/* The same, anew, with those of a terminal that stop us and let us go on. */
void cli_signals_catch_all(void);
int  cli_signals_is_stop(int number);
/* Until fd, a small number, can be read or a signal has come: then it. */
int  cli_signals_wait(int fd);
void cli_signals_release(void);

/* ---- TLS: tls.c ---- */

/* "sha256/" and base64, or 64 hexadecimal digits.  Returns NULL, or what is
 * wrong with it. */
const char *cli_pin_parse(duva_pin *pin, const char *text);

/* A SHA-256, "01:23:...".  Returns NULL, or what is wrong with it. */
const char *cli_fingerprint_parse(uint8_t print[32], const char *text);

struct cli_tls {
    cli_adapter adapter;
    uint8_t     ready;
};

struct cli_job;

/* Makes job->tls ready as the options say, unless it is.  Returns 0, or an
 * exit code after cli_stop(). */
int  cli_tls_open(struct cli_job *job);
void cli_tls_close(struct cli_tls *t);

/* A certificate that the server has shown, 0 is its own, in DER.  Returns its
 * octets; 0 when there is none, or it does not fit. */
size_t cli_tls_certificate(const struct cli_tls *t, unsigned n, void *der,
                           size_t size);

/* Which hosts the server's own certificate is for, into job->names, when that
 * is what the session failed for.  The connection must still be open. */
void cli_tls_names(struct cli_job *job, const duva_result *outcome);

/* Is the server's own certificate the one that the account names?  0 or 1, or
 * DUVA_ERR_RESOURCES: there is no memory to tell. */
int cli_tls_is_named(const struct cli_tls *t, const struct cli_access *a);

/* ---- authentication: auth.c, secret.c, command.c ---- */

#define CLI_PASSWORD_SIZE 1024
#define CLI_SECRET_SIZE 16384  /* a token may be long */
#define CLI_SAID_SIZE   2048

/* What a mechanism proves that we are who we say. */
enum cli_proof { CLI_NOTHING, CLI_PASSWORD, CLI_TOKEN, CLI_CERTIFICATE };

/* The names of --auth into a->mechanism.  Returns NULL or what is wrong. */
const char *cli_auth_parse(struct cli_access *a, const char *names);

/* Fills a->mechanism, unless --auth did, with those that the credentials can
 * serve; there are none when there are no credentials.  Returns NULL or what
 * does not go together. */
const char *cli_auth_check(struct cli_access *a);

/* What has to be read before a connection is made. */
enum cli_proof cli_auth_needs(const struct cli_access *a);

/* A link as authentication sees it. */
struct cli_footing {
    uint32_t offered;          /* duva_caps.auth */
    uint8_t  safe;             /* nobody can listen */
    uint8_t  may_show;         /* and if somebody does, so be it */
    uint8_t  binds;            /* there is a TLS to bind to */
};

/* The mechanism to use.  When *why is not DUVA_REASON_NONE there is none, and
 * the one returned is to blame. */
uint32_t cli_auth_choose(const struct cli_access *a,
                         const struct cli_footing *on, duva_reason *why);
const char *cli_auth_name(uint32_t mechanism);

/* An exchange, and what is to be told of it. */
struct cli_auth {
    union {
        duva_sasl          base;
        duva_sasl_password password;
        duva_sasl_scram    scram;
        duva_sasl_cram_md5 cram_md5;
        duva_sasl_oauth    oauth;
        duva_sasl_name     name;
    } with;
    uint32_t    mechanism;     /* that was chosen; 0: none */
    const char *name;          /* of the one that was begun, or NULL */
    char binding[32];          /* "tls-exporter", or "" */
    char user[CLI_PASSWORD_SIZE], pass[CLI_PASSWORD_SIZE]; /* prepared */
    char said[CLI_SAID_SIZE];  /* why the token was refused */
};

/* Makes with ready for exchanges by that mechanism; the job, with its secret,
 * must stay put.  DUVA_OK, or DUVA_ERR_RESOURCES. */
int  cli_auth_init(const struct cli_job *job, struct cli_auth *auth,
                   uint32_t mechanism);

/* Begins the exchange, in DUVA_AUTH. */
void cli_auth_start(struct cli_job *job, duva_client *c, uint32_t mechanism);

/* Fills job->secret as the options say.  Returns 0, or an exit code after
 * cli_stop().  What was read is in no message. */
int  cli_secret(struct cli_job *job);

/* The same with job->proxy_secret; cli_secret() begins with it. */
int  cli_secret_of_proxy(struct cli_job *job);

/* Runs a program, found as the shell would find it, and takes the first line
 * that it prints, with its line end.  Returns the octets; -1 with errno, 0:
 * the line is too long; or one of the following.  *status is the exit status
 * of one that failed, 0 when it died of a signal. */
enum {
    CLI_COMMAND_FAILED = -2, CLI_COMMAND_UNKNOWN = -3, CLI_COMMAND_LATE = -4
};
int cli_command_line(const char *const argv[], char *line, size_t size,
                     int64_t ms, int *status);

/* ---- all of it ---- */

#define CLI_WORDS_SIZE  512    /* of a server, about one recipient */
#define CLI_REPLY_SIZE  800    /* the same, made fit to be shown */

/* Everything about one visit to a server, and the mail that was carried there:
 * what was asked, and what became of it.  A visit without a mail has one
 * without recipients; its result is that of the visit. */
struct cli_job {
    struct cli_options options;
    struct cli_letter  letter;
    struct cli_signer  signer; /* of the letter */
    struct cli_message message;/* what is sent instead of the letter if that
                                  is not composed */
    duva_convert       convert;/* of the message, where its server needs it */
    struct cli_meter   meter;  /* of what is sent */
    struct cli_trace   trace;
    struct cli_tls     tls;
    struct cli_auth    auth;
    duva_mail mail;
    duva_tls_info secured;     /* protocol NULL: nothing was */
    duva_result   fell_back;   /* err: why the mail was sent in clear, or
                                  DUVA_OK when it was not for that */
    duva_trace_fn *listen;     /* to the conversation; NULL: nobody does; a
                                  new connection is a piece from 0 */
    void     *listener;
    char      name[DUVA_POSIX_NAME_SIZE];
    char      peer[DUVA_POSIX_NAME_SIZE]; /* the server's address */
    char      secret[CLI_SECRET_SIZE];
    char      heard[512];      /* the server's last line since we spoke, as it
                                  came, or its beginning; or the first that is
                                  wrong */
    size_t    heard_len;
    uint8_t   heard_all;       /* the next octet begins another line */
    char      heard_more[3];   /* the code that it must have, or "": any */
    uint8_t   chunked;         /* BDAT was said */
    char      names[1024];     /* of the certificate, when those are wrong: each
                                  with '\n', fit to be shown */
    size_t    more_names;      /* that are not there */
    char      proxy_secret[256];
    uint8_t   at_proxy;        /* it did not come further */
    uint8_t   halted;          /* enum cli_halt: it was to come no further */
    struct cli_timeline timeline;
    FILE     *picture;         /* of it; NULL: nobody wants one */
    char      summary[2560];   /* what happened, for people; and, */
    size_t    what_len;        /* after so much of it and "; ", */
    const char *advice;        /* what to do about it, or NULL */
    int64_t   start, took_ms;
    int       exit_code;
    int       signal;          /* that cancelled it, or 0 */
};

/* ---- the session: watch.c, session.c ---- */

/* A link over a link, which a signal can wake up. */
struct cli_watch {
    duva_link  link;
    duva_posix under;
};

/* Connects, ms at the longest.  DUVA_OK, or a duva_err with its cause. */
int cli_watch_open(struct cli_watch *w, const char *host, const char *port,
                   uint32_t ms);
/* To a Unix socket, without waiting. */
int cli_watch_open_unix(struct cli_watch *w, const char *path);

struct cli_session {
    struct cli_job  *job;
    struct cli_watch watch;
    duva_proxy       through;  /* over watch, when there is a proxy */
    struct cli_gate  gate;     /* over what goes to the server */
    struct cli_gate_owner owner;
    duva_config      config;
    duva_client      client;
    size_t           held;     /* octets of it: traced, not yet said */
    char             hold[2048];
    uint8_t          named;    /* the account names its certificate */
    uint8_t          is_open;
    uint32_t         limit_ms[DUVA_STAGES];
    uint8_t          out[16384];
};

/* Connects and goes as far as AUTH, in clear if the options permit it and TLS
 * fails.  Returns 0 when the session is there, dead or alive, and must be
 * closed; else job->mail.result tells. */
int  cli_session_open(struct cli_job *job, struct cli_session *s);
/* What was heard or is about to be said, as duva_trace_fn has it. */
void cli_session_hear(void *session, char from, const char *text, size_t len);

/* Makes the file of --timeline, before anybody is connected to, and fills it.
 * The first returns 0, or an exit code after cli_stop(). */
int  cli_picture_open(struct cli_job *job);
void cli_picture_close(struct cli_job *job);
/* The parts of that: the title, static, and the end of the file. */
const char *cli_picture_title(const struct cli_job *job);
void cli_picture_end(struct cli_job *job);

/* Has the session come as far as --stop-after says?  Then the server is told
 * QUIT if it can be, and job->halted and the result say so. */
int cli_session_halt(struct cli_session *s);
void cli_session_footing(const struct cli_session *s, struct cli_footing *on);
/* Goes on to the first mail, with AUTH if the options say so. */
void cli_session_login(struct cli_session *s);
/* Wipes what was a secret, when no further login is to come. */
void cli_forget(struct cli_job *job);
void cli_session_close(struct cli_session *s);

/* Room for so many recipients in job->mail, each with CLI_WORDS_SIZE for the
 * server's words, in one piece of memory: free job->mail.rcpt.  Returns 0, or
 * an exit code after cli_stop(). */
int  cli_recipients(struct cli_job *job, size_t count);

/* fit.c: the message, composed or finished, as a server that offers these
 * DUVA_CAP_* takes it, behind job->meter.  Returns 0, or an exit code after
 * cli_stop(). */
int  cli_fit(struct cli_job *job, uint32_t caps);

/* Connects, logs in and closes; exit_code and summary tell. */
void cli_session_try(struct cli_job *job);

/* Connects and sends job->mail; job->mail.result tells.  What it tells can be
 * said before cli_session_end(), which says QUIT and closes: a reply to that
 * means nothing, and may not come. */
void cli_session_send(struct cli_job *job);
void cli_session_end(struct cli_job *job);

/* ---- the end: report.c, json.c ---- */

/* The verdict of a mail that no server has heard of. */
void cli_never_begun(struct cli_job *job, duva_verdict verdict, duva_err err,
                     duva_reason reason, int32_t cause);

/* The same, with exit code and summary; where errno says that memory or
 * descriptors ran short it is EX_OSERR.  Returns the exit code. */
int cli_stop(struct cli_job *job, int exit_code, duva_err err,
             duva_reason reason, const char *format, ...);

/* As cli_stop(), for job->letter, which says what is wrong. */
int cli_stop_letter(struct cli_job *job, int exit_code);

/* Why, where the server had no part in it. */
const char *cli_cause_text(const duva_result *r);

/* Finds exit code and summary in job->mail. */
void cli_judge(struct cli_job *job);

/* Tells people on stderr and, if asked, programs on stdout. */
void cli_report(const struct cli_job *job);
void cli_report_json(FILE *out, const struct cli_job *job);

/* The values of the members "tls" and "auth", and a text or null. */
void cli_json_tls(FILE *out, const struct cli_job *job);
void cli_json_text(FILE *out, const char *text);

#endif
