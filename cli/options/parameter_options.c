/* parameter_options.c - the options for parameters of MAIL and RCPT. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "envelope/parameters.h"
#include "envelope/date.h"
#include "options/parameter_options.h"

/* ---- pieces of texts ---- */

static int take_number(const char *text, long low, long high, long *number)
{
    char *end;

    if (text[0] == '\0' || strchr(" \t+", text[0]) != NULL)
        return -1;
    errno = 0;
    *number = strtol(text, &end, 10);
    return *end == '\0' && errno == 0 && *number >= low && *number <= high
               ? 0
               : -1;
}

/* The text up to a comma into piece; returns what follows it, or NULL at the
 * end.  What does not fit is cut, and then no word that is known. */
static const char *cut(char piece[32], const char *text)
{
    const size_t n = strcspn(text, ",");
    const size_t len = n < 31 ? n : 31;

    memcpy(piece, text, len);
    piece[len] = '\0';
    return text[n] == ',' ? text + n + 1 : NULL;
}

/* ---- arguments that are more than a text ---- */

/* "off": nothing is asked of the server, whatever an account says. */
static const char *parse_ret(void *values, const char *text)
{
    struct cli_parameters *p = values;
    const int ret = cli_word_find("off full headers", text);

    p->ret_given = 1;
    p->mail.ret = (uint8_t)(ret > 0 ? ret : 0); /* in the order of DUVA_RET_* */
    return ret >= 0 ? NULL : "it must be full, headers or off";
}

static const char *parse_notify(void *values, const char *text)
{
    struct cli_parameters *p = values;

    p->notify_given = 1;
    p->rcpt.notify = 0;
    return strcmp(text, "off") == 0
                   || cli_notify_parse(&p->rcpt.notify, text) == 0
               ? NULL
               : "it must be success, failure and delay with commas between, "
                 "or never, or off";
}

static const char *parse_by(void *values, const char *text)
{
    struct cli_parameters *p = values;
    char piece[32];
    long seconds;

    text = cut(piece, text);
    if (take_number(piece, -999999999, 999999999, &seconds) != 0)
        return "it must begin with a number of seconds";
    p->mail.by = (int32_t)seconds;
    p->mail.by_mode = DUVA_BY_RETURN;
    p->mail.by_trace = 0;
    while (text != NULL) {
        text = cut(piece, text);
        if (strcmp(piece, "notify") == 0)
            p->mail.by_mode = DUVA_BY_NOTIFY;
        else if (strcmp(piece, "trace") == 0)
            p->mail.by_trace = 1;
        else
            return "only ',notify' and ',trace' may follow the seconds";
    }
    return p->mail.by_mode == DUVA_BY_RETURN && p->mail.by < 1
               ? "1 second is the least, except with ',notify'"
               : NULL;
}

static const char *parse_hold_until(void *values, const char *text)
{
    struct cli_parameters *p = values;

    p->mail.hold_until = text;
    return cli_date_check(text);
}

static const char *parse_priority(void *values, const char *text)
{
    struct cli_parameters *p = values;
    long n;

    if (take_number(text, -9, 9, &n) != 0)
        return "it must be a number from -9 to 9";
    p->mail.priority = (int16_t)DUVA_PRIORITY(n);
    return NULL;
}

static const char *parse_auth(void *values, const char *text)
{
    struct cli_parameters *p = values;

    p->mail.auth = strcmp(text, "<>") == 0 ? "" : text;
    return NULL;
}

static const char *parse_rrvs(void *values, const char *text)
{
    struct cli_parameters *p = values;
    const size_t n = strcspn(text, ",");

    if (n >= sizeof(p->since))
        return "it must be a date like 2026-12-24T18:00:00Z";
    if (text[n] != '\0' && strcmp(text + n, ",continue") != 0)
        return "only ',continue' may follow the date";
    memcpy(p->since, text, n);
    p->since[n] = '\0';
    p->rcpt.rrvs = p->since;
    p->rcpt.rrvs_continue = text[n] != '\0';
    return cli_date_check(p->since);
}

static const char *parse_mail_param(void *values, const char *text)
{
    return cli_parameters_add_mail(values, text);
}

static const char *parse_rcpt_param(void *values, const char *text)
{
    return cli_parameters_add_rcpt(values, text);
}

/* ---- the table ---- */

#define AT(field)   .place = offsetof(struct cli_parameters, field)
#define TEXT(field) .kind = CLI_OPTION_TEXT, AT(field)
#define PARSED(how) .kind = CLI_OPTION_PARSED, .parse = how

const struct cli_option cli_parameter_option[CLI_PARAMETER_OPTIONS] = {
    { "notify", PARSED(parse_notify), .argument = "WHEN,...",
      .help = "request reports: success, failure, delay; never; off" },
    { "dsn-ret", PARSED(parse_ret), .argument = "full|headers|off",
      .help = "how much of the message a report returns" },
    { "envid", TEXT(mail.envid), .argument = "TEXT",
      .help = "identifier of the mail in a report" },
    { "orcpt", TEXT(rcpt.orcpt), .argument = "ADDRESS",
      .help = "original recipient, for a report", .excludes = "merge" },
    { "deliver-by", PARSED(parse_by),
      .argument = "SECONDS[,notify][,trace]",
      .help = "return the mail, or notify, when it is later" },
    { "hold-for", .kind = CLI_OPTION_NUMBER, AT(mail.hold_for),
      .argument = "SECONDS", .low = 1, .high = 999999999, .unit = "seconds",
      .help = "deliver after this time", .excludes = "hold-until" },
    { "hold-until", PARSED(parse_hold_until), .argument = "DATE",
      .help = "deliver after 2026-12-24T18:00:00Z" },
    { "mt-priority", PARSED(parse_priority), .argument = "N",
      .help = "priority, from -9 to 9" },
    { "mail-auth", PARSED(parse_auth), .argument = "ADDRESS",
      .help = "who submitted the mail; <> for unknown" },
    { "solicit", TEXT(mail.solicit), .argument = "KEYWORD,...",
      .help = "solicitation class of the mail (RFC 3865)" },
    { "rrvs", PARSED(parse_rrvs), .argument = "DATE[,continue]",
      .help = "refuse it if the mailbox has a new owner since" },
    { "mail-param", PARSED(parse_mail_param), .argument = "NAME[=TEXT]",
      .help = "any other parameter of MAIL; repeatable" },
    { "rcpt-param", PARSED(parse_rcpt_param), .argument = "NAME[=TEXT]",
      .help = "any other parameter of RCPT; repeatable" }
};
