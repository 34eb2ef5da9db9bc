/* advice.c - the result of a mail into what to try next. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <netdb.h>
#include <string.h>

#include "envelope/parameters.h"
#include "login/auth.h"
#include "outcome/outcome.h"
#include "report/advice.h"
#include "report/facts.h"
#include "report/proxy_text.h"

#define SUBMIT "submission is usually port 587, or smtps:// on port 465"
#define LATER "send it again later"
#define RESOURCES "free memory and file descriptors, or " LATER
#define IMPOSTOR "it may not be the right server: check its certificate"

/* ---- TLS ---- */

int cli_tls_failed_late(const duva_result *r)
{
    return r->err == DUVA_ERR_TLS && r->reason == DUVA_REASON_HANDSHAKE
           && r->status.stage > DUVA_STAGE_TLS;
}

#define BEGINS_CLEAR                                                           \
    "if that port begins without TLS, use STARTTLS: smtp://, --tls required, " \
    "or tls_starttls on in an account"

/* About the connection: the identity of the server may be right. */
static const char *advice_of_handshake(duva_reason reason, int begins_with_tls)
{
    switch (reason) {
    case DUVA_REASON_NO_TLS:
        return begins_with_tls
                   ? BEGINS_CLEAR
                   : "its operator must repair STARTTLS; smtps:// may work";
    case DUVA_REASON_TLS_VERSION:
        return "its operator must enable TLS 1.2 or 1.3; older versions are "
               "not secure";
    case DUVA_REASON_TLS_CIPHER:
        return "its operator should enable ciphers with ECDHE, and keys of "
               "2048 bits or more";
    case DUVA_REASON_RENEGOTIATION:
        return "its operator should update its TLS, and request certificates "
               "in the first handshake";
    default:
        return "the log of the server may tell why; or " LATER;
    }
}

/* About names, dates and keys in a certificate. */
static const char *advice_of_contents(duva_reason reason)
{
    switch (reason) {
    case DUVA_REASON_CERT_KEY:
        return "its operator should get a certificate with a key of at least "
               "2048 bits (RSA) or 256 bits (ECDSA)";
    case DUVA_REASON_CERT_SIGNATURE:
        return "its operator should get a certificate that is signed with "
               "SHA-256 or better";
    case DUVA_REASON_CERT_PURPOSE:
        return "its operator should get a certificate for servers (extended "
               "key usage serverAuth)";
    case DUVA_REASON_CERT_EXTENSION:
        return "its operator should get a certificate without unusual "
               "critical extensions";
    case DUVA_REASON_CERT_NO_NAME:
        return "its operator must get a certificate with the host name as "
               "subjectAltName; a common name is not enough (RFC 9525)";
    case DUVA_REASON_CERT_NAME:
        return "use a host name that the certificate has";
    case DUVA_REASON_CERT_EXPIRED:
        return "if the clock of this machine is right, its operator must renew "
               "the certificate";
    case DUVA_REASON_CERT_NOT_YET:
        return "check the clock of this machine";
    default:
        return NULL;
    }
}

static const char *advice_of_certificate(duva_reason reason)
{
    switch (reason) {
    case DUVA_REASON_CERT_UNTRUSTED:
        return "if you trust the authority that signed it, name its "
               "certificate with --ca";
    case DUVA_REASON_CERT_SELF_SIGNED:
        return "if it is your own server, name its certificate with --ca";
    case DUVA_REASON_CERT_CONSTRAINT:
        return "its operator should get a certificate from an authority that "
               "may sign for that name";
    case DUVA_REASON_CERT_PATH:
        return "its operator should get a certificate with a shorter chain";
    case DUVA_REASON_CERT_ISSUER:
        return "its operator must get a certificate from an authority "
               "(CA:TRUE); that of a server cannot sign another";
    case DUVA_REASON_CERT_REVOKED:
        return "its key may be stolen: send nothing to this server until it "
               "has a new certificate";
    case DUVA_REASON_CERT_STATUS:
        return "its operator must renew the OCSP response that the server "
               "staples";
    case DUVA_REASON_CERT_PIN:
        return "if the server has a new key, verify that it is the right one "
               "before you name it with --pin";
    case DUVA_REASON_CERT_OURS:
        return "use a certificate that the server knows, with --client-cert";
    default:
        return advice_of_contents(reason);
    }
}

const char *cli_tls_advice(duva_reason reason, int begins_with_tls)
{
    const char *advice = advice_of_certificate(reason);

    return advice != NULL ? advice
                          : advice_of_handshake(reason, begins_with_tls);
}

