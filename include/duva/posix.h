/* posix.h - TCP on POSIX systems as a link, and a mail in one call. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_POSIX_H
#define DUVA_POSIX_H

#include "duva/client.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A TCP connection.  It raises no signals, and interrupted calls are repeated.
 * After open or adopt, l->link.ops->close() must follow DUVA_OK and may follow
 * a failure. */
typedef struct duva_posix {
    duva_link link;
    int       fd;              /* non-blocking; -1 when there is none */
    int64_t   deadline;        /* ms of CLOCK_MONOTONIC; 0: none */
    int64_t   resolve_us;      /* out: time of the resolver, microseconds */
} duva_posix;

/* Connects to a host, given as a name or a numeric address, and a port, given
 * as a number or a service name.
 *
 * Connection attempts are those of RFC 8305: address families alternate, a new
 * attempt begins 250 ms after the last one or as soon as one fails, and the
 * first that connects is kept.
 *
 * ms limits all of it.  Only the resolver cannot be interrupted: its time
 * counts, but it waits for a name server as long as the settings of the system
 * say.
 *
 * DUVA_ERR_RESOLVE: cause is the EAI_ code.  DUVA_ERR_CONNECT: every address
 * failed, cause is the errno of the last one to do so.  DUVA_ERR_TIMEOUT: ms
 * have passed.  DUVA_ERR_RESOURCES: too little memory, or too few descriptors,
 * cause is the errno.  DUVA_ERR_ARG: host or port is NULL. */
int duva_posix_open(duva_posix *l, const char *host, const char *port,
                    uint32_t ms);

/* Connects to a Unix socket, as LMTP servers have them.  It does not wait:
 * DUVA_ERR_CONNECT with the errno in cause, which is EAGAIN when the server is
 * too busy to take it.  DUVA_ERR_RESOURCES: no descriptor.  DUVA_ERR_ARG: path
 * is NULL, empty or too long. */
int duva_posix_open_unix(duva_posix *l, const char *path);

/* Makes a link of a connected stream socket; it is made non-blocking and is
 * not inherited by programs that this one starts.  DUVA_ERR_IO with the errno
 * in cause: it is no such socket, and the caller still owns it. */
int duva_posix_adopt(duva_posix *l, int fd);

/* Limits the link to ms from now, so that a server that sends an octet now and
 * then cannot hold a session for ever: reading, writing and waiting then return
 * DUVA_ERR_TIMEOUT.  0 removes the limit. */
void duva_posix_deadline(duva_posix *l, uint32_t ms);

/* Room for what the next two calls write, with the final NUL. */
#define DUVA_POSIX_NAME_SIZE 256

/* The address of the server: "192.0.2.1:25" or "[2001:db8::1]:25".
 *
 * Both calls return DUVA_OK, DUVA_ERR_SPACE when it does not fit, or
 * DUVA_ERR_IO when the socket has no IP address; then buf is "", if it has an
 * octet. */
int duva_posix_peer(const duva_posix *l, char *buf, size_t len);

/* A name for EHLO (RFC 5321 4.1.4): the fully qualified name of this host
 * when it has one, for which the resolver is asked, else the address of this
 * end of the connection: "[192.0.2.2]" or "[IPv6:2001:db8::2]". */
int duva_posix_name(const duva_posix *l, char *buf, size_t len);

/* 1 when the server's address is in 127.0.0.0/8 or is ::1, else 0. */
int duva_posix_is_loopback(const duva_posix *l);

/* Server, credentials and limits.  Zero it, then set host and what matters. */
typedef struct duva_route {
    const char *host;
    const char *port;          /* NULL: "25" */
    duva_sasl *const *auth;    /* as in duva_client; NULL: none */
    duva_tls   *tls;           /* NULL: config.tls must be DUVA_TLS_NEVER */
    uint32_t    connect_ms;    /* the limit for connecting; 0: 30 000 */
    uint32_t    session_ms;    /* and for all that follows the first one; 0:
                                  none */
    duva_config config;        /* its name may be NULL: duva_posix_name() */
    duva_fit_fn *fit;          /* as in duva_job; NULL: none */
} duva_route;

/* Sends one mail on a connection of its own: opens, sends, quits, closes.  When
 * duva_may_go_clear() allows it, on a second one in clear text: then
 * mail->result.fell_back is 1.  The rules for passwords are the same there.
 * Uses about 18 KB of stack and no heap but the resolver's.  Returns DUVA_OK
 * when the mail was accepted, else mail->result.err; mail->result is always
 * filled, and so are the verdicts of the recipients.  A route that is
 * not valid is DUVA_ERR_ARG before a connection is made; so is a source that is
 * NULL, and, with no result filled, to or mail. */
int duva_send(const duva_route *to, duva_mail *mail, duva_source_fn *source,
              void *source_ctx);

/* Room for the longest sentence of the next call. */
#define DUVA_RESULT_TEXT_SIZE (DUVA_TEXT_SIZE + 384)

/* All that a result holds, as a line of text: "no connection: Connection
 * refused", "rejected by the server at rcpt: 550 5.1.1 nobody of that name",
 * "250 2.0.0 queued".  Errors of the resolver and errno are in the texts of the
 * system, in the language of the program's locale; for those of a TLS library
 * see its own header (duva_openssl_text()).  Returns buf, truncated to len; ""
 * when buf is NULL or len is 0, or when r is NULL.  From any thread. */
const char *duva_result_text(const duva_result *r, char *buf, size_t len);

/* A message that is a file, from offset to end; fd is not read from its own
 * position.  duva_extent_read() is its source; duva_extent_direct() lets the
 * kernel send it where there is sendfile(), and elsewhere reads and writes.
 * It is for links of this port and the connections of a pool: over a link on
 * top of one, as that of proxy.h, the source alone must do. */
typedef struct duva_extent {
    int      fd;
    uint64_t start, end;       /* in the file; end is that behind the last */
    uint64_t at;               /* private: set it to start */
} duva_extent;

int duva_extent_read(void *extent, void *buf, size_t len);
int duva_extent_direct(void *extent, duva_link *link, size_t len);

/* A source for a message that is all of a file: source_ctx is a FILE * at its
 * beginning.  A pipe will do, but cannot be sent a second time. */
int duva_file_read(void *file, void *buf, size_t len);

#ifdef __cplusplus
}
#endif
#endif
