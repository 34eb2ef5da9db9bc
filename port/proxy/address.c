/* address.c - turns the text of an IP address into its octets. */
/* SPDX-License-Identifier: MIT */
#include "address.h"

#include <string.h>

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Digits of a number up to most.  Returns what follows, or NULL. */
static const char *number(const char *text, int base, unsigned most,
                          size_t digits, unsigned *value)
{
    size_t n;

    *value = 0;
    for (n = 0; digit(*text) >= 0 && digit(*text) < base; n++)
        if (n == digits
            || (*value = *value * (unsigned)base + (unsigned)digit(*text++))
                   > most)
            return NULL;
    return n > 0 ? text : NULL;
}

static int ipv4(const char *text, uint8_t octets[4])
{
    unsigned value;
    int i;

    for (i = 0; i < 4; i++) {
        if (i > 0 && *text++ != '.')
            return 0;
        text = number(text, 10, 255, 3, &value);
        if (text == NULL)
            return 0;
        octets[i] = (uint8_t)value;
    }
    return *text == '\0';
}

/* The octets behind "::" go to the end, zeros fill what is between. */
static int spread(uint8_t octets[16], size_t len, size_t gap)
{
    if (gap > 16)
        return len == 16;
    if (len > 14)
        return 0;
    memmove(octets + gap + 16 - len, octets + gap, len - gap);
    memset(octets + gap, 0, 16 - len);
    return 1;
}

static int ipv6(const char *text, uint8_t octets[16])
{
    size_t len = 0, gap = 17;
    const char *next;
    unsigned value;

    if (text[0] == ':' && text[1] != ':')
        return 0;
    while (*text != '\0') {
        if (text[0] == ':' && text[1] == ':') {
            if (gap <= 16 || text[2] == ':')
                return 0;
            gap = len;
            text += 2;
            continue;
        }
        if (*text == ':' && *++text == '\0')
            return 0;
        if (len <= 12 && ipv4(text, octets + len)) {
            len += 4;
            break;
        }
        next = number(text, 16, 0xFFFF, 4, &value);
        if (next == NULL || len > 14 || (*next != ':' && *next != '\0'))
            return 0;
        octets[len++] = (uint8_t)(value >> 8);
        octets[len++] = (uint8_t)value;
        text = next;
    }
    return spread(octets, len, gap);
}

size_t duva__proxy_address(const char *text, uint8_t octets[16])
{
    if (ipv4(text, octets))
        return 4;
    return strchr(text, ':') != NULL && ipv6(text, octets) ? 16 : 0;
}
