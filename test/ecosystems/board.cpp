/* board.cpp - an Arduino board on this machine: runs a sketch.
 *
 * Environment: DUVA_PORT of the server; DUVA_WIRE, a file that gets what the
 * sketch sends, in clear; DUVA_FILES, the folder of LittleFS; DUVA_AUTHORITY, a
 * file with a certificate; DUVA_PIECES, the most octets that a Client takes or
 * gives at once.  The sketch ends when it has printed DUVA_LINES lines. */
/* SPDX-License-Identifier: MIT */
#include <Arduino.h>
#include <LittleFS.h>
#include <WiFiClientSecure.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ssl.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "esp_random.h"

HardwareSerial Serial;
WiFiClass      WiFi;
LittleFSClass  LittleFS;
char           authority[8192];

static long number(const char *name, long fallback)
{
    const char *text = getenv(name);

    return text != NULL ? atol(text) : fallback;
}

/* ---- the core ---- */

unsigned long millis()
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    /* As on a board, it wraps: soon. */
    return (uint32_t)(now.tv_sec * 1000 + now.tv_nsec / 1000000
                      + 0xFFFFF000UL);
}

void delay(unsigned long ms)
{
    poll(NULL, 0, (int)ms);
}

int analogRead(uint8_t)
{
    return 117;
}

void configTime(long, int, const char *)
{
}

void esp_fill_random(void *buf, size_t len)
{
    if (getrandom(buf, len, 0) != (ssize_t)len)
        abort();
}

static long lines;

size_t HardwareSerial::write(uint8_t c)
{
    putchar(c);
    lines += c == '\n';
    return 1;
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
    return print(std::to_string(n).c_str());
}

size_t Print::println()
{
    return print("\r\n");
}

size_t Stream::readBytes(char *buf, size_t len)
{
    const unsigned long start = millis();
    size_t              n = 0;

    while (n < len && millis() - start < _timeout) {
        const int c = available() > 0 ? read() : -1;

        if (c >= 0)
            buf[n++] = (char)c;
        else
            delay(1);
    }
    return n;
}

/* ---- files ---- */

File LittleFSClass::open(const char *name, const char *mode)
{
    const std::string path = std::string(getenv("DUVA_FILES")) + name;

    return File(fopen(path.c_str(), mode));
}

size_t File::size()
{
    const long at = ftell(_file);
    long       end;

    fseek(_file, 0, SEEK_END);
    end = ftell(_file);
    fseek(_file, at, SEEK_SET);
    return (size_t)end;
}

int File::available()
{
    return (int)((long)size() - ftell(_file));
}

void File::close()
{
    fclose(_file);
}

/* ---- the network ---- */

static void note(const uint8_t *buf, size_t len)
{
    static FILE *wire;

    if (wire == NULL)
        wire = fopen(getenv("DUVA_WIRE"), "wb");
    if (wire == NULL || fwrite(buf, 1, len, wire) != len || fflush(wire) != 0)
        abort();
}

static size_t piece(size_t len)
{
    const size_t most = (size_t)number("DUVA_PIECES", 1 << 20);

    return len < most ? len : most;
}

int WiFiClient::connect(IPAddress, uint16_t)
{
    return 0;
}

int WiFiClient::connect(const char *, uint16_t)
{
    struct sockaddr_in to;

    memset(&to, 0, sizeof to);
    to.sin_family = AF_INET;
    to.sin_port = htons((uint16_t)number("DUVA_PORT", 0));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    _fd = socket(AF_INET, SOCK_STREAM, 0);
    if (::connect(_fd, (struct sockaddr *)&to, sizeof to) != 0) {
        WiFiClient::stop();
        return 0;
    }
    fcntl(_fd, F_SETFL, O_NONBLOCK);
    return 1;
}

size_t WiFiClient::write(uint8_t c)
{
    return write(&c, 1);
}

size_t WiFiClient::write(const uint8_t *buf, size_t len)
{
    const ssize_t n = send(_fd, buf, piece(len), MSG_NOSIGNAL);

    if (n <= 0)
        return 0;
    note(buf, (size_t)n);
    return (size_t)n;
}

int WiFiClient::available()
{
    uint8_t       buf[512];
    const ssize_t n = recv(_fd, buf, sizeof buf, MSG_PEEK);

    return n > 0 ? (int)n : 0;
}

int WiFiClient::read()
{
    uint8_t c;

    return read(&c, 1) == 1 ? c : -1;
}

int WiFiClient::read(uint8_t *buf, size_t len)
{
    const ssize_t n = recv(_fd, buf, piece(len), 0);

    return n > 0 ? (int)n : -1;
}

uint8_t WiFiClient::connected()
{
    uint8_t       c;
    const ssize_t n = _fd >= 0 ? recv(_fd, &c, 1, MSG_PEEK) : 0;

    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
}

void WiFiClient::stop()
{
    if (_fd >= 0)
        close(_fd);
    _fd = -1;
}

/* ---- TLS of the Client ---- */

int WiFiClientSecure::connect(const char *host, uint16_t port)
{
    _host = host;
    if (!WiFiClient::connect(host, port))
        return 0;
    return _plain ? 1 : startTLS();
}

int WiFiClientSecure::startTLS()
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    BIO     *text = BIO_new_mem_buf(_authority, -1);
    X509    *anchor = PEM_read_bio_X509(text, NULL, NULL, NULL);
    int      done;

    _plain = false;            /* it counts for one connection */
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), anchor);
    X509_free(anchor);
    BIO_free(text);
    _ssl = SSL_new(context);
    SSL_CTX_free(context);
    SSL_set_verify(_ssl, SSL_VERIFY_PEER, NULL);
    SSL_set1_host(_ssl, _host);
    SSL_set_mode(_ssl, SSL_MODE_ENABLE_PARTIAL_WRITE
                           | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_set_fd(_ssl, _fd);
    fcntl(_fd, F_SETFL, 0);
    done = SSL_connect(_ssl);
    fcntl(_fd, F_SETFL, O_NONBLOCK);
    return done == 1;
}

size_t WiFiClientSecure::write(const uint8_t *buf, size_t len)
{
    int n;

    if (_ssl == NULL)
        return WiFiClient::write(buf, len);
    n = SSL_write(_ssl, buf, (int)piece(len));
    if (n <= 0)
        return 0;
    note(buf, (size_t)n);
    return (size_t)n;
}

int WiFiClientSecure::available()
{
    char c;

    if (_ssl == NULL)
        return WiFiClient::available();
    SSL_peek(_ssl, &c, 1);     /* reads a record, if there is one */
    return SSL_pending(_ssl);
}

int WiFiClientSecure::read(uint8_t *buf, size_t len)
{
    if (_ssl == NULL)
        return WiFiClient::read(buf, len);
    return SSL_read(_ssl, buf, (int)piece(len));
}

void WiFiClientSecure::stop()
{
    SSL_free(_ssl);
    _ssl = NULL;
    WiFiClient::stop();
}

/* ---- the sketch ---- */

int main()
{
    const char    *file = getenv("DUVA_AUTHORITY");
    FILE          *pem = file != NULL ? fopen(file, "rb") : NULL;
    const long     wanted = number("DUVA_LINES", 1);
    unsigned long  start = millis();

    if (pem != NULL) {
        if (fread(authority, 1, sizeof authority - 1, pem) == 0)
            abort();
        fclose(pem);
    }
    setup();
    while (lines < wanted && millis() - start < 30000)
        loop();
    fflush(stdout);
    return lines < wanted;
}
