/* progress.c - work done and time into a bar, a rate and the time left. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "system/clock.h"
#include "trace/progress.h"

#define LINE      512
#define BAR_MIN 10   /* columns, with its brackets; with less room */
#define BAR_MAX 42   /* there is no bar */
#define SOON_MS 1000 /* earlier there is no rate */

/* ---- words ---- */

/* "812", "4.1 MB": three digits or so are what one can read while they
 * change. */
static void amount(char *dst, size_t cap, double n, int octets)
{
    static const char *const unit[] = { "B", "kB", "MB", "GB", "TB" };
    size_t i = 0;

    if (!octets) {
        snprintf(dst, cap, n < 10 && n != (double)(int)n ? "%.1f" : "%.0f", n);
        return;
    }
    for (; n >= 999.5 && i + 1 < sizeof(unit) / sizeof(unit[0]); i++)
        n /= 1000;
    snprintf(dst, cap, i > 0 && n < 99.95 ? "%.1f %s" : "%.0f %s", n, unit[i]);
}

static void duration(char *dst, size_t cap, uint64_t seconds)
{
    const uint64_t minutes = seconds / 60, hours = minutes / 60;

    if (hours >= 100)
        snprintf(dst, cap, "%" PRIu64 " days", hours / 24);
    else if (hours > 0)
        snprintf(dst, cap, "%" PRIu64 ":%02u:%02u", hours,
                 (unsigned)(minutes % 60), (unsigned)(seconds % 60));
    else
        snprintf(dst, cap, "%" PRIu64 ":%02u", minutes,
                 (unsigned)(seconds % 60));
}

/* Rate and time left, once there is enough to calculate them. */
static void pace(char *dst, size_t cap, const struct cli_progress *p,
                 int64_t now)
{
    const int64_t took = now - p->start;
    char much[32], left[32];
    double rate;

    dst[0] = '\0';
    if (took < SOON_MS || p->done == 0)
        return;
    rate = (double)p->done * 1000 / (double)took;
    amount(much, sizeof(much), rate, p->octets);
    duration(left, sizeof(left),
             (uint64_t)((double)(p->total - p->done) / rate + 0.5));
    snprintf(dst, cap, "  %s/s, %s left", much, left);
}

static void count(char *dst, size_t cap, const struct cli_progress *p)
{
    char done[32], total[32], troubled[32] = "";

    amount(done, sizeof(done), (double)p->done, p->octets);
    amount(total, sizeof(total), (double)p->total, p->octets);
    if (p->troubled > 0)
        snprintf(troubled, sizeof(troubled), ", %" PRIu64 " not sent",
                 p->troubled);
    snprintf(dst, cap, "%s of %s%s%s", done, total,
             p->octets ? "" : " mails", troubled);
}

/* ---- the line ---- */

static unsigned percent(const struct cli_progress *p)
{
    return p->total > 0
               ? (unsigned)((double)p->done * 100 / (double)p->total)
               : 100;
}

/* "[====>    ] ", or nothing when there is no room. */
static size_t put_bar(char *dst, size_t columns, unsigned done)
{
    const size_t inside = columns - 3;
    const size_t full = inside * done / 100;

    if (columns < BAR_MIN)
        return 0;
    dst[0] = '[';
    memset(dst + 1, ' ', inside);
    memset(dst + 1, '=', full);
    if (full < inside)
        dst[1 + full] = '>';
    memcpy(dst + 1 + inside, "] ", 3);
    return columns;
}

size_t cli_progress_line(char *dst, size_t cap, size_t columns,
                         const struct cli_progress *p, int64_t now)
{
    char share[8], words[160], speed[80], line[LINE];
    size_t most = columns < cap ? columns : cap, n, rest;

    if (most > sizeof(line))
        most = sizeof(line);
    if (most == 0)
        return 0;
    snprintf(share, sizeof(share), "%3u%% ", percent(p));
    count(words, sizeof(words), p);
    pace(speed, sizeof(speed), p, now);
    n = strlen(share) + strlen(words) + strlen(speed);
    rest = n < most - 1 ? most - 1 - n : 0;
    n = strlen(strcpy(line, share));
    n += put_bar(line + n, rest < BAR_MAX ? rest : BAR_MAX, percent(p));
    snprintf(line + n, sizeof(line) - n, "%s%s", words, speed);
    snprintf(dst, most, "%s", line);
    return strlen(dst);
}

/* ---- the terminal ---- */

/* Asked anew each time, for a window may be made larger or smaller. */
static size_t columns_of(int fd)
{
    struct winsize size;

    return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                : 80;
}

static void write_all(int fd, const char *text, size_t len)
{
    ssize_t n;

    for (; len > 0; text += n, len -= (size_t)n) {
        n = write(fd, text, len);
        if (n <= 0)
            return; /* the terminal is gone: the work goes on */
    }
}

void cli_progress_start(struct cli_progress *p, uint64_t total, int wanted)
{
    const char *term = getenv("TERM");

    p->total = total;
    p->done = p->troubled = 0;
    p->start = cli_now();
    p->fd = wanted && isatty(STDERR_FILENO) && term != NULL
                    && strcmp(term, "dumb") != 0
                ? STDERR_FILENO
                : -1;
}

void cli_progress_show(struct cli_progress *p)
{
    static const char begin[] = "\r", end[] = "\033[K";
    char line[sizeof(begin) + LINE + sizeof(end)];
    int64_t now;
    size_t n;

    if (p->fd < 0)
        return;
    now = cli_now();
    if (p->shown && now - p->drawn < CLI_PROGRESS_MS)
        return;
    p->drawn = now;
    p->shown = 1;
    memcpy(line, begin, sizeof(begin));
    n = sizeof(begin) - 1;
    n += cli_progress_line(line + n, LINE, columns_of(p->fd), p, now);
    memcpy(line + n, end, sizeof(end));
    write_all(p->fd, line, n + sizeof(end) - 1);
}

void cli_progress_hide(struct cli_progress *p)
{
    static const char clear[] = "\r\033[K";

    if (p->fd < 0 || !p->shown)
        return;
    p->shown = 0;
    write_all(p->fd, clear, sizeof(clear) - 1);
}

void cli_progress_tell(void *progress, uint64_t octets)
{
    struct cli_progress *p = progress;

    p->done = octets < p->total ? octets : p->total;
    cli_progress_show(p);
}
