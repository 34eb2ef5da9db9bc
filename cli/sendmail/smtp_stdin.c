/* smtp_stdin.c - the server's side of SMTP on standard input (sendmail -bs). */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "message/header.h"
#include "message/finished.h"
#include "outcome/exit_code.h"
#include "report/recipients_text.h"
#include "sendmail/aliases.h"
#include "sendmail/input_lines.h"
#include "sendmail/smtp_stdin.h"
#include "sendmail/submission.h"
#include "send/deliver.h"
#include "send/job.h"
#include "system/clock.h"
#include "text/escape.h"
#include "system/expand.h"

#define LINE_MAX_OCTETS 2048   /* of a command: RFC 5321 has 512 */

struct dialogue {
    const struct cli_submission *defaults;
    FILE *in, *out;
    char *host;
    char *sender;              /* on the heap; NULL: no transaction */
    struct cli_address_set to;
    uint8_t line_end;          /* enum cli_line_end, that of the first line */
    uint8_t greeted, quit;
    uint8_t cut_off;           /* in ended before a message did */
};

static void reset(struct dialogue *d)
{
    free(d->sender);
    d->sender = NULL;
    cli_address_set_free(&d->to);
}

static void reply(const struct dialogue *d, const char *text)
{
    fprintf(d->out, "%s\r\n", text);
}

/* ---- commands ---- */

/* Copies a path without its brackets, and without its route, which is to be
 * ignored (RFC 5321 4.1.1.3). */
static void put_path(char *addr, const char *from, const char *end)
{
    const char *colon = *from == '@' ? memchr(from, ':', (size_t)(end - from))
                                     : NULL;

    if (colon != NULL)
        from = colon + 1;
    memcpy(addr, from, (size_t)(end - from));
    addr[end - from] = '\0';
}

/* "FROM:<ada@example.org> SIZE=1" with its keyword; the address goes to addr.
 * Returns what follows it, or NULL. */
static const char *path(const char *text, const char *keyword, char *addr,
                        size_t size)
{
    const size_t len = strlen(keyword);
    const char *end;
    int quoted = 0;

    text += strspn(text, " ");
    if (strncasecmp(text, keyword, len) != 0)
        return NULL;
    text += len + strspn(text + len, " ");
    if (*text++ != '<')
        return NULL;
    for (end = text; *end != '\0' && (quoted || *end != '>'); end++) {
        if (*end == '"')
            quoted = !quoted;
        if (*end == '\\' && end[1] != '\0')
            end++;
    }
    if (*end != '>' || (size_t)(end - text) >= size
        || (end[1] != '\0' && end[1] != ' '))
        return NULL;
    put_path(addr, text, end);
    return end + 1;
}

/* The parameters of MAIL that the reply to EHLO advertises; what they say is
 * found out from the message. */
static int are_known(const char *text)
{
    for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
        if (strncasecmp(text, "SIZE=", 5) != 0
            && strncasecmp(text, "BODY=7BIT", 9) != 0
            && strncasecmp(text, "BODY=8BITMIME", 13) != 0)
            return 0;
        text += strcspn(text, " ");
    }
    return 1;
}

static void do_ehlo(struct dialogue *d, int extended)
{
    reset(d);
    d->greeted = 1;
    if (extended)
        fprintf(d->out, "250-%s\r\n250-PIPELINING\r\n250-8BITMIME\r\n"
                        "250-SIZE\r\n250 ENHANCEDSTATUSCODES\r\n", d->host);
    else
        fprintf(d->out, "250 %s\r\n", d->host);
}

