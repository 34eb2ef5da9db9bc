/* http.c - the dialogue of an HTTP CONNECT (RFC 9110 9.3.6). */
/* SPDX-License-Identifier: MIT */
#include "http.h"

#include "exchange.h"

#include <string.h>

static int fits(const char *text, int colon)
{
    size_t len;

    for (len = 0; text[len] != '\0'; len++) {
        const unsigned char c = (unsigned char)text[len];

        if (len == 255 || c < 0x20 || c == 0x7F || (c == ':' && !colon))
            return 0;
    }
    return 1;
}

int duva__http_fits(const duva_proxy_route *route)
{
    return route->user == NULL
           || (fits(route->user, 0) && fits(route->pass, 1));
}

/* ---- request ---- */

static void put_authority(duva_proxy *p)
{
    const int v6 = strchr(p->route->host, ':') != NULL;
    char digits[7], *at = digits + sizeof(digits) - 1;
    unsigned port = p->route->port;

    *at = '\0';
    for (; port > 0; port /= 10)
        *--at = (char)('0' + port % 10);
    *--at = ':';
    duva__proxy_put_text(p, v6 ? "[" : "");
    duva__proxy_put_text(p, p->route->host);
    duva__proxy_put_text(p, v6 ? "]" : "");
    duva__proxy_put_text(p, at);
}

/* Piece by piece, so that name and password are not copied (decision 0024). */
struct base64 {
    uint32_t bits;
    unsigned have;
};

static void put_six(duva_proxy *p, uint32_t six)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";

    duva__proxy_put(p, &digits[six & 63], 1);
}

static void put_base64(duva_proxy *p, struct base64 *b, const char *text)
{
    for (; *text != '\0'; text++) {
        b->bits = (b->bits << 8 | (unsigned char)*text) & 0xFFFF;
        for (b->have += 8; b->have >= 6; b->have -= 6)
            put_six(p, b->bits >> (b->have - 6));
    }
}

static void put_login(duva_proxy *p)
{
    struct base64 b = { 0, 0 };

    duva__proxy_put_text(p, "Proxy-Authorization: Basic ");
    put_base64(p, &b, p->route->user);
    put_base64(p, &b, ":");
    put_base64(p, &b, p->route->pass);
    if (b.have > 0)
        put_six(p, b.bits << (6 - b.have));
    duva__proxy_put_text(p, b.have == 2 ? "==\r\n" : b.have == 4 ? "=\r\n"
                                                                 : "\r\n");
}

void duva__http_begin(duva_proxy *p)
{
    duva__proxy_put_text(p, "CONNECT ");
    put_authority(p);
    duva__proxy_put_text(p, " HTTP/1.1\r\nHost: ");
    put_authority(p);
    duva__proxy_put_text(p, "\r\n");
    if (p->route->user != NULL)
        put_login(p);
    duva__proxy_put_text(p, "\r\n");
    duva__proxy_send(p, 0);
}

/* ---- reply ---- */

/* "HTTP/1.1 200 Connected", character by character; a zero of the shape is
 * any digit.  Returns 0 for what has no place there. */
static int take_status(duva_proxy *p, char c)
{
    static const char shape[] = "HTTP/1.0 000 ";
    const uint16_t at = p->column;

    if (at < sizeof(shape) - 1) {
        if (shape[at] == '0' ? c < '0' || c > '9' : c != shape[at])
            return 0;
        if (at >= 9 && at < 12)
            p->code = (uint16_t)(10 * p->code + (c - '0'));
    } else if (p->text < sizeof(p->words) - 1) {
        p->words[p->text++] = c >= 0x20 && c < 0x7F ? c : '?';
        p->words[p->text] = '\0';
    }
    return 1;
}

/* A reply that refuses need not be read to its end. */
static int judge(duva_proxy *p)
{
    const uint16_t code = p->code;

    if (p->column < 12 || code < 100 || code > 599)
        return duva__proxy_fail(p, DUVA_REASON_PROXY_STRANGE, 0);
    if (code < 300 && code != 101)
        return 0;
    return duva__proxy_fail(p,
                            code == 101   ? DUVA_REASON_PROXY_STRANGE
                            : code == 407 || code == 401
                                ? DUVA_REASON_PROXY_LOGIN
                            : code >= 500 ? DUVA_REASON_PROXY_UNREACHED
                                          : DUVA_REASON_PROXY_FORBIDDEN,
                            code);
}

/* An empty line ends the header.  Behind it are octets of the host, or after
 * "100 Continue" and other 1yz another header. */
static int end_line(duva_proxy *p)
{
    const int over = p->column == 0 && p->line > 0;
    const int n = p->line == 0 ? judge(p) : 0;

    if (n != 0)
        return n;
    p->line = 1;
    p->column = 0;
    if (!over)
        return 0;
    if (p->code >= 200) {
        p->code = 0;
        return duva__proxy_done(p);
    }
    p->line = 0;
    p->code = p->text = 0;
    p->words[0] = '\0';
    return 0;
}

int duva__http_received(duva_proxy *p)
{
    while (p->pos < p->len) {
        const char c = (char)p->buf[p->pos++];
        int n = 0;

        if (c == '\n')
            n = end_line(p);
        else if (c == '\r')
            continue;
        else if (p->line == 0 && !take_status(p, c))
            n = duva__proxy_fail(p, DUVA_REASON_PROXY_STRANGE, 0);
        else
            p->column++;
        if (n != 0)
            return n;
    }
    return 1;                  /* more is to be received */
}
