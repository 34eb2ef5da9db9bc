/* WiFiClientSecure.h - the documented class of ESP32's core, by OpenSSL. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_WIFICLIENTSECURE_H
#define TEST_WIFICLIENTSECURE_H

#include "WiFi.h"

struct ssl_st;

class WiFiClientSecure : public WiFiClient
{
public:
    WiFiClientSecure() : _authority(NULL), _host(NULL), _plain(false),
                         _ssl(NULL) {}
    void setCACert(const char *pem) { _authority = pem; }
    void setPlainStart() { _plain = true; }
    int startTLS();
    int connect(const char *host, uint16_t port) override;
    size_t write(const uint8_t *buf, size_t len) override;
    int available() override;
    int read(uint8_t *buf, size_t len) override;
    void stop() override;
    using WiFiClient::connect;
    using WiFiClient::read;
    using WiFiClient::write;

private:
    const char    *_authority, *_host;
    bool           _plain;
    struct ssl_st *_ssl;
};

#endif
