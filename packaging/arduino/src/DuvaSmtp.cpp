/* DuvaSmtp.cpp - sends mails over an Arduino Client. */
/* SPDX-License-Identifier: MIT */
#if defined(ARDUINO)
#include "duva_arduino.h"

#include "DuvaSmtp.h"

#include <string.h>

/* ---- the Client as a link ---- */

/* A Client that is not connected may still have octets to read. */
int DuvaSmtp::read(duva_link *l, void *buf, size_t len)
{
    DuvaSmtp *smtp = ((Link *)l)->smtp;
    Client   &client = *smtp->_client;
    int       n = client.available();

    if (n <= 0 && !client.connected()) {
        n = client.available();
        if (n <= 0)
            return DUVA_ERR_CLOSED;
    }
    if (n <= 0 || len == 0)
        return 0;
    n = client.read((uint8_t *)buf, len < 0x7FFF ? len : 0x7FFF);
    if (n > 0)
        smtp->_moved = true;
    return n > 0 ? n : 0;
}

int DuvaSmtp::write(duva_link *l, const void *buf, size_t len)
{
    DuvaSmtp *smtp = ((Link *)l)->smtp;
    size_t    n;

    if (len > smtp->_budget)
        len = smtp->_budget;
    if (len == 0)
        return 0;
    n = smtp->_client->write((const uint8_t *)buf, len);
    if (n > len)               /* a negative number of the Client's */
        n = 0;
    if (n > 0)
        smtp->_moved = true;
    else if (!smtp->_client->connected())
        return DUVA_ERR_CLOSED;
    smtp->_budget -= n;
    return (int)n;
}

/* Nobody waits here: loop() is called again. */
int DuvaSmtp::wait(duva_link *l, unsigned can, uint32_t ms)
{
    (void)l;
    (void)ms;
    return (int)can;
}

void DuvaSmtp::close(duva_link *l)
{
    ((Link *)l)->smtp->_client->stop();
}

#if DUVA_WITH_TLS
/* ---- TLS of the Client: what is above it stays the same ---- */

int DuvaSmtp::tls_read(duva_link *l, void *buf, size_t len)
{
    return read(((duva_tls *)l)->under, buf, len);
}

int DuvaSmtp::tls_write(duva_link *l, const void *buf, size_t len)
{
    return write(((duva_tls *)l)->under, buf, len);
}

int DuvaSmtp::tls_wait(duva_link *l, unsigned can, uint32_t ms)
{
    return wait(((duva_tls *)l)->under, can, ms);
}

void DuvaSmtp::tls_close(duva_link *l)
{
    close(((duva_tls *)l)->under);
    ((duva_tls *)l)->under = NULL;
}

int DuvaSmtp::handshake(duva_tls *tls, duva_link *under, const char *host,
                        duva_tls_info *info)
{
    DuvaSmtp *smtp = ((Upgrade *)tls)->smtp;

    (void)host;
    tls->under = under;
    if (smtp->_start != NULL && !smtp->_start(*smtp->_client)) {
        tls->reason = DUVA_REASON_HANDSHAKE;
        return DUVA_ERR_TLS;
    }
    memset(info, 0, sizeof *info);
    info->verified = 1;
    return 1;
}
#endif

/* ---- settings ---- */

DuvaSmtp::DuvaSmtp(Client &client)
    : _client(&client), _host(NULL), _port(0), _mechanisms(NULL), _mail(NULL),
      _next(NULL), _since(0), _budget(0), _state(IDLE), _chosen(false),
      _keep(false), _open(false), _moved(false)
{
    static const duva_link_ops ops = { read, write, wait, close };

    memset(&_config, 0, sizeof _config);
    memset(&_link, 0, sizeof _link);
    memset(_list, 0, sizeof _list);
    _link.link.ops = &ops;
    _link.smtp = this;
    _config.name = "[127.0.0.1]";
#if DUVA_WITH_TLS
    static const duva_link_ops tls_ops = { tls_read, tls_write, tls_wait,
                                           tls_close };

    memset(&_upgrade, 0, sizeof _upgrade);
    _upgrade.tls.link.ops = &tls_ops;
    _upgrade.tls.handshake = handshake;
    _upgrade.smtp = this;
    _start = NULL;
    _before = NULL;
    _tls = NULL;
#endif
}

void DuvaSmtp::server(const char *host, uint16_t port)
{
    _host = host;
    _port = port;
}

void DuvaSmtp::name(const char *ehlo)
{
    _config.name = ehlo;
}

void DuvaSmtp::noTls(bool passwords)
{
    _chosen = true;
    _config.tls = DUVA_TLS_NEVER;
    _config.options &= ~(uint32_t)DUVA_ALLOW_CLEAR_PASSWORD;
    if (passwords)
        _config.options |= DUVA_ALLOW_CLEAR_PASSWORD;
}

void DuvaSmtp::tlsInClient()
{
#if DUVA_WITH_TLS
    tls(&_upgrade.tls, true);
#else
    noTls(true);               /* the engine knows of no TLS */
#endif
}

#if DUVA_WITH_TLS
void DuvaSmtp::startTls(bool (*upgrade)(Client &client),
                        void (*before)(Client &client))
{
    tls(&_upgrade.tls, false);
    _start = upgrade;
    _before = before;
}

