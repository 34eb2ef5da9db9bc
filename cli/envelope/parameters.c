/* parameters.c - texts of options into parameters of MAIL and RCPT. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "envelope/parameters.h"
#include "envelope/when.h"

const char cli_parameters_help[] =
    "  --notify WHEN,...        report success, failure, delay; never; off\n"
    "  --dsn-ret full|headers|off\n"
    "                           what a report returns of the message\n"
    "  --envid TEXT             what a report is to name the mail\n"
    "  --orcpt ADDRESS          whom it was addressed to at first\n"
    "  --deliver-by SECONDS[,notify][,trace]\n"
    "                           else return it, or notify\n"
    "  --hold-for SECONDS       deliver later, or\n"
    "  --hold-until DATE          not before 2026-12-24T18:00:00Z\n"
    "  --mt-priority N          from -9 to 9\n"
    "  --mail-auth ADDRESS      who submitted it; <> for nobody\n"
    "  --solicit KEYWORD,...    what it solicits\n"
    "  --rrvs DATE[,continue]   not if the mailbox has a new owner since\n"
    "  --mail-param NAME[=TEXT] any other parameter of MAIL, and\n"
    "  --rcpt-param NAME[=TEXT]   of RCPT; repeatable\n";

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

/* ---- one option ---- */

/* "off": nothing is asked of the server, whatever an account says. */
static const char *take_ret(struct cli_parameters *p, const char *text)
{
    p->ret_given = 1;
    p->mail.ret = strcmp(text, "full") == 0      ? DUVA_RET_FULL
                  : strcmp(text, "headers") == 0 ? DUVA_RET_HDRS
                                                 : 0;
    return p->mail.ret != 0 || strcmp(text, "off") == 0
               ? NULL
               : "it must be full, headers or off";
}

static const char *take_notify(struct cli_parameters *p, const char *text)
{
    static const char *const name[] = { "success", "failure", "delay",
                                        "never" };
    char piece[32];
    size_t i;

    p->notify_given = 1;
    p->rcpt.notify = 0;
    if (strcmp(text, "off") == 0)
        return NULL;
    while (text != NULL) {
        text = cut(piece, text);
        for (i = 0; i < 4 && strcmp(piece, name[i]) != 0; i++)
            ;
        if (i == 4)
            return "it must be success, failure and delay, with commas "
                   "between, or never, or off";
        p->rcpt.notify |= (uint8_t)(1u << i); /* in the order of the bits */
    }
    return p->rcpt.notify > DUVA_NOTIFY_NEVER ? "never stands alone" : NULL;
}

static const char *take_by(struct cli_parameters *p, const char *text)
{
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
            return "after the seconds may come ',notify' and ',trace'";
    }
    return p->mail.by_mode == DUVA_BY_RETURN && p->mail.by < 1
               ? "1 second is the least, but with ',notify'"
               : NULL;
}

static const char *take_hold_for(struct cli_parameters *p, const char *text)
{
    long seconds;

    if (take_number(text, 1, 999999999, &seconds) != 0)
        return "it is not a number of seconds from 1 to 999999999";
    p->mail.hold_for = (uint32_t)seconds;
    return NULL;
}

static const char *take_priority(struct cli_parameters *p, const char *text)
{
    long n;

    if (take_number(text, -9, 9, &n) != 0)
        return "it is not a number from -9 to 9";
    p->mail.priority = (int16_t)DUVA_PRIORITY(n);
    return NULL;
}

static const char *take_rrvs(struct cli_parameters *p, const char *text)
{
    const size_t n = strcspn(text, ",");

    if (n >= sizeof(p->since))
        return "it is no date like 2026-12-24T18:00:00Z";
    if (text[n] != '\0' && strcmp(text + n, ",continue") != 0)
        return "after the date may come ',continue'";
    memcpy(p->since, text, n);
    p->since[n] = '\0';
    p->rcpt.rrvs = p->since;
    p->rcpt.rrvs_continue = text[n] != '\0';
    return cli_date_check(p->since);
}

