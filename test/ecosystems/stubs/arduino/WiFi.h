/* WiFi.h - the documented classes of a board with Wi-Fi, over the sockets of
 * this machine: every server is the one of the test, at DUVA_PORT. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_WIFI_H
#define TEST_WIFI_H

#include "Client.h"

enum { WL_IDLE_STATUS = 0, WL_CONNECTED = 3 };

class WiFiClass
{
public:
    int begin(const char *, const char *) { return WL_IDLE_STATUS; }
    int status() { return WL_CONNECTED; }
};
extern WiFiClass WiFi;

class WiFiClient : public Client
{
public:
    WiFiClient() : _fd(-1) {}
    ~WiFiClient() { WiFiClient::stop(); }
    int connect(IPAddress ip, uint16_t port) override;
    int connect(const char *host, uint16_t port) override;
    size_t write(uint8_t c) override;
    size_t write(const uint8_t *buf, size_t len) override;
    int available() override;
    int read() override;
    int read(uint8_t *buf, size_t len) override;
    int peek() override { return -1; }
    void flush() override {}
    void stop() override;
    uint8_t connected() override;
    operator bool() override { return _fd >= 0; }

protected:
    int _fd;
};

#endif
