/* avr.cpp - what the library costs on a board of 8 bits: a mail over a Client
 * that does nothing, with a core that does nothing.  EXPLAIN: the result is
 * printed. */
/* SPDX-License-Identifier: MIT */
#include <Arduino.h>
#include <Duva.h>

class Nothing : public Client
{
public:
    int connect(IPAddress, uint16_t) override { return 0; }
    int connect(const char *, uint16_t) override { return 1; }
    size_t write(uint8_t) override { return 1; }
    size_t write(const uint8_t *, size_t len) override { return len; }
    int available() override { return 0; }
    int read() override { return -1; }
    int read(uint8_t *, size_t) override { return -1; }
    int peek() override { return -1; }
    void flush() override {}
    void stop() override {}
    uint8_t connected() override { return 1; }
    operator bool() override { return true; }
};

static Nothing           net;
static DuvaSmtp          smtp(net);
static DuvaMailFor<1, 1> mail;

unsigned long millis()
{
    return 0;
}

size_t Print::print(const char *text)
{
    return write((const uint8_t *)text, strlen(text));
}

size_t Print::print(char c)
{
    return write((uint8_t)c);
}

size_t Print::print(int n)
{
    return write((uint8_t)n);
}

size_t Stream::readBytes(char *, size_t)
{
    return 0;
}

void operator delete(void *)
{
}

extern "C" void __cxa_pure_virtual(void)
{
}

int main()
{
    smtp.server("mail.example", 25);
    smtp.noTls(true);
    smtp.login("pump7", "secret");
    mail.from("pump7@example.net");
    mail.to("duty@example.org");
    mail.subject("Pump 7");
    mail.text("Pressure is low.\n");
    mail.unique(7, 1);
    smtp.send(mail);
    while (smtp.loop() != DuvaSmtp::IDLE)
        ;
#ifdef EXPLAIN
    mail.explain(net);
#endif
    return mail.accepted();
}