/* NAME or NAME=TEXT behind those in *list. */
static const char *take_param(duva_param **list, size_t *count,
                              const char *text)
{
    duva_param *more = realloc(*list, (*count + 1) * sizeof(*more));
    char *name = strdup(text);
    char *equal = name != NULL ? strchr(name, '=') : NULL;

    if (more != NULL)
        *list = more;
    if (more == NULL || name == NULL) {
        free(name);
        return "not enough memory";
    }
    if (equal != NULL)
        *equal++ = '\0';
    more[*count].name = name;
    more[*count].value = equal;
    ++*count;
    return NULL;
}

const char *cli_parameters_take(struct cli_parameters *p, int option,
                                const char *text)
{
    const char *problem;

    switch (option) {
    case CLI_PARAMETER_RET:
        return take_ret(p, text);
    case CLI_PARAMETER_ENVID:
        p->mail.envid = text;
        return NULL;
    case CLI_PARAMETER_NOTIFY:
        return take_notify(p, text);
    case CLI_PARAMETER_ORCPT:
        p->rcpt.orcpt = text;
        return NULL;
    case CLI_PARAMETER_BY:
        return take_by(p, text);
    case CLI_PARAMETER_HOLD_FOR:
        return take_hold_for(p, text);
    case CLI_PARAMETER_HOLD_UNTIL:
        p->mail.hold_until = text;
        return cli_date_check(text);
    case CLI_PARAMETER_PRIORITY:
        return take_priority(p, text);
    case CLI_PARAMETER_AUTH:
        p->mail.auth = strcmp(text, "<>") == 0 ? "" : text;
        return NULL;
    case CLI_PARAMETER_SOLICIT:
        p->mail.solicit = text;
        return NULL;
    case CLI_PARAMETER_RRVS:
        return take_rrvs(p, text);
    case CLI_PARAMETER_MAIL:
        problem = take_param(&p->mail_param, &p->mail.param_count, text);
        p->mail.param = p->mail_param;
        return problem;
    default:
        problem = take_param(&p->rcpt_param, &p->rcpt.param_count, text);
        p->rcpt.param = p->rcpt_param;
        return problem;
    }
}

static void free_params(duva_param *param, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        free((void *)(uintptr_t)param[i].name);
    free(param);
}

void cli_parameters_free(struct cli_parameters *p)
{
    free_params(p->mail_param, p->mail.param_count);
    free_params(p->rcpt_param, p->rcpt.param_count);
    memset(p, 0, sizeof(*p));
}

/* ---- all of them ---- */

void cli_parameters_apply(const struct cli_parameters *p, duva_mail *mail)
{
    size_t i;

    mail->extras = &p->mail;
    for (i = 0; i < mail->rcpt_count; i++)
        mail->rcpt[i].extras = &p->rcpt;
}

/* The option that says what cannot be said. */
static const char *complaint(duva_reason reason)
{
    switch (reason) {
    case DUVA_REASON_ENVID:
        return "--envid: it must be printable ASCII, 100 octets at most";
    case DUVA_REASON_BY:
        return "--deliver-by: there is no such deadline";
    case DUVA_REASON_HOLD:
        return "--hold-until: it must be a date in UTC like "
               "2026-12-24T18:00:00Z, and goes with no --hold-for";
    case DUVA_REASON_AUTH:
        return "--mail-auth: it must be an address, or <> for nobody";
    case DUVA_REASON_SOLICIT:
        return "--solicit: it must be keywords like org.example:ADV, with "
               "commas between";
    case DUVA_REASON_NOTIFY:
        return "--notify: it must be success, failure, delay, or never";
    case DUVA_REASON_ORCPT:
        return "--orcpt: it must be an address, printable, of 490 octets at "
               "most";
    case DUVA_REASON_RRVS:
        return "--rrvs: it must be a date in UTC like 2026-12-24T18:00:00Z";
    case DUVA_REASON_PARAM:
        return "--mail-param, --rcpt-param: a name must be letters, digits "
               "and hyphens, without an option of its own, and a text must "
               "not be empty";
    default:
        return duva_reason_text(reason);
    }
}

