/* date.c - turns a date in UTC into a number. */
/* SPDX-License-Identifier: MIT */
#include "date.h"

#include "duva/config.h"

#if DUVA_WITH_FUTURERELEASE || DUVA_WITH_RRVS

uint64_t duva__date(const char *text, size_t len)
{
    static const char    form[] = "0000-00-00T00:00:00Z";
    static const uint8_t most[] = { 99, 12, 31, 23, 59, 60 };
    uint64_t date = 0;
    unsigned field = 0, part = 0, i;

    if (len != sizeof(form) - 1)
        return 0;
    for (i = 0; i < len; i++) {
        const unsigned digit = (unsigned)text[i] - '0';

        if (form[i] == '0') {
            if (digit > 9)
                return 0;
            field = field * 10 + digit;
            date = date * 10 + digit;
            continue;
        }
        if (text[i] != form[i] || (part > 0 && field > most[part])
            || (part < 3 && field == 0))
            return 0;
        field = 0;
        part++;
    }
    return date;
}

#else
typedef int duva__no_date;     /* a file must not be empty */
#endif
