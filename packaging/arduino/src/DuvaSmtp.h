/* DuvaSmtp.h - sends mails over an Arduino Client. */
/* SPDX-License-Identifier: MIT */
/*
 *     WiFiClient        net;
 *     DuvaSmtp          smtp(net);
 *     DuvaMailFor<>     mail;
 *
 *     smtp.server("mail.example.net", 25);
 *     ... mail.from(), mail.to(), mail.text() ...
 *     smtp.send(mail);
 *     while (smtp.loop() != DuvaSmtp::IDLE) { ... }
 *     mail.explain(Serial);
 *
 * Only the Client's own connect() and its TLS handshake may take time; all else
 * is done in steps of loop(), each of which sends at most DUVA_STEP octets.
 * No memory is allocated.  Strings are borrowed.
 */
#ifndef DUVA_ARDUINO_SMTP_H
#define DUVA_ARDUINO_SMTP_H

#include <Arduino.h>
#include <Client.h>

#include "DuvaMail.h"

#include "duva/client.h"
#include "duva/sasl.h"

/* Octets of the output buffer, DUVA_BUFFER_MIN or more. */
#ifndef DUVA_OUT_SIZE
#if defined(__AVR__)
#define DUVA_OUT_SIZE 128
#else
#define DUVA_OUT_SIZE 1024
#endif
#endif

/* The most octets that a call of loop() sends. */
#ifndef DUVA_STEP
#define DUVA_STEP 1460
#endif

class DuvaSmtp
{
public:
    enum State { IDLE, CONNECTING, SENDING, CLOSING };

    /* client is the connection: of Wi-Fi, Ethernet or a modem, with or without
     * TLS of its own. */
    explicit DuvaSmtp(Client &client);

    void server(const char *host, uint16_t port);
    /* For EHLO: the full name of the board, or its address in brackets.
     * Default: "[127.0.0.1]". */
    void name(const char *ehlo);

    /* ---- TLS: one of these; without any nothing is sent before there is one
     * of them ---- */
    /* None.  Passwords are then refused, unless passwords is true. */
    void noTls(bool passwords = false);
    /* The Client does TLS from the start (port 465), and verifies the server:
     * give it the certificate of the authority. */
    void tlsInClient();
#if DUVA_WITH_TLS
    /* The Client begins TLS when upgrade() says so, by STARTTLS (port 587), and
     * verifies the server.  upgrade() returns true when it has succeeded.
     * before(), if not NULL, is called before each connection: a Client may
     * have to be told that it begins in clear. */
    void startTls(bool (*upgrade)(Client &client),
                  void (*before)(Client &client) = NULL);
    /* TLS of Duva over the Client: see DuvaTls.h.  With implicit from the
     * start (port 465), else by STARTTLS (port 587). */
    void tls(duva_tls *tls, bool implicit = false);
#endif

    /* ---- authentication: one of these, or none ---- */
    void login(const char *user, const char *password); /* PLAIN or LOGIN */
#if DUVA_WITH_OAUTH
    void token(const char *user, const char *token);    /* XOAUTH2 */
#endif
    void mechanisms(duva_sasl *const *list);    /* as in duva/client.h */

    duva_config &config();     /* time limits and more: duva/config.h */
#if DUVA_TRACE
    void trace(Print &out);    /* prints the conversation, without secrets */
#endif
    /* true: the connection stays open for the next mail, until stop(). */
    void keepOpen(bool keep);

    /* Begins to send the mail, to those recipients that have no final verdict
     * yet.  false: another one is under way, a setting is missing, or it cannot
     * be composed: then mail.explain() says why. */
    bool send(DuvaMail &mail);

    /* Does what is possible now, and returns what is being done.  In IDLE the
     * mail has its verdict. */
    State loop();

    /* Sends QUIT and closes, in loop(). */
    void stop();

    State state() const;

private:
    /* The Client as a link of Duva.  The first member is the link. */
    struct Link {
        duva_link link;
        DuvaSmtp *smtp;
    };
#if DUVA_WITH_TLS
    /* The Client's own TLS. */
    struct Upgrade {
        duva_tls  tls;
        DuvaSmtp *smtp;
    };
    static int handshake(duva_tls *tls, duva_link *under, const char *host,
                         duva_tls_info *info);
    static int tls_read(duva_link *l, void *buf, size_t len);
    static int tls_write(duva_link *l, const void *buf, size_t len);
    static int tls_wait(duva_link *l, unsigned can, uint32_t ms);
    static void tls_close(duva_link *l);
#endif
    static int read(duva_link *l, void *buf, size_t len);
    static int write(duva_link *l, const void *buf, size_t len);
    static int wait(duva_link *l, unsigned can, uint32_t ms);
    static void close(duva_link *l);
    static duva_job *more(void *smtp);
#if DUVA_TRACE
    static void print(void *out, const duva_trace_event *event);
#endif

    void begin();
    void advance();
    void finish();
    bool usable();

    Client     *_client;
    const char *_host;
    uint16_t    _port;
    Link        _link;
    duva_config _config;
    duva_client _session;
    duva_sasl *const *_mechanisms;
    duva_sasl  *_list[3];
    union {
        duva_sasl_password password[2];
#if DUVA_WITH_OAUTH
        duva_sasl_oauth    oauth;
#endif
    } _login;
#if DUVA_WITH_TLS
    Upgrade     _upgrade;
    bool      (*_start)(Client &client);
    void      (*_before)(Client &client);
    duva_tls   *_tls;
#endif
    DuvaMail   *_mail;         /* under way */
    duva_job   *_next;         /* of it, until it has begun */
    uint32_t    _since;        /* millis() of the last octet */
    size_t      _budget;       /* octets that this loop() may send */
    State       _state;
    bool        _chosen, _keep, _open, _moved;
    uint8_t     _out[DUVA_OUT_SIZE];

    DuvaSmtp(const DuvaSmtp &);
    DuvaSmtp &operator=(const DuvaSmtp &);
};

#endif
