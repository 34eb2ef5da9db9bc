/* sketch.cpp - uses the library as the examples do not.
 *
 * DUVA_CASE says what.  It prints what became of each mail, and the longest step
 * of loop() in octets. */
/* SPDX-License-Identifier: MIT */
#include <Arduino.h>
#include <WiFiClientSecure.h>
#include <Duva.h>

#include <string>

extern char authority[];

/* Counts what a step sends.  Now and then it is busy, or says so in the way of
 * those Clients that return -1. */
class Counting : public WiFiClient
{
public:
    size_t write(const uint8_t *buf, size_t len) override
    {
        size_t n;

        if (++_calls % 5 == 0)
            return 0;
        if (_calls % 7 == 0)
            return (size_t)-1;
        n = WiFiClient::write(buf, len);
        sent += n;
        return n;
    }
    using WiFiClient::write;
    size_t sent = 0;

private:
    unsigned _calls = 0;
};

/* Octets that come one by one, and not at once. */
class Slow : public Stream
{
public:
    size_t write(uint8_t) override { return 0; }
    int available() override { return _left > 0 && ++_asked % 3 == 0; }
    int read() override { return _left-- > 0 ? 'x' : -1; }
    int peek() override { return -1; }

private:
    int _left = 3000, _asked = 0;
};

static Counting          net;
static WiFiClientSecure  secure;
static DuvaSmtp          plain(net), inside(secure);
static DuvaSmtp         *smtp = &plain;
static DuvaMailFor<3, 3> mail, second;
static Slow              slow;
static size_t            longest;

static int letters(void *context, void *buf, size_t len)
{
    int *left = (int *)context;

    if (buf == NULL) {
        *left = 5000;
        return 0;
    }
    if ((int)len > *left)
        len = (size_t)*left;
    memset(buf, 'y', len);
    *left -= (int)len;
    return (int)len;
}

static void compose(DuvaMail &m, const char *subject)
{
    m.from("pump7@example.net", "Pump 7");
    m.to("duty@example.org");
    m.subject(subject);
    m.text("Pressure is low.\n.\nValve B was closed.\n");
    m.date(1800000000);
    m.unique(7, 1);
}

static void finish(DuvaMail &m)
{
    do {
        net.sent = 0;
        smtp->loop();
        if (net.sent > longest)
            longest = net.sent;
    } while (smtp->state() != DuvaSmtp::IDLE);
    m.explain(Serial);
    Serial.println();
}

static void run(DuvaMail &m)
{
    if (smtp->send(m)) {
        finish(m);
    } else {
        m.explain(Serial);
        Serial.println();
    }
}

#if DUVA_ARDUINO_MBEDTLS
static void with_tls(bool implicit)
{
    static DuvaTls   tls;
    static DuvaScram scram("pump7", "secret");

    if (!tls.begin(authority))
        abort();
    smtp->tls(tls.tls(), implicit);
    smtp->mechanisms(scram.list());
    run(mail);
}
#endif

#if DUVA_WITH_TLS
static bool upgrade(Client &)
{
    return secure.startTLS() != 0;
}

static void before(Client &)
{
    secure.setPlainStart();
}

/* Twice, since the Client must be told each time. */
static void start_tls()
{
    secure.setCACert(authority);
    smtp = &inside;
    smtp->server("mail.example", 587);
    smtp->startTls(upgrade, before);
    smtp->login("pump7", "secret");
    run(mail);
    compose(second, "Second");
    run(second);
}
#endif

static void unset()
{
    DuvaMailFor<> without;

    without.from("pump7@example.net");
    without.to("duty@example.org");
    without.text("x");
    if (plain.send(without))
        Serial.print("it was sent");
    plain.noTls();
    if (plain.send(without))
        Serial.print("it was sent");
    without.explain(Serial);
    Serial.println();
    without.unique(7, 2);
    without.subject("two\nlines");
    run(without);
}

static void kept()
{
    smtp->keepOpen(true);
    run(mail);
    compose(second, "Second");
    second.unique(7, 2);
    run(second);
    delay(300);                /* the server may have closed it */
    second.clear();
    compose(second, "Third");
    second.unique(7, 3);
    run(second);
    smtp->stop();
    while (smtp->loop() != DuvaSmtp::IDLE)
        ;
}

/* A Stream is used up after the first time. */
static void again()
{
    mail.attach("x.bin", "application/octet-stream", slow, 3000);
    run(mail);
    mail.clearContents();
    slow = Slow();
    mail.text("Pressure is low.\n.\nValve B was closed.\n");
    mail.attach("x.bin", "application/octet-stream", slow, 3000);
    run(mail);
}

static void recipients()
{
    size_t i;

    mail.cc("log@example.org");
    mail.bcc("refuse-me@example.org");
    if (mail.bcc("fourth@example.org"))
        Serial.print("a fourth had room");
    mail.policy(DUVA_WHOEVER_IS_ACCEPTED);
    run(mail);
    for (i = 0; i < mail.recipients(); i++) {
        Serial.print(mail.recipient(i).addr);
        Serial.print(' ');
        Serial.print(duva_verdict_name(mail.recipient(i).verdict));
        Serial.print(' ');
        Serial.print((int)mail.recipient(i).status.code);
        Serial.println();
    }
}

void setup()
{
    static uint32_t    short_waits[DUVA_STAGES];
    static int         left;
    const std::string  what = getenv("DUVA_CASE");
    size_t             i;

    for (i = 0; i < DUVA_STAGES; i++)
        short_waits[i] = 300;
    plain.server("mail.example", 25);
    plain.name("pump7.example.net");
    if (what == "unset") {
        unset();
        return;
    }
    compose(mail, "First");
    smtp->noTls();
    if (what == "function") {
        mail.attach("y.bin", "application/octet-stream", letters, &left);
        mail.attach("x.bin", "application/octet-stream", slow, 3000);
    } else if (what == "short") {
        mail.attach("x.bin", "application/octet-stream", slow, 3001);
        slow.setTimeout(50);
    } else if (what == "clear-password") {
        smtp->login("pump7", "secret");
    } else if (what == "permitted") {
        smtp->noTls(true);
        smtp->login("pump7", "secret");
    } else if (what == "silent") {
        smtp->config().timeout_ms = short_waits;
#if DUVA_TRACE
    } else if (what == "trace") {
        smtp->trace(Serial);
#endif
    } else if (what == "in-client") {
        secure.setCACert(authority);
        smtp = &inside;
        smtp->server("mail.example", 465);
        smtp->tlsInClient();
        smtp->login("pump7", "secret");
    }
    if (what == "kept")
        kept();
#if DUVA_WITH_TLS
    else if (what == "start-tls")
        start_tls();
#endif
    else if (what == "again")
        again();
    else if (what == "recipients")
        recipients();
#if DUVA_ARDUINO_MBEDTLS
    else if (what == "tls" || what == "implicit")
        with_tls(what == "implicit");
#endif
    else
        run(mail);
    Serial.print("longest ");
    Serial.print((int)longest);
    Serial.println();
}

void loop()
{
    exit(0);
}