/* ---- when a line of the table holds ---- */

/* What went wrong. */
struct failure {
    const struct cli_outcome *outcome;
    const struct cli_facts *facts;
};

static int is_later(const struct failure *f)
{
    return f->outcome->mail.result.verdict == DUVA_RETRY;
}

static int is_closing(const struct failure *f)
{
    return f->outcome->mail.result.status.code == 421;
}

static int is_clear(const struct failure *f)
{
    return f->facts->connection->secured.protocol == NULL;
}

static int is_implicit(const struct failure *f)
{
    return cli_begins_with_tls(f->facts->options);
}

static int has_login(const struct failure *f)
{
    return f->facts->login->oauth != NULL;
}

static int has_token(const struct failure *f)
{
    return cli_auth_needs(f->facts->login) == CLI_TOKEN;
}

static int is_anonymous(const struct failure *f)
{
    return f->facts->login->user == NULL;
}

static int has_named(const struct failure *f)
{
    return f->facts->login->auth_given;
}

static int lacks_requiretls(const struct failure *f)
{
    return f->outcome->mail.result.where == DUVA_CAP_REQUIRETLS;
}

static int is_path(const struct failure *f)
{
    return f->facts->options->server.is_path;
}

static int is_refused_there(const struct failure *f)
{
    return f->outcome->mail.result.cause == ECONNREFUSED;
}

static int is_unreachable(const struct failure *f)
{
    const int cause = f->outcome->mail.result.cause;

    return cause == ENETUNREACH || cause == EHOSTUNREACH || cause == ENETDOWN;
}

static int is_name_server(const struct failure *f)
{
    return f->outcome->mail.result.cause == EAI_AGAIN;
}

static int is_system(const struct failure *f)
{
    const int cause = f->outcome->mail.result.cause;

    return cause == EAI_MEMORY || cause == EAI_SYSTEM;
}

/* RFC 3463: 5.7 is about who may, 5.1 about addresses; a server without such
 * codes says 530 or 550. */
static int is_denied(const struct failure *f)
{
    const duva_rcpt *rcpt
        = f->outcome->mail.rcpt_count > 0 ? f->outcome->mail.rcpt : NULL;
    const duva_status *s = &f->outcome->mail.result.status;

    if (s->code == 0 && rcpt != NULL)
        s = &rcpt->status;
    return s->code == 530 || s->enhanced[1] == 7;
}

/* RFC 3463 3.3: X.2.2. */
static int is_mailbox_full(const struct failure *f)
{
    const duva_status *s = &f->outcome->mail.result.status;

    return is_later(f) && s->enhanced[1] == 2 && s->enhanced[2] == 2;
}

/* What speaks first on the wrong port. */
static int says(const struct failure *f, const char *word)
{
    const size_t len = strlen(word);

    return f->facts->connection->heard_len >= len
           && memcmp(f->facts->connection->heard, word, len) == 0;
}

static int is_imap(const struct failure *f)
{
    return says(f, "* ");
}

static int is_pop(const struct failure *f)
{
    return says(f, "+OK");
}

static int is_web(const struct failure *f)
{
    return says(f, "HTTP/") || says(f, "<");
}

/* An alert: somebody who wants TLS has heard none. */
static int is_tls(const struct failure *f)
{
    return says(f, "\x15\x03") || says(f, "\x16\x03");
}

static int is_ssh(const struct failure *f)
{
    return says(f, "SSH-");
}

static int is_denied_in_clear(const struct failure *f)
{
    return is_clear(f) && is_anonymous(f) && is_denied(f);
}

static int is_denied_anonymous(const struct failure *f)
{
    return is_anonymous(f) && is_denied(f);
}

/* RFC 5321 4.2.4 and 4.1.1.11: the server does not know the command or a
 * parameter of it, or not at this time.  That is not about who or what. */
static int is_syntax(const struct failure *f)
{
    const duva_rcpt *rcpt
        = f->outcome->mail.rcpt_count > 0 ? f->outcome->mail.rcpt : NULL;
    unsigned code = f->outcome->mail.result.status.code;

    if (code == 0 && rcpt != NULL)
        code = rcpt->status.code;
    return (code >= 500 && code <= 504) || code == 555;
}

static int is_anonymous_syntax(const struct failure *f)
{
    return is_anonymous(f) && is_syntax(f);
}