void DuvaSmtp::tls(duva_tls *tls, bool implicit)
{
    noTls(false);
    _config.tls = implicit ? DUVA_TLS_IMPLICIT : DUVA_TLS_REQUIRED;
    _tls = tls;
    _start = NULL;
    _before = NULL;
}
#endif

#if DUVA_WITH_OAUTH
void DuvaSmtp::token(const char *user, const char *token)
{
    duva_sasl_xoauth2_init(&_login.oauth, user, token);
    _list[0] = &_login.oauth.base;
    _list[1] = NULL;
    _mechanisms = _list;
}
#endif

void DuvaSmtp::login(const char *user, const char *password)
{
    duva_sasl_plain_init(&_login.password[0], user, password);
    duva_sasl_login_init(&_login.password[1], user, password);
    _list[0] = &_login.password[0].base;
    _list[1] = &_login.password[1].base;
    _list[2] = NULL;
    _mechanisms = _list;
}

void DuvaSmtp::mechanisms(duva_sasl *const *list)
{
    _mechanisms = list;
}

duva_config &DuvaSmtp::config()
{
    return _config;
}

void DuvaSmtp::keepOpen(bool keep)
{
    _keep = keep;
}

DuvaSmtp::State DuvaSmtp::state() const
{
    return _state;
}

#if DUVA_TRACE
void DuvaSmtp::print(void *out, const duva_trace_event *event)
{
    Print *to = (Print *)out;

    to->write((uint8_t)event->from);
    to->print(": ");
    to->write((const uint8_t *)event->text, event->len);
    if (event->len == 0 || event->text[event->len - 1] != '\n')
        to->println();
}

void DuvaSmtp::trace(Print &out)
{
    _config.trace = print;
    _config.trace_ctx = &out;
}
#endif

/* ---- sending ---- */

duva_job *DuvaSmtp::more(void *smtp)
{
    DuvaSmtp *self = (DuvaSmtp *)smtp;
    duva_job *next = self->_next;

    self->_next = NULL;
    return next;
}

/* Is the connection that was kept still one?  The server may have closed it,
 * with a 421 or without. */
bool DuvaSmtp::usable()
{
    uint8_t buf[32];
    int     n;

    while (_open
           && (n = _session.link->ops->read(_session.link, buf,
                                            sizeof buf)) != 0) {
        if (n > 0)
            duva_feed(&_session.engine, buf, (size_t)n);
        if (n < 0 || duva_next(&_session.engine) == DUVA_CLOSED)
            finish();
    }
    if (_open && !duva_may_start(&_session.engine))
        finish();              /* it has no RSET: see DUVA_WITH_MAILS */
    return _open;
}

bool DuvaSmtp::send(DuvaMail &mail)
{
    if (_state != IDLE || _host == NULL || !_chosen || !mail.prepare())
        return false;
    _mail = &mail;
    _next = &mail._job;
    _state = usable() ? SENDING : CONNECTING;
    _since = millis();
    return true;
}

/* Connects, which the Client may take its time for. */
void DuvaSmtp::begin()
{
    duva_result why;
    int         err = DUVA_ERR_CONNECT;

    memset(&_session, 0, sizeof _session);
    _session.link = &_link.link;
    _session.host = _host;
    _session.auth = _mechanisms;
    _session.more = more;
    _session.more_ctx = this;
#if DUVA_WITH_TLS
    _session.tls = _config.tls != DUVA_TLS_NEVER ? _tls : NULL;
    if (_before != NULL)
        _before(*_client);
#endif
    if (_client->connect(_host, _port))
        err = duva_client_init(&_session, &_config, _out, sizeof _out);
    if (err == DUVA_OK) {
        _open = true;
        _state = SENDING;
        _since = millis();
        return;
    }
    _client->stop();
    memset(&why, 0, sizeof why);
    why.verdict = err == DUVA_ERR_CONNECT ? DUVA_RETRY : DUVA_REFUSED;
    why.err = (duva_err)err;
    duva_mail_never_begun(&_mail->_job.mail, &why);
    _next = NULL;
    _state = IDLE;
}

/* The session is over: the mail has its verdict, or gets that of the session. */
void DuvaSmtp::finish()
{
    duva_result why;

    if (_next != NULL && _state == SENDING) {
        duva_outcome_for_others(&_session.engine, &why);
        duva_mail_never_begun(&_next->mail, &why);
        _next = NULL;
    }
    duva_abort(&_session.engine, DUVA_ERR_CANCELLED, 0);
    duva_close(&_session);
    _open = false;
    _state = IDLE;
}

void DuvaSmtp::advance()
{
    int done;

    _budget = DUVA_STEP;
    _moved = false;
    done = duva_step(&_session);
    if (_moved)
        _since = millis();
    if (!done
        && millis() - _since >= duva_timeout_ms(&_session.engine)) {
        duva_abort(&_session.engine, DUVA_ERR_TIMEOUT, 0);
        done = 1;
    }
    if (!done)
        return;
    if (duva_next(&_session.engine) == DUVA_CLOSED)
        finish();
    else if (_state == SENDING && _keep)
        _state = IDLE;
    else
        stop();
}

DuvaSmtp::State DuvaSmtp::loop()
{
    if (_state == CONNECTING)
        begin();
    else if (_state != IDLE)
        advance();
    return _state;
}

void DuvaSmtp::stop()
{
    if (!_open)
        return;
    _since = millis();
    if (duva_quit(&_session.engine) == DUVA_OK)
        _state = CLOSING;
    else
        finish();
}

#endif
