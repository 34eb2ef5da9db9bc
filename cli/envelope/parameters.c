/* parameters.c - texts into parameters of MAIL and RCPT. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "envelope/parameters.h"

/* ---- texts into values ---- */

int cli_notify_parse(uint8_t *notify, const char *text)
{
    static const char *const name[] = { "success", "failure", "delay" };
    size_t len, i;

    *notify = 0;
    if (strcasecmp(text, "never") == 0) {
        *notify = DUVA_NOTIFY_NEVER;
        return 0;
    }
    for (;; text += len + 1) {
        len = strcspn(text, ",");
        for (i = 0; i < 3; i++)
            if (len == strlen(name[i])
                && strncasecmp(text, name[i], len) == 0)
                break;
        if (i == 3)
            return -1;
        *notify |= (uint8_t)(1u << i); /* in the order of DUVA_NOTIFY_* */
        if (text[len] == '\0')
            return 0;
    }
}

int cli_return_parse(uint8_t *ret, const char *text)
{
    if (strcasecmp(text, "full") == 0)
        *ret = DUVA_RET_FULL;
    else if (strcasecmp(text, "hdrs") == 0 || strcasecmp(text, "headers") == 0)
        *ret = DUVA_RET_HDRS;
    else
        return -1;
    return 0;
}

enum cli_pipelining cli_pipelining_parse(const char *text)
{
    static const char *const name[] = { "", "auto", "mail", "never" };
    size_t i;

    for (i = CLI_PIPELINING_AUTO; i <= CLI_PIPELINING_NEVER; i++)
        if (strcasecmp(text, name[i]) == 0)
            return (enum cli_pipelining)i;
    return CLI_PIPELINING_UNSAID;
}

/* NAME or NAME=TEXT behind those in *list. */
static const char *add_param(duva_param **list, size_t *count,
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

const char *cli_parameters_add_mail(struct cli_parameters *p, const char *text)
{
    const char *problem = add_param(&p->mail_param, &p->mail.param_count, text);

    p->mail.param = p->mail_param;
    return problem;
}

const char *cli_parameters_add_rcpt(struct cli_parameters *p, const char *text)
{
    const char *problem = add_param(&p->rcpt_param, &p->rcpt.param_count, text);

    p->rcpt.param = p->rcpt_param;
    return problem;
}

static void free_params(duva_param *param, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        free((void *)(uintptr_t)param[i].name);
    free(param);
}

void cli_parameters_init(struct cli_parameters *p)
{
    memset(p, 0, sizeof(*p));
    p->mail.ops = p->rcpt.ops = &duva_extras;
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
               "2026-12-24T18:00:00Z, and cannot be combined with --hold-for";
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
