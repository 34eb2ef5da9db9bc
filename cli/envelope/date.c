/* date.c - dates: now, or as a person writes them. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <stdint.h>
#include <string.h>
#include <time.h>

#include "envelope/date.h"

static const char no_date[] =
    "it must be like 2026-12-24T18:00:00+01:00, or what 'date -R' prints";
static const char no_day[] = "there is no such day";

void cli_date_now(struct cli_date *date)
{
    const time_t now = time(NULL);
    struct tm local;

    date->at = now;
    date->zone = 0;
    if (localtime_r(&now, &local) != NULL)
        date->zone = (int16_t)(local.tm_gmtoff / 60);
}

/* Two digits, most at most, or -1. */
static int digits(const char *text, int most)
{
    int n;

    if (strspn(text, "0123456789") < 2)
        return -1;
    n = 10 * (text[0] - '0') + text[1] - '0';
    return n <= most ? n : -1;
}

/* "Z", "+01:00" or "+0100", and nothing behind it.  Returns 0 or -1. */
static int take_zone(int16_t *zone, const char *text)
{
    const int sign = text[0] == '-' ? -1 : 1;
    int hours, minutes;

    *zone = 0;
    if (strcmp(text, "Z") == 0 || strcmp(text, "z") == 0)
        return 0;
    if (text[0] != '+' && text[0] != '-')
        return -1;
    hours = digits(text + 1, 23);
    if (hours < 0)
        return -1;
    text += 3 + (text[3] == ':');
    minutes = digits(text, 59);
    if (minutes < 0 || text[2] != '\0')
        return -1;
    *zone = (int16_t)(sign * (60 * hours + minutes));
    return 0;
}

const char *cli_date_parse(struct cli_date *date, const char *text)
{
    static const char *const form[] = {
        "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%a, %d %b %Y %H:%M:%S",
        "%d %b %Y %H:%M:%S"
    };
    const char *rest = NULL;
    struct tm said, day;
    size_t i;

    for (i = 0; rest == NULL && i < sizeof(form) / sizeof(form[0]); i++) {
        memset(&said, 0, sizeof(said));
        rest = strptime(text, form[i], &said);
    }
    if (rest == NULL || take_zone(&date->zone, rest + strspn(rest, " ")) != 0)
        return no_date;
    day = said;
    day.tm_sec = 0;            /* 60 of them may be, and end another day */
    date->at = timegm(&day) + said.tm_sec - 60 * (int64_t)date->zone;
    if (day.tm_mday != said.tm_mday || day.tm_mon != said.tm_mon)
        return no_day;
    if (day.tm_wday != said.tm_wday)
        return "that is another day of the week";
    return date->at < 0 || date->at > UINT32_MAX
               ? "it must be of the years 1970 to 2105"
               : NULL;
}

const char *cli_date_check(const char *text)
{
    struct cli_date date;
    const char *problem = cli_date_parse(&date, text);

    return problem == no_day ? problem : NULL;
}