const char *cli_parameters_check(const duva_mail *mail, duva_reason *reason)
{
    duva_mail one = *mail;     /* all recipients share what is asked */
    uint32_t where;

    one.rcpt_count = 1;
    *reason = duva_extras_check(&one, UINT32_MAX, &where);
    return *reason != DUVA_REASON_NONE ? complaint(*reason) : NULL;
}

const char *cli_parameters_of(uint32_t cap)
{
    switch (cap) {
    case DUVA_CAP_DSN:
        return "--notify, --dsn-ret, --envid and --orcpt (an account's "
               "dsn_notify and dsn_return: --notify off, --dsn-ret off)";
    case DUVA_CAP_DELIVERBY:
        return "--deliver-by";
    case DUVA_CAP_FUTURERELEASE:
        return "--hold-for and --hold-until";
    case DUVA_CAP_MT_PRIORITY:
        return "--mt-priority";
    case DUVA_CAP_AUTH:
        return "--mail-auth";
    case DUVA_CAP_NO_SOLICITING:
        return "--solicit";
    case DUVA_CAP_RRVS:
        return "--rrvs";
    default:
        return NULL;
    }
}

/* ---- which of them a server may not like ---- */

#define LEAVE_OUT(options) \
    "it may not take a parameter that we add: leave " options " out"
#define SAY_OFF(option) \
    "it may not take a parameter that we add: say " option " off"

struct doubt {
    int         given;
    const char *text;
};

/* The one that is given; or that there are several; or NULL. */
static const char *doubt_in(const struct doubt *doubt, size_t count)
{
    const char *found = NULL;
    size_t i;

    for (i = 0; i < count; i++) {
        if (doubt[i].given && found != NULL)
            return "it may not take one of the parameters that we add: --trace "
                   "shows them; leave out the options that they are from";
        if (doubt[i].given)
            found = doubt[i].text;
    }
    return found;
}

static const char *doubt_of_mail(const duva_mail_extras *m)
{
    const struct doubt doubt[] = {
        { m->ret != 0, SAY_OFF("--dsn-ret") },
        { m->envid != NULL, LEAVE_OUT("--envid") },
        { m->by_mode != 0, LEAVE_OUT("--deliver-by") },
        { m->hold_for != 0, LEAVE_OUT("--hold-for") },
        { m->hold_until != NULL, LEAVE_OUT("--hold-until") },
        { m->priority != 0, LEAVE_OUT("--mt-priority") },
        { m->auth != NULL, LEAVE_OUT("--mail-auth") },
        { m->solicit != NULL, LEAVE_OUT("--solicit") },
        { m->param_count > 0, LEAVE_OUT("--mail-param") }
    };

    return doubt_in(doubt, sizeof(doubt) / sizeof(doubt[0]));
}

static const char *doubt_of_rcpt(const duva_rcpt_extras *r)
{
    const struct doubt doubt[] = {
        { r->notify != 0, SAY_OFF("--notify") },
        { r->orcpt != NULL, LEAVE_OUT("--orcpt") },
        { r->rrvs != NULL, LEAVE_OUT("--rrvs") },
        { r->param_count > 0, LEAVE_OUT("--rcpt-param") }
    };

    return doubt_in(doubt, sizeof(doubt) / sizeof(doubt[0]));
}

const char *cli_parameters_to_leave_out(const struct cli_parameters *p,
                                        duva_stage stage)
{
    return stage == DUVA_STAGE_MAIL   ? doubt_of_mail(&p->mail)
           : stage == DUVA_STAGE_RCPT ? doubt_of_rcpt(&p->rcpt)
                                      : NULL;
}
