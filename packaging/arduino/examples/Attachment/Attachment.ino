/* Attachment.ino - mails a file, with STARTTLS and a password.
 *
 * For ESP32: WiFiClientSecure begins TLS when Duva says so. */
/* SPDX-License-Identifier: MIT */
#include <LittleFS.h>
#include <WiFi.h>
#include <WiFiClientSecure.h>
#include <time.h>
#include <Duva.h>

/* The certificate of the authority that signed the one of your server, in PEM:
 * define it in a file of your own beside this one. */
extern const char authority[];

WiFiClientSecure  net;
DuvaSmtp          smtp(net);
DuvaMailFor<2, 3> mail;
File              file;

static void before(Client &)
{
    net.setPlainStart();       /* TLS later, in upgrade() */
}

static bool upgrade(Client &)
{
    return net.startTLS() != 0;
}

void setup()
{
    Serial.begin(115200);
    LittleFS.begin();
    WiFi.begin("network", "password");
    while (WiFi.status() != WL_CONNECTED)
        delay(100);
    configTime(0, 0, "ntp.example.net");
    while (time(NULL) < 1700000000)
        delay(100);

    net.setCACert(authority);
    smtp.server("mail.example.net", 587);
    smtp.name("pump7.example.net");
    smtp.startTls(upgrade, before);
    smtp.login("pump7", "secret");

    file = LittleFS.open("/levels.csv", "r");
    mail.from("pump7@example.net", "Pump 7");
    mail.to("duty@example.org", "On duty");
    mail.cc("log@example.org");
    mail.subject("Pump 7: levels of the day");
    mail.date((uint32_t)time(NULL));
    mail.text("The levels of the day are attached.\n");
    mail.html("<p>The levels of the day are <b>attached</b>.</p>\n");
    mail.attach("levels.csv", "text/csv", file, file.size());
    if (!file) {
        Serial.print("There is no /levels.csv.\n");
    } else if (!smtp.send(mail)) {
        mail.explain(Serial);
        Serial.println();
    }
}

void loop()
{
    if (smtp.state() == DuvaSmtp::IDLE)
        return;
    if (smtp.loop() == DuvaSmtp::IDLE) {
        file.close();
        mail.explain(Serial);
        Serial.println();
    }
}