static void do_mail(struct dialogue *d, const char *text)
{
    char addr[LINE_MAX_OCTETS];
    const char *more = path(text, "FROM:", addr, sizeof(addr));

    if (!d->greeted || d->sender != NULL)
        reply(d, d->greeted
                     ? "503 5.5.1 A transaction is open; RSET aborts it"
                     : "503 5.5.1 Send EHLO first");
    else if (more == NULL)
        reply(d, "501 5.5.4 Syntax: MAIL FROM:<address>");
    else if (!are_known(more))
        reply(d, "555 5.5.4 Parameter not supported");
    else if (addr[0] != '\0' && duva_address_check(addr) != DUVA_REASON_NONE)
        reply(d, "553 5.1.7 Invalid address");
    else if ((d->sender = strdup(addr)) == NULL)
        reply(d, "451 4.3.0 Not enough memory");
    else
        reply(d, "250 2.1.0 Ok");
}

static void do_rcpt(struct dialogue *d, const char *text)
{
    char addr[LINE_MAX_OCTETS];
    const char *more = path(text, "TO:", addr, sizeof(addr));

    if (d->sender == NULL)
        reply(d, "503 5.5.1 Send MAIL first");
    else if (more == NULL)
        reply(d, "501 5.5.4 Syntax: RCPT TO:<address>");
    else if (more[strspn(more, " ")] != '\0')
        reply(d, "555 5.5.4 Parameter not supported");
    else if (duva_address_check(addr) != DUVA_REASON_NONE)
        reply(d, "553 5.1.3 Invalid address");
    else if (cli_address_set_add(&d->to, addr) != 0)
        reply(d, "451 4.3.0 Not enough memory");
    else
        reply(d, "250 2.1.5 Ok");
}

/* ---- a mail ---- */

/* The server's replies about recipients say more than the summary. */
static void put_reason(const struct cli_job *job, char *text, size_t size)
{
    if (job->outcome.mail.result.status.stage == DUVA_STAGE_RCPT
        && cli_recipients_text(text, size, &job->outcome.mail, 1) > 0)
        return;
    if (job->outcome.summary[0] != '\0')
        cli_outcome_text(text, size, &job->outcome);
    else
        snprintf(text, size, "the configuration is wrong");
}

/* An uncertain mail is deferred, so that the client sends it again: a mail that
 * is delivered twice does less harm than one that is lost (RFC 5321 6.1). */
static void reply_to_mail(const struct dialogue *d, const struct cli_job *job,
                          int code)
{
    char shown[900], text[900];

    put_reason(job, text, sizeof(text));
    cli_escape(shown, 480, text, strlen(text));
    fprintf(d->out, "%s %s\r\n",
            code == EX_OK                 ? "250 2.0.0"
            : cli_exit_is_temporary(code) ? "451 4.3.0"
                                          : "554 5.0.0",
            shown);
    fflush(d->out);
}

/* A process of its own for each mail reads the account and its secrets, and
 * forgets them. */