static int is_chunking_syntax(const struct failure *f)
{
    return f->facts->connection->chunked && is_syntax(f);
}

static int is_not_set_up(const struct failure *f)
{
    return f->facts->not_set_up;
}

/* ---- the table ---- */

enum { ANY = -1, ANY_ERR = DUVA_OK };

/* The first line that fits is the advice. */
static const struct {
    int err, stage, reason;
    int (*when)(const struct failure *f); /* NULL: whenever */
    const char *text;
} table[] = {
    { DUVA_ERR_ARG, DUVA_STAGE_AUTH, ANY, NULL,
      "change them, or choose another mechanism with --auth" },
    { DUVA_ERR_SPACE, DUVA_STAGE_AUTH, ANY, NULL,
      "change them, or choose another mechanism with --auth" },

    { DUVA_ERR_RESOLVE, ANY, ANY, is_name_server,
      "check the network and its name server, or " LATER },
    { DUVA_ERR_RESOLVE, ANY, ANY, is_system, RESOURCES },
    { DUVA_ERR_RESOLVE, ANY, ANY, NULL, "check the name of the server" },

    { DUVA_ERR_CONNECT, ANY, ANY, is_not_set_up,
      "no server was named, and there is no account: set one up with 'duva "
      "account add', or use --server" },
    { DUVA_ERR_CONNECT, ANY, ANY, is_path,
      "check the path, and that a server listens on that socket" },
    { DUVA_ERR_CONNECT, ANY, ANY, is_refused_there,
      "nothing listens on that port: check the server and the port; " SUBMIT },
    { DUVA_ERR_CONNECT, ANY, ANY, is_unreachable,
      "check the network of this machine, or " LATER },
    { DUVA_ERR_CONNECT, ANY, ANY, NULL,
      "check the server and the port, or " LATER },

    { DUVA_ERR_TIMEOUT, DUVA_STAGE_CONNECT, ANY, NULL,
      "a firewall may block it, and many networks block port 25; " SUBMIT },
    { DUVA_ERR_TIMEOUT, DUVA_STAGE_GREETING, ANY, is_clear,
      "if it expects implicit TLS, use smtps://, else " LATER },
    { DUVA_ERR_TIMEOUT, DUVA_STAGE_TLS, ANY, is_implicit,
      BEGINS_CLEAR "; else " LATER },
    { DUVA_ERR_TIMEOUT, DUVA_STAGE_BODY, ANY, NULL,
      "the connection may be too slow for the message: " LATER },
    { DUVA_ERR_TIMEOUT, ANY, ANY, NULL, LATER ", or with a longer --timeout" },

    { DUVA_ERR_CLOSED, DUVA_STAGE_GREETING, ANY, is_clear,
      "if it expects implicit TLS, use smtps://, else " LATER },
    { DUVA_ERR_CLOSED, DUVA_STAGE_TLS, ANY, is_implicit,
      BEGINS_CLEAR "; else check that it supports TLS 1.2" },
    { DUVA_ERR_CLOSED, DUVA_STAGE_TLS, ANY, NULL,
      "check that it supports TLS 1.2" },
    { DUVA_ERR_CLOSED, DUVA_STAGE_EHLO, ANY, NULL,
      "it may not accept our name: try another one with --hello, or " LATER },
    { DUVA_ERR_CLOSED, DUVA_STAGE_AUTH, ANY, NULL,
      "it may limit the number of logins: wait some minutes" },
    { DUVA_ERR_CLOSED, ANY, ANY, NULL, LATER },
    { DUVA_ERR_IO, ANY, ANY, NULL, "check the network, or " LATER },
    { DUVA_ERR_RESOURCES, ANY, ANY, NULL, RESOURCES },
    { DUVA_ERR_CANCELLED, ANY, ANY, NULL, "send it again when you like" },

    { DUVA_ERR_PROTOCOL, DUVA_STAGE_GREETING, ANY, is_imap,
      "that is a server for reading mail (IMAP); " SUBMIT },
    { DUVA_ERR_PROTOCOL, DUVA_STAGE_GREETING, ANY, is_pop,
      "that is a server for reading mail (POP3); " SUBMIT },
    { DUVA_ERR_PROTOCOL, DUVA_STAGE_GREETING, ANY, is_web,
      "that is a web server; " SUBMIT },
    { DUVA_ERR_PROTOCOL, DUVA_STAGE_GREETING, ANY, is_tls,
      "that port begins with TLS: use smtps://" },
    { DUVA_ERR_PROTOCOL, DUVA_STAGE_GREETING, ANY, is_ssh,
      "that is an SSH server; " SUBMIT },
    { DUVA_ERR_PROTOCOL, DUVA_STAGE_GREETING, ANY, NULL,
      "check that it is a mail server, and the port; " SUBMIT },
    { DUVA_ERR_PROTOCOL, ANY, DUVA_REASON_INJECTION, NULL,
      "somebody on the way may have inserted data before TLS: use another "
      "network, or smtps://" },
    { DUVA_ERR_PROTOCOL, ANY, DUVA_REASON_CHALLENGE, NULL,
      "try another mechanism with --auth" },
    { DUVA_ERR_PROTOCOL, ANY, DUVA_REASON_ITERATIONS, NULL,
      "its operator should store the password with 4096 iterations or more; or "
      "try another mechanism with --auth" },
    { DUVA_ERR_PROTOCOL, ANY, DUVA_REASON_NONCE, NULL, IMPOSTOR },
    { DUVA_ERR_PROTOCOL, ANY, DUVA_REASON_UNPROVEN, NULL, IMPOSTOR },
    { DUVA_ERR_PROTOCOL, ANY, ANY, NULL,
      "check that it is a mail server; --trace shows its replies" },

    { DUVA_ERR_UNSUPPORTED, ANY, DUVA_REASON_NO_STARTTLS, NULL,
      "if it has implicit TLS, use smtps://; if you trust the network, use "
      "--tls never" },
    { DUVA_ERR_UNSUPPORTED, ANY, DUVA_REASON_NO_AUTH, has_named,
      "leave out --auth to use the strongest mechanism in common" },
    { DUVA_ERR_UNSUPPORTED, ANY, DUVA_REASON_NO_AUTH, is_clear,
      "it may advertise more inside TLS: try --tls required; or leave out "
      "--user to send without a login" },
    { DUVA_ERR_UNSUPPORTED, ANY, DUVA_REASON_NO_AUTH, NULL,
      "leave out --user to send without a login" },
    { DUVA_ERR_UNSUPPORTED, ANY, DUVA_REASON_CLEAR_LINK, NULL,
      "use TLS, or permit it with --allow-clear-password" },
    { DUVA_ERR_UNSUPPORTED, ANY, DUVA_REASON_NO_BINDING, NULL,
      "leave out -PLUS, or use TLS" },
    { DUVA_ERR_UNSUPPORTED, ANY, DUVA_REASON_NOT_OFFERED, lacks_requiretls,
      "leave out --require-tls, or send through another server" },
    { DUVA_ERR_UNSUPPORTED, ANY, DUVA_REASON_NOT_OFFERED, NULL,
      "leave out what needs it, or send through another server" },
    { DUVA_ERR_UNSUPPORTED, ANY, DUVA_REASON_OUT_OF_LIMITS, NULL,
      "request less, or send more than one mail" },
    { DUVA_ERR_UNSUPPORTED, ANY, DUVA_REASON_TOO_BIG, NULL,
      "send less, or more than one mail" },
    { DUVA_ERR_UNSUPPORTED, ANY, ANY, NULL,
      "'duva probe' shows what it advertises" },

    { DUVA_ERR_REJECTED, DUVA_STAGE_GREETING, ANY, is_later,
      "it is busy, or defers unknown clients: send it again in some minutes" },
    { DUVA_ERR_REJECTED, DUVA_STAGE_GREETING, ANY, NULL,
      "it accepts no mail from this machine: send through your provider's "
      "server, with --user" },
    { DUVA_ERR_REJECTED, DUVA_STAGE_EHLO, ANY, is_later, LATER },
    { DUVA_ERR_REJECTED, DUVA_STAGE_EHLO, ANY, NULL,
      "try another name with --hello" },
    { DUVA_ERR_REJECTED, DUVA_STAGE_STARTTLS, ANY, is_later, LATER },
    { DUVA_ERR_REJECTED, DUVA_STAGE_STARTTLS, ANY, NULL,
      "its operator must repair its TLS; smtps:// may work" },
    { DUVA_ERR_REJECTED, DUVA_STAGE_AUTH, ANY, is_later, LATER },
    { DUVA_ERR_REJECTED, DUVA_STAGE_AUTH, ANY, is_syntax,
      "it does not support that: try another mechanism with --auth" },
    { DUVA_ERR_REJECTED, DUVA_STAGE_AUTH, ANY, has_login,
      "check the user; 'duva oauth refresh' gets a new token, and 'duva oauth "
      "login' a new login" },
    { DUVA_ERR_REJECTED, DUVA_STAGE_AUTH, ANY, has_token,
      "get a new token, and check the user" },
    { DUVA_ERR_REJECTED, DUVA_STAGE_AUTH, ANY, NULL,
      "check the user and the password; some providers need an app "
      "password" },
    { DUVA_ERR_REJECTED, DUVA_STAGE_MAIL, ANY, is_later,
      "it may defer unknown clients: send it again in some minutes" },
    { DUVA_ERR_REJECTED, DUVA_STAGE_MAIL, ANY, is_anonymous_syntax,
      "it may require authentication: log in with --user, or try another name "
      "with --hello" },
    { DUVA_ERR_REJECTED, DUVA_STAGE_MAIL, ANY, is_syntax,
      "it may not accept our name, or the address: try another name with "
      "--hello, and check --from" },
    { DUVA_ERR_REJECTED, DUVA_STAGE_MAIL, ANY, is_denied_in_clear,
      "it requires TLS or authentication: try --tls required, or --user" },
    { DUVA_ERR_REJECTED, DUVA_STAGE_MAIL, ANY, is_denied_anonymous,
      "log in with --user" },
    { DUVA_ERR_REJECTED, DUVA_STAGE_MAIL, ANY, NULL,
      "check --from; do not send it again unchanged" },
    { DUVA_ERR_REJECTED, DUVA_STAGE_RCPT, ANY, is_closing, LATER },
    { DUVA_ERR_REJECTED, DUVA_STAGE_RCPT, ANY, is_mailbox_full,
      "the mailbox is full: send it again later" },
    { DUVA_ERR_REJECTED, DUVA_STAGE_RCPT, ANY, is_later,
      "many servers defer unknown clients: send it again in some minutes" },
    { DUVA_ERR_REJECTED, DUVA_STAGE_RCPT, ANY, is_denied_anonymous,
      "log in with --user, or send to the server of that domain" },
    { DUVA_ERR_REJECTED, DUVA_STAGE_RCPT, ANY, NULL,
      "check the addresses; do not send it again unchanged" },
    { DUVA_ERR_REJECTED, ANY, ANY, is_later, LATER },
    { DUVA_ERR_REJECTED, ANY, ANY, is_chunking_syntax,
      "it may not support BDAT, though it advertises CHUNKING: try --chunking "
      "never" },
    { DUVA_ERR_REJECTED, ANY, ANY, NULL, "do not send it again unchanged" },

    { DUVA_ERR_BODY, ANY, DUVA_REASON_SOURCE, NULL,
      "check that the file can be read, and does not change meanwhile" },
    { DUVA_ERR_BODY, ANY, ANY, NULL,
      "check that the file does not change while it is sent" },
    { ANY_ERR, ANY, ANY, NULL,
      "this is a bug in duva: please report it, with what --trace shows" }
};

