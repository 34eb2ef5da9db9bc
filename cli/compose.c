/* compose.c - sender, recipients and subject into the header of a message. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <string.h>

#include "cli.h"

static void put_date(FILE *out, time_t now)
{
    struct tm local;
    char text[64];

    /* English names whatever the locale: nobody calls setlocale(). */
    localtime_r(&now, &local);
    strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S %z", &local);
    fprintf(out, "Date: %s\r\n", text);
}

void cli_compose(FILE *out, const struct cli_letter *l)
{
    const char *at = strrchr(l->from, '@');
    size_t i;

    put_date(out, l->now);
    fprintf(out, "Message-ID: <%016" PRIx64 "%016" PRIx64 "@%s>\r\n",
            l->id[0], l->id[1], at != NULL ? at + 1 : l->domain);
    fprintf(out, "From: %s\r\n", l->from);
    for (i = 0; i < l->rcpt_count; i++)
        fprintf(out, "%s%s%s\r\n", i == 0 ? "To: " : " ", l->rcpt[i].addr,
                i + 1 < l->rcpt_count ? "," : "");
    if (l->subject != NULL)
        cli_subject(out, l->subject);
    if (l->charset != NULL)
        fprintf(out,
                "MIME-Version: 1.0\r\n"
                "Content-Type: text/plain; charset=%s\r\n"
                "Content-Transfer-Encoding: 8bit\r\n",
                l->charset);
    fputs("\r\n", out);
}