static void send_in_child(struct dialogue *d, struct cli_submission *s)
{
    pid_t child;
    int   status = 0, done;

    fflush(d->out);
    child = fork();
    if (child < 0) {
        reply(d, "451 4.3.0 The system cannot start a process");
        return;
    }
    if (child == 0) {
        done = cli_submission_send(s);
        reply_to_mail(d, s->job, done);
        cli_deliver_end(s->job);
        _exit(done);
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (!WIFEXITED(status))
        reply(d, "451 4.3.0 The process that sends was killed");
}

static void do_data(struct dialogue *d)
{
    static struct cli_job job;
    struct cli_submission s = *d->defaults;
    struct cli_input_lines in;
    int failed;

    if (d->to.count == 0) {
        reply(d, d->sender == NULL ? "503 5.5.1 Send MAIL first"
                                   : "503 5.5.1 Send RCPT first");
        return;
    }
    reply(d, "354 End data with <CR><LF>.<CR><LF>");
    fflush(d->out);
    memset(&job, 0, sizeof(job));
    job.options = d->defaults->job->options;
    job.outcome.start = cli_now();
    memset(&in, 0, sizeof(in));
    in.in = d->in;
    in.line_end = d->line_end;
    in.dot_ends = in.stuffed = 1;
    s.job = &job;
    s.to = d->to;
    s.sender = d->sender;
    s.all_or_nothing = 1;      /* there is one reply for all recipients */
    failed = cli_submission_read(&s, &in);
    cli_input_lines_drain(&in); /* no text is read as commands */
    if (in.cut_off)
        d->cut_off = d->quit = 1;
    else if (failed != 0)
        reply_to_mail(d, &job, failed);
    else
        send_in_child(d, &s);
    cli_header_free(&s.header);
    cli_finished_close(&job.outgoing.finished);
    reset(d);
}

/* ---- all of it ---- */

static void do_command(struct dialogue *d, char *line)
{
    char *text = line + strcspn(line, " ");

    if (*text != '\0')
        *text++ = '\0';
    if (strcasecmp(line, "EHLO") == 0 || strcasecmp(line, "HELO") == 0)
        do_ehlo(d, (line[0] | 32) == 'e');
    else if (strcasecmp(line, "MAIL") == 0)
        do_mail(d, text);
    else if (strcasecmp(line, "RCPT") == 0)
        do_rcpt(d, text);
    else if (strcasecmp(line, "DATA") == 0)
        do_data(d);
    else if (strcasecmp(line, "NOOP") == 0)
        reply(d, "250 2.0.0 Ok");
    else if (strcasecmp(line, "VRFY") == 0)
        reply(d, "252 2.0.0 Cannot verify the address; it may be accepted");
    else if (strcasecmp(line, "RSET") == 0) {
        reset(d);
        reply(d, "250 2.0.0 Ok");
    } else if (strcasecmp(line, "QUIT") == 0) {
        d->quit = 1;
        reply(d, "221 2.0.0 Bye");
    } else
        reply(d, "502 5.5.1 Command not implemented");
}

enum { AT_END, FINE, TOO_LONG, ODD };

/* Reads a line of len octets at most, and takes its end off.  ODD: there is a
 * control character in it, such as a CR or an LF that is no line end. */
static int read_command(struct dialogue *d, char *line, size_t len)
{
    size_t n = 0;
    int c, before = ' ', odd = 0;

    while ((c = getc(d->in)) != EOF
           && (c != '\n' || (d->line_end == CLI_CRLF_END && before != '\r'))) {
        odd |= before < ' ' || before == 0x7F;
        before = c;
        line[n] = (char)c;
        n += n < len;
    }
    if (c == EOF)
        return AT_END;
    if (d->line_end == CLI_ANY_END)
        d->line_end = before == '\r' ? CLI_CRLF_END : CLI_LF_END;
    odd |= before != '\r' && (before < ' ' || before == 0x7F);
    if (n == len)
        return TOO_LONG;
    line[n - (before == '\r')] = '\0';
    return odd ? ODD : FINE;
}

static void do_line(struct dialogue *d)
{
    char line[LINE_MAX_OCTETS + 1];

    switch (read_command(d, line, LINE_MAX_OCTETS)) {
    case FINE:
        do_command(d, line);
        break;
    case TOO_LONG:
        reply(d, "500 5.5.2 Line too long");
        break;
    case ODD:
        reply(d, "500 5.5.2 Control character in the command");
        break;
    default:
        d->quit = 1;
    }
}

int cli_smtp_stdin(const struct cli_submission *defaults, FILE *in, FILE *out)
{
    struct dialogue d;

    memset(&d, 0, sizeof(d));
    d.defaults = defaults;
    d.in = in;
    d.out = out;
    d.host = cli_hostname(0);
    if (d.host == NULL)
        return EX_OSERR;
    fprintf(out, "220 %s ESMTP\r\n", d.host);
    while (!d.quit) {
        fflush(out);
        do_line(&d);
    }
    fflush(out);
    reset(&d);
    free(d.host);
    return d.cut_off ? EX_NOINPUT : EX_OK;
}
