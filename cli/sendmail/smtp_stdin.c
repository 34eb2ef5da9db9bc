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
#include "sendmail/submission.h"
#include "send/job.h"
#include "session/session.h"
#include "system/clock.h"
#include "text/escape.h"
#include "text/expand.h"

#define LINE_MAX_OCTETS 2048   /* of a command: RFC 5321 has 512 */

struct talk {
    const struct cli_submission *defaults;
    FILE *in, *out;
    char *host;
    char *sender;              /* on the heap; NULL: no mail has begun */
    struct cli_address_set to;
    uint8_t line_end;          /* enum cli_line_end, that of the first line */
    uint8_t greeted, quit;
    uint8_t cut_off;           /* in ended before a message did */
};

static void forget(struct talk *t)
{
    free(t->sender);
    t->sender = NULL;
    cli_address_set_free(&t->to);
}

static void say(const struct talk *t, const char *reply)
{
    fprintf(t->out, "%s\r\n", reply);
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

/* Parameters of MAIL that we offer; both are found out again. */
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

static void hello(struct talk *t, int extended)
{
    forget(t);
    t->greeted = 1;
    if (extended)
        fprintf(t->out, "250-%s\r\n250-PIPELINING\r\n250-8BITMIME\r\n"
                        "250-SIZE\r\n250 ENHANCEDSTATUSCODES\r\n", t->host);
    else
        fprintf(t->out, "250 %s\r\n", t->host);
}

static void mail(struct talk *t, const char *text)
{
    char addr[LINE_MAX_OCTETS];
    const char *more = path(text, "FROM:", addr, sizeof(addr));

    if (!t->greeted || t->sender != NULL)
        say(t, t->greeted ? "503 5.5.1 A mail has begun; RSET ends it"
                          : "503 5.5.1 EHLO comes first");
    else if (more == NULL)
        say(t, "501 5.5.4 It must be MAIL FROM:<address>");
    else if (!are_known(more))
        say(t, "555 5.5.4 A parameter that was not offered");
    else if (addr[0] != '\0' && duva_address_check(addr) != DUVA_REASON_NONE)
        say(t, "553 5.1.7 That cannot be an address");
    else if ((t->sender = strdup(addr)) == NULL)
        say(t, "451 4.3.0 Not enough memory");
    else
        say(t, "250 2.1.0 Ok");
}

static void rcpt(struct talk *t, const char *text)
{
    char addr[LINE_MAX_OCTETS];
    const char *more = path(text, "TO:", addr, sizeof(addr));

    if (t->sender == NULL)
        say(t, "503 5.5.1 MAIL comes first");
    else if (more == NULL)
        say(t, "501 5.5.4 It must be RCPT TO:<address>");
    else if (more[strspn(more, " ")] != '\0')
        say(t, "555 5.5.4 A parameter that was not offered");
    else if (duva_address_check(addr) != DUVA_REASON_NONE)
        say(t, "553 5.1.3 That cannot be an address");
    else if (cli_address_set_add(&t->to, addr) != 0)
        say(t, "451 4.3.0 Not enough memory");
    else
        say(t, "250 2.1.5 Ok");
}

/* ---- a mail ---- */

/* The words of a server about recipients say more than ours about all. */
static void explain(const struct cli_job *job, char *text, size_t size)
{
    if (job->outcome.mail.result.status.stage == DUVA_STAGE_RCPT
        && cli_recipients_text(text, size, &job->outcome.mail, 1) > 0)
        return;
    snprintf(text, size, "%.*s", (int)size - 1,
             job->outcome.summary[0] != '\0' ? job->outcome.summary
                                             : "the configuration is wrong");
}

/* A mail that may have been delivered is answered like one that was not: who
 * has it sends it again, and a mail that comes twice does less harm than one
 * that is lost (RFC 5321 6.1).  The text tells. */
static void answer(const struct talk *t, const struct cli_job *job, int code)
{
    char shown[900], text[900];
    const int later = code == EX_TEMPFAIL || code == EX_OSERR
                      || code == EX_IOERR || code == EX_CONFIG
                      || code == EX_NOINPUT || code == EX_UNCERTAIN;

    explain(job, text, sizeof(text));
    cli_escape(shown, 480, text, strlen(text));
    fprintf(t->out, "%s %s\r\n", code == EX_OK ? "250 2.0.0"
                                 : later       ? "451 4.3.0"
                                               : "554 5.0.0", shown);
    fflush(t->out);
}

/* A mail is sent by a process of its own: accounts are read, and secrets
 * forgotten, each time anew. */
static void send_by_child(struct talk *t, struct cli_submission *s)
{
    pid_t child;
    int   status = 0, done;

    fflush(t->out);
    child = fork();
    if (child < 0) {
        say(t, "451 4.3.0 The system has no process to spare");
        return;
    }
    if (child == 0) {
        done = cli_submission_send(s);
        answer(t, s->job, done);
        cli_session_end(s->job);
        _exit(done);
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (!WIFEXITED(status))
        say(t, "451 4.3.0 The process that sends was ended");
}

static void data(struct talk *t)
{
    static struct cli_job job;
    struct cli_submission s = *t->defaults;
    struct cli_input_lines in;
    int failed;

    if (t->to.count == 0) {
        say(t, t->sender == NULL ? "503 5.5.1 MAIL comes first"
                                 : "503 5.5.1 There is no recipient");
        return;
    }
    say(t, "354 Go on; a line of one dot ends it");
    fflush(t->out);
    memset(&job, 0, sizeof(job));
    job.options = t->defaults->job->options;
    job.outcome.start = cli_now();
    memset(&in, 0, sizeof(in));
    in.in = t->in;
    in.line_end = t->line_end;
    in.dot_ends = in.stuffed = 1;
    s.job = &job;
    s.to = t->to;
    s.sender = t->sender;
    s.all_or_nothing = 1;      /* one answer must do for all of them */
    failed = cli_submission_read(&s, &in);
    cli_input_lines_drain(&in); /* no text may be taken for commands */
    if (in.cut_off)
        t->cut_off = t->quit = 1;
    else if (failed != 0)
        answer(t, &job, failed);
    else
        send_by_child(t, &s);
    cli_header_free(&s.header);
    cli_finished_close(&job.outgoing.finished);
    forget(t);
}

/* ---- all of it ---- */

static void command(struct talk *t, char *line)
{
    char *text = line + strcspn(line, " ");

    if (*text != '\0')
        *text++ = '\0';
    if (strcasecmp(line, "EHLO") == 0 || strcasecmp(line, "HELO") == 0)
        hello(t, (line[0] | 32) == 'e');
    else if (strcasecmp(line, "MAIL") == 0)
        mail(t, text);
    else if (strcasecmp(line, "RCPT") == 0)
        rcpt(t, text);
    else if (strcasecmp(line, "DATA") == 0)
        data(t);
    else if (strcasecmp(line, "NOOP") == 0)
        say(t, "250 2.0.0 Ok");
    else if (strcasecmp(line, "VRFY") == 0)
        say(t, "252 2.0.0 Send a mail and see");
    else if (strcasecmp(line, "RSET") == 0) {
        forget(t);
        say(t, "250 2.0.0 Ok");
    } else if (strcasecmp(line, "QUIT") == 0) {
        t->quit = 1;
        say(t, "221 2.0.0 Bye");
    } else
        say(t, "502 5.5.1 Not known here");
}

enum { AT_END, FINE, TOO_LONG, ODD };

/* Reads a line of len octets at most, and takes its end off.  ODD: there is a
 * control character in it, such as a CR or an LF that is no line end. */
static int read_command(struct talk *t, char *line, size_t len)
{
    size_t n = 0;
    int c, before = ' ', odd = 0;

    while ((c = getc(t->in)) != EOF
           && (c != '\n' || (t->line_end == CLI_CRLF_END && before != '\r'))) {
        odd |= before < ' ' || before == 0x7F;
        before = c;
        line[n] = (char)c;
        n += n < len;
    }
    if (c == EOF)
        return AT_END;
    if (t->line_end == CLI_ANY_END)
        t->line_end = before == '\r' ? CLI_CRLF_END : CLI_LF_END;
    odd |= before != '\r' && (before < ' ' || before == 0x7F);
    if (n == len)
        return TOO_LONG;
    line[n - (before == '\r')] = '\0';
    return odd ? ODD : FINE;
}

static void obey(struct talk *t)
{
    char line[LINE_MAX_OCTETS + 1];

    switch (read_command(t, line, LINE_MAX_OCTETS)) {
    case FINE:
        command(t, line);
        break;
    case TOO_LONG:
        say(t, "500 5.5.2 The line is too long");
        break;
    case ODD:
        say(t, "500 5.5.2 A control character in a command");
        break;
    default:
        t->quit = 1;
    }
}

int cli_smtp_stdin(const struct cli_submission *defaults, FILE *in, FILE *out)
{
    struct talk t;

    memset(&t, 0, sizeof(t));
    t.defaults = defaults;
    t.in = in;
    t.out = out;
    t.host = cli_hostname(0);
    if (t.host == NULL)
        return EX_OSERR;
    fprintf(out, "220 %s ESMTP\r\n", t.host);
    while (!t.quit) {
        fflush(out);
        obey(&t);
    }
    fflush(out);
    forget(&t);
    free(t.host);
    return t.cut_off ? EX_NOINPUT : EX_OK;
}
