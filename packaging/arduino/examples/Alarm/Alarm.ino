/* Alarm.ino - mails when a level is low, while the sketch goes on.
 *
 * For a board with Wi-Fi.  With another network take its Client in place of
 * WiFiClient; all else stays. */
/* SPDX-License-Identifier: MIT */
#include <WiFi.h>
#include <Duva.h>

static const int LOWEST = 200;

WiFiClient     net;
DuvaSmtp       smtp(net);
DuvaMailFor<1> mail;
bool           alarmed;

static void alarm(int level)
{
    static char text[80];

    snprintf(text, sizeof text, "Level at pump 7 is %d.\nValve B was closed.\n",
             level);
    mail.clear();
    mail.from("pump7@example.net", "Pump 7");
    mail.to("duty@example.org");
    mail.subject("Pump 7: level is low");
    mail.text(text);
    if (!smtp.send(mail)) {
        mail.explain(Serial);
        Serial.println();
    }
}

void setup()
{
    Serial.begin(115200);
    WiFi.begin("network", "password");
    while (WiFi.status() != WL_CONNECTED)
        delay(100);
    smtp.server("mail.example.net", 25);
    smtp.name("pump7.example.net");
    smtp.noTls();              /* a relay in the same network */
}

void loop()
{
    const int level = analogRead(A0);

    if (level < LOWEST && !alarmed) {
        alarmed = true;
        alarm(level);
    }
    if (smtp.state() != DuvaSmtp::IDLE && smtp.loop() == DuvaSmtp::IDLE) {
        mail.explain(Serial);
        Serial.println();
    }
    delay(1);                  /* what else the board has to do */
}
