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

#include "config/account_values.h"
#include "config/config.h"
#include "options/server_options.h"
#include "outcome/recipients.h"
#include "send/log.h"
#include "send/job.h"
#include "system/shortage.h"
#include "text/escape.h"

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

void cli_log_line(FILE *out, const struct cli_job *job)
{
    const struct cli_access *a = &job->options.access;
    const duva_mail *mail = &job->outcome.mail;
    size_t i;

    put_word(out, "host=", a->session.server.host);
    fprintf(out, " tls=%s auth=%s",
            job->connection.secured.protocol != NULL ? "on" : "off",
            job->login.auth.name != NULL ? "on" : "off");
    if (job->login.auth.name != NULL && a->login.user != NULL)
        put_word(out, " user=", a->login.user);
    put_word(out, " from=", mail->from != NULL ? mail->from : "");
    for (i = 0; i < mail->rcpt_count; i++)
        put_word(out, i == 0 ? " recipients=" : ",", mail->rcpt[i].addr);
    if (job->outcome.exit_code == EX_OK)
        fprintf(out, " mailsize=%" PRIu64, mail->size);
    if (mail->result.status.code != 0)
        fprintf(out, " smtpstatus=%u", (unsigned)mail->result.status.code);
    fputs(" message='", out);
    put(out, job->outcome.summary, "'");
    fprintf(out, "' exitcode=%d", job->outcome.exit_code);
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

static void to_file(struct cli_accounts *accounts, const char *line)
{
    const char *file = cli_account_path(accounts, CLI_SET_LOGFILE);
    const char *format = cli_account_text(accounts->account,
                                          CLI_SET_LOGFILE_TIME_FORMAT);
    const time_t now = time(NULL);
    struct tm local;
    char when[128], *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    if (out == NULL || file == NULL)
        return;
    if (localtime_r(&now, &local) == NULL)
        memset(&local, 0, sizeof(local));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (strftime(when, sizeof(when),
                 format != NULL ? format : "%b %d %H:%M:%S", &local) == 0)
        when[0] = '\0';
#pragma GCC diagnostic pop
    fprintf(out, "%s %s\n", when, line);
    if (cli_close_text(out, &text) != 0)
        return;
    if (strcmp(file, "-") == 0)
        fwrite(text, 1, len, stdout);
    else if (write_line(file, text, len) != 0)
        fprintf(stderr, "duva: no line in the log %s: %s\n", file,
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

void cli_log(const struct cli_job *job, struct cli_accounts *accounts)
{
    const struct cli_account *account = accounts->account;
    const char *facility = cli_account_text(account, CLI_SET_SYSLOG);
    char  *line = NULL;
    size_t len = 0;
    FILE  *out;

    if (facility != NULL && strcasecmp(facility, "off") == 0)
        facility = NULL;
    if (facility == NULL && cli_account_text(account, CLI_SET_LOGFILE) == NULL)
        return;
    out = open_memstream(&line, &len);
    if (out == NULL)
        return;
    cli_log_line(out, job);
    if (cli_close_text(out, &line) != 0)
        return;
    if (cli_account_text(account, CLI_SET_LOGFILE) != NULL)
        to_file(accounts, line);
    if (facility != NULL)
        to_syslog(facility, line, job->outcome.exit_code != EX_OK);
    free(line);
}
