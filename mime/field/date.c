/* date.c - the date of a message (RFC 5322 3.3). */
/* SPDX-License-Identifier: MIT */
#include "date.h"
#include "out.h"

static void put_digits(duva__out *o, uint32_t n, unsigned digits, char after)
{
    char     text[5];
    unsigned i;

    text[digits] = after;
    for (i = digits; i > 0; n /= 10)
        text[--i] = (char)('0' + n % 10);
    duva__write(o, text, digits + 1);
}

void duva__put_date(duva__out *o, const duva_message *m)
{
    enum { LEAP_2100 = 47541 }; /* 1 March 2100 */
    const int      zone = DUVA_MIME_SMALL ? 0 : m->zone;
    const uint32_t east = (uint32_t)(zone < 0 ? -zone : zone);
    const uint32_t at = m->date + (uint32_t)zone * 60, days = at / 86400;
    /* From 1 March 1968, so that a leap day ends a year and the months before
     * it have a regular length; as if 2100 had a leap day like the others. */
    const uint32_t z = days + 671 + (days >= LEAP_2100);
    const uint32_t years = (4 * z + 3) / 1461, doy = z - years * 1461 / 4;
    const uint32_t mp = (5 * doy + 2) / 153;
    uint32_t       unit;

    if (east >= 24 * 60 || (zone < 0 ? at > m->date : at < m->date))
        duva__refuse(o, DUVA_REASON_RANGE, 0);
    /* Its day of the week may be left out. */
    if (DUVA_MIME_SMALL)
        duva__writes(o, " ");
    else
        duva__write(o, &" Thu, Fri, Sat, Sun, Mon, Tue, Wed, "[days % 7 * 5],
                    6);
    put_digits(o, doy - (153 * mp + 2) / 5 + 1, 2, ' ');
    duva__write(o, &"Mar Apr May Jun Jul Aug Sep Oct Nov Dec Jan Feb "[mp * 4],
                4);
    put_digits(o, 1968 + years + (mp >= 10), 4, ' ');
    for (unit = 3600; unit > 0; unit /= 60)
        put_digits(o, at % 86400 / unit % 60, 2, unit > 1 ? ':' : ' ');
    if (DUVA_MIME_SMALL) {
        duva__writes(o, "+0000\r\n");
        return;
    }
    duva__writes(o, zone < 0 ? "-" : "+");
    put_digits(o, east / 60 * 100 + east % 60, 4, '\r');
    duva__writes(o, "\n");
}