const char *cli_advice(const struct cli_outcome *o,
                       const struct cli_facts *facts)
{
    const struct failure f = { o, facts };
    const duva_result *r = &o->mail.result;
    const char *parameter = NULL;
    size_t i = 0;

    if (r->verdict == DUVA_UNCERTAIN || cli_count(&o->mail, DUVA_UNCERTAIN) > 0)
        return "check whether it was delivered before you send it again";
    if (cli_count(&o->mail, DUVA_ACCEPTED) > 0)
        return "if you send it again, leave out those who have it";
    if (facts->connection->at_proxy)
        return cli_proxy_advice(r, &facts->options->proxy);
    if (cli_tls_failed_late(r))
        return "if it happens again, somebody on the way may change the data: "
               "use another network";
    if (r->err == DUVA_ERR_TLS)
        return cli_tls_advice(r->reason, cli_begins_with_tls(facts->options));
    if (r->err == DUVA_ERR_REJECTED && facts->parameters != NULL
        && is_syntax(&f))
        parameter = cli_parameters_to_leave_out(facts->parameters,
                                                (duva_stage)r->status.stage);
    if (parameter != NULL)
        return parameter;
    while ((table[i].err != ANY_ERR && table[i].err != (int)r->err)
           || (table[i].stage != ANY && table[i].stage != r->status.stage)
           || (table[i].reason != ANY && table[i].reason != (int)r->reason)
           || (table[i].when != NULL && !table[i].when(&f)))
        i++;
    return table[i].text;
}
