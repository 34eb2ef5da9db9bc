/* log.c - what became of a mail into a line of a log. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "outcome/recipients.h"
#include "report/log.h"
#include "text/escape.h"
#include "text/memory_stream.h"

/* A text as it is shown, where nothing in it can pass for the end of it: what
 * is in ends is written as \xNN. */
static void put(FILE *out, const char *text, const char *ends)
{
    char shown[2 * CLI_REPLY_SIZE], *p;

    cli_escape(shown, sizeof(shown), text, strlen(text));
    for (p = shown; *p != '\0'; p++)
        if (strchr(ends, *p) != NULL)
            fprintf(out, "\\x%02X", (unsigned char)*p);
        else
            putc(*p, out);
}

static void put_word(FILE *out, const char *before, const char *text)
{
    fputs(before, out);
    put(out, text, " ',");
}

static void put_line(FILE *out, const struct cli_outcome *o,
                     const struct cli_facts *f)
{
    const duva_mail *mail = &o->mail;
    char text[CLI_OUTCOME_TEXT_SIZE];
    size_t i;

    put_word(out, "host=", f->options->server.host);
    fprintf(out, " tls=%s auth=%s",
            f->connection->secured.protocol != NULL ? "on" : "off",
            f->auth->name != NULL ? "on" : "off");
    if (f->auth->name != NULL && f->login->user != NULL)
        put_word(out, " user=", f->login->user);
    put_word(out, " from=", mail->from != NULL ? mail->from : "");
    for (i = 0; i < mail->rcpt_count; i++)
        put_word(out, i == 0 ? " recipients=" : ",", mail->rcpt[i].addr);
    if (o->exit_code == EX_OK)
        fprintf(out, " mailsize=%" PRIu64, mail->size);
    if (mail->result.status.code != 0)
        fprintf(out, " smtpstatus=%u", (unsigned)mail->result.status.code);
    fputs(" message='", out);
    put(out, cli_outcome_text(text, sizeof(text), o), "'");
    fprintf(out, "' exitcode=%d", o->exit_code);
}

/* One write for a line: others may write to the same file. */
static int write_line(const char *file, const char *line, size_t len)
{
    const int fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int failed;

    if (fd < 0)
        return -1;
    failed = write(fd, line, len) != (ssize_t)len;
    return close(fd) != 0 || failed ? -1 : 0;
}

static void to_file(const struct cli_log_options *o, const char *line)
{
    const char *format = o->time_format;
    const time_t now = time(NULL);
    struct tm local;
    char when[128], *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    if (out == NULL)
        return;
    if (localtime_r(&now, &local) == NULL)
        memset(&local, 0, sizeof(local));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (strftime(when, sizeof(when), format != NULL ? format : "%b %d %H:%M:%S",
                 &local)
        == 0)
        when[0] = '\0';
#pragma GCC diagnostic pop
    fprintf(out, "%s %s\n", when, line);
    if (cli_close_text(out, &text) != 0)
        return;
    if (strcmp(o->file, "-") == 0)
        fwrite(text, 1, len, stdout);
    else if (write_line(o->file, text, len) != 0)
        fprintf(stderr, "duva: no line in the log %s: %s\n", o->file,
                strerror(errno));
    free(text);
}

static void to_syslog(const char *facility, const char *line, int failed)
{
    int number = LOG_USER;

    if (strcasecmp(facility, "LOG_MAIL") == 0)
        number = LOG_MAIL;
    else if (strncasecmp(facility, "LOG_LOCAL", 9) == 0)
        number = LOG_LOCAL0 + ((facility[9] - '0') << 3);
    openlog("duva", LOG_PID, number);
    syslog(failed ? LOG_ERR : LOG_INFO, "%s", line);
    closelog();
}

void cli_log(const struct cli_log_options *to, const struct cli_outcome *o,
             const struct cli_facts *f)
{
    char *line = NULL;
    size_t len = 0;
    FILE *out;

    if (to->facility == NULL && to->file == NULL)
        return;
    out = open_memstream(&line, &len);
    if (out == NULL)
        return;
    put_line(out, o, f);
    if (cli_close_text(out, &line) != 0)
        return;
    if (to->file != NULL)
        to_file(to, line);
    if (to->facility != NULL)
        to_syslog(to->facility, line, o->exit_code != EX_OK);
    free(line);
}
