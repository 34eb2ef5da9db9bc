/* extras.c - turns the fields of extras.h into parameters of MAIL and RCPT. */
/* SPDX-License-Identifier: MIT */
/*
 * Each extension is a block: what it takes, what is not valid, how it is said.
 * The engine reaches them through the field ops of the extras, so that a
 * program without extras has none.
 */
#include "duva/extras.h"

#include "command.h"
#include "dsn.h"
#include "params.h"
#include "syntax/date.h"
#include "syntax/letters.h"

#include <string.h>

#if DUVA__EXTRAS

#if DUVA_WITH_DELIVERBY || DUVA_WITH_FUTURERELEASE
#define NUMBER_MAX INT32_C(999999999) /* RFC 2852 4, RFC 4865 4 */
#endif

#if DUVA_WITH_DELIVERBY
/* ---- DELIVERBY: RFC 2852 ---- */

static duva_reason check_by(const duva_mail_extras *x)
{
    int good;

    if (x->by_mode == 0)
        good = x->by == 0 && x->by_trace == 0;
    else
        good = x->by_mode <= DUVA_BY_NOTIFY && x->by <= NUMBER_MAX
               && x->by >= (x->by_mode == DUVA_BY_RETURN ? 1 : -NUMBER_MAX);
    return good ? DUVA_REASON_NONE : DUVA_REASON_BY;
}

static int has_by(const duva_mail_extras *x)
{
    return x->by_mode != 0;
}

static int is_by_beyond(const duva_caps *caps, const duva_mail_extras *x)
{
    return x->by_mode == DUVA_BY_RETURN && (uint32_t)x->by < caps->by_min;
}

static void put_by(duva_engine *e, const duva_mail_extras *x)
{
    duva__put_number(e, x->by < 0 ? " BY=-%" : " BY=%",
               (uint32_t)(x->by < 0 ? -x->by : x->by));
    duva__put(e, x->by_mode == DUVA_BY_RETURN ? ";R" : ";N", NULL);
    if (x->by_trace)
        duva__put(e, "T", NULL);
}

static const struct duva__of_mail deliverby = {
    DUVA_CAP_DELIVERBY, check_by, has_by,
    is_by_beyond, put_by
};
#endif

#if DUVA_WITH_FUTURERELEASE
/* ---- FUTURERELEASE: RFC 4865 ---- */

static uint64_t date_of(const char *text)
{
    return duva__date(text, strlen(text));
}

static duva_reason check_hold(const duva_mail_extras *x)
{
    const int good = x->hold_until == NULL
                         ? x->hold_for <= NUMBER_MAX
                         : x->hold_for == 0 && date_of(x->hold_until) > 0;

    return good ? DUVA_REASON_NONE : DUVA_REASON_HOLD;
}

static int has_hold(const duva_mail_extras *x)
{
    return x->hold_for != 0 || x->hold_until != NULL;
}

static int is_hold_beyond(const duva_caps *caps, const duva_mail_extras *x)
{
    return (caps->hold_max > 0 && x->hold_for > caps->hold_max)
           || (caps->hold_until > 0 && x->hold_until != NULL
               && date_of(x->hold_until) > caps->hold_until);
}

static void put_hold(duva_engine *e, const duva_mail_extras *x)
{
    if (x->hold_for != 0)
        duva__put_number(e, " HOLDFOR=%", x->hold_for);
    if (x->hold_until != NULL)
        duva__put(e, " HOLDUNTIL=%", x->hold_until);
}

static const struct duva__of_mail futurerelease = {
    DUVA_CAP_FUTURERELEASE, check_hold, has_hold,
    is_hold_beyond, put_hold
};
#endif

#if DUVA_WITH_MT_PRIORITY
/* ---- MT-PRIORITY: RFC 6710 ---- */

static duva_reason check_priority(const duva_mail_extras *x)
{
    return x->priority != 0 && (x->priority < DUVA_PRIORITY(-9)
                                || x->priority > DUVA_PRIORITY(9))
               ? DUVA_REASON_PRIORITY
               : DUVA_REASON_NONE;
}

static int has_priority(const duva_mail_extras *x)
{
    return x->priority != 0;
}

static void put_priority(duva_engine *e, const duva_mail_extras *x)
{
    const int priority = x->priority - DUVA_PRIORITY(0);

    duva__put_number(e, priority < 0 ? " MT-PRIORITY=-%" : " MT-PRIORITY=%",
                     (uint32_t)(priority < 0 ? -priority : priority));
}

static const struct duva__of_mail mt_priority = {
    DUVA_CAP_MT_PRIORITY, check_priority, has_priority,
    NULL, put_priority
};
#endif

#if DUVA_WITH_SUBMITTER
/* ---- AUTH: RFC 4954 5 ---- */

static duva_reason check_submitter(const duva_mail_extras *x)
{
    return x->auth != NULL && *x->auth != '\0'
                   && duva_address_check(x->auth) != DUVA_REASON_NONE
               ? DUVA_REASON_AUTH
               : DUVA_REASON_NONE;
}

static int has_submitter(const duva_mail_extras *x)
{
    return x->auth != NULL;
}

static void put_submitter(duva_engine *e, const duva_mail_extras *x)
{
    if (*x->auth == '\0')
        duva__put(e, " AUTH=<>", NULL);
    else
        duva__put_xtext(e, " AUTH=", x->auth);
}

static const struct duva__of_mail submitter = {
    DUVA_CAP_AUTH, check_submitter, has_submitter,
    NULL, put_submitter
};
#endif

#if DUVA_WITH_NO_SOLICITING
/* ---- NO-SOLICITING: RFC 3865 ---- */

/* RFC 3865 2.1: words with commas between, each begins with a letter. */
static int is_solicitation(const char *text)
{
    int first = 1;

    for (; *text != '\0'; text++) {
        if (first ? !duva__is_letter(*text)
                  : !duva__is_letter(*text) && !duva__is_digit(*text)
                        && strchr(",.-_:", *text) == NULL)
            return 0;
        first = *text == ',';
    }
    return !first;
}

static duva_reason check_solicit(const duva_mail_extras *x)
{
    return x->solicit != NULL && !is_solicitation(x->solicit)
               ? DUVA_REASON_SOLICIT
               : DUVA_REASON_NONE;
}

static int has_solicit(const duva_mail_extras *x)
{
    return x->solicit != NULL;
}

static void put_solicit(duva_engine *e, const duva_mail_extras *x)
{
    duva__put(e, " SOLICIT=%", x->solicit);
}

static const struct duva__of_mail no_soliciting = {
    DUVA_CAP_NO_SOLICITING, check_solicit, has_solicit,
    NULL, put_solicit
};
#endif

#if DUVA_WITH_BURL
/* ---- BURL: RFC 4468; a command in place of DATA, and no parameter ---- */

/* RFC 4468 4, as far as a command cares: a scheme, and no octet that would need
 * an escape. */
static int is_url(const char *text)
{
    const char *at = text;

    while (duva__is_letter(*at))
        at++;
    if (at == text || *at != ':')
        return 0;
    while (*at > ' ' && *at < 0x7F)
        at++;
    return *at == '\0';
}

static duva_reason check_burl(const duva_mail_extras *x)
{
    return x->burl != NULL && !is_url(x->burl) ? DUVA_REASON_BURL
                                               : DUVA_REASON_NONE;
}

static int has_burl(const duva_mail_extras *x)
{
    return x->burl != NULL;
}

static void put_nothing(duva_engine *e, const duva_mail_extras *x)
{
    (void)e;
    (void)x;
}

static const struct duva__of_mail burl = {
    DUVA_CAP_BURL, check_burl, has_burl,
    NULL, put_nothing
};
#endif

#if DUVA_WITH_RRVS
/* ---- RRVS: RFC 7293 ---- */

static duva_reason check_rrvs(const duva_rcpt_extras *x)
{
    return (x->rrvs == NULL && x->rrvs_continue)
                   || (x->rrvs != NULL
                       && duva__date(x->rrvs, strlen(x->rrvs)) == 0)
               ? DUVA_REASON_RRVS
               : DUVA_REASON_NONE;
}

static int has_rrvs(const duva_rcpt_extras *x)
{
    return x->rrvs != NULL;
}

static void put_rrvs(duva_engine *e, const duva_rcpt_extras *x)
{
    duva__put(e, x->rrvs_continue ? " RRVS=%;C" : " RRVS=%", x->rrvs);
}

static const struct duva__of_rcpt rrvs = {
    DUVA_CAP_RRVS, check_rrvs, has_rrvs, put_rrvs
};
#endif

#if DUVA_WITH_PARAMS
/* ---- those that have no field ---- */

/* The names that have fields of their own. */
static const char typed[] =
    "SIZE\0BODY\0SMTPUTF8\0REQUIRETLS\0ENVID\0RET\0BY\0HOLDFOR\0HOLDUNTIL\0"
    "MT-PRIORITY\0AUTH\0SOLICIT\0NOTIFY\0ORCPT\0RRVS\0";

static int is_typed(const char *name)
{
    const char *other;

    for (other = typed; *other != '\0'; other += strlen(other) + 1)
        if (duva__is_same_word(name, other))
            return 1;
    return 0;
}

/* RFC 5321 4.1.2: esmtp-keyword. */
static int is_keyword(const char *name)
{
    const char *at = name;

    while (duva__is_letter(*at) || duva__is_digit(*at)
           || (*at == '-' && at > name))
        at++;
    return at > name && *at == '\0';
}

static int are_params(const duva_param *p, size_t count)
{
    if (p == NULL && count > 0)
        return 0;
    for (; count > 0; count--, p++)
        if (p->name == NULL || !is_keyword(p->name) || is_typed(p->name)
            || (p->value != NULL && *p->value == '\0'))
            return 0;
    return 1;
}

static duva_reason check_params(const duva_mail_extras *x)
{
    return are_params(x->param, x->param_count) ? DUVA_REASON_NONE
                                                : DUVA_REASON_PARAM;
}

static int has_params(const duva_mail_extras *x)
{
    return x->param_count > 0;
}

static duva_reason check_rcpt_params(const duva_rcpt_extras *x)
{
    return are_params(x->param, x->param_count) ? DUVA_REASON_NONE
                                                : DUVA_REASON_PARAM;
}

static int has_rcpt_params(const duva_rcpt_extras *x)
{
    return x->param_count > 0;
}

static void put_list(duva_engine *e, const duva_param *p, size_t count)
{
    for (; count > 0; count--, p++) {
        duva__put(e, " %", p->name);
        if (p->value != NULL)
            duva__put_xtext(e, "=", p->value);
    }
}

static void put_params(duva_engine *e, const duva_mail_extras *x)
{
    put_list(e, x->param, x->param_count);
}

static const struct duva__of_mail params = {
    0, check_params, has_params, NULL, put_params
};

static void put_rcpt_params(duva_engine *e, const duva_rcpt_extras *x)
{
    put_list(e, x->param, x->param_count);
}

static const struct duva__of_rcpt rcpt_params = {
    0, check_rcpt_params, has_rcpt_params, put_rcpt_params
};
#endif

/* ---- all of them, in the order in which they are said ---- */

static const struct duva__of_mail *const of_mail[] = {
#if DUVA_WITH_DSN
    &duva__dsn_of_mail,
#endif
#if DUVA_WITH_DELIVERBY
    &deliverby,
#endif
#if DUVA_WITH_FUTURERELEASE
    &futurerelease,
#endif
#if DUVA_WITH_MT_PRIORITY
    &mt_priority,
#endif
#if DUVA_WITH_SUBMITTER
    &submitter,
#endif
#if DUVA_WITH_NO_SOLICITING
    &no_soliciting,
#endif
#if DUVA_WITH_BURL
    &burl,
#endif
#if DUVA_WITH_PARAMS
    &params,
#endif
    NULL
};

static const struct duva__of_rcpt *const of_rcpt[] = {
#if DUVA_WITH_DSN
    &duva__dsn_of_rcpt,
#endif
#if DUVA_WITH_RRVS
    &rrvs,
#endif
#if DUVA_WITH_PARAMS
    &rcpt_params,
#endif
    NULL
};

static duva_reason check_mail(const duva_mail_extras *x, uint32_t *takes)
{
    duva_reason reason = DUVA_REASON_NONE;
    size_t      i;

    for (i = 0; of_mail[i] != NULL && reason == DUVA_REASON_NONE; i++) {
        reason = of_mail[i]->check(x);
        if (of_mail[i]->is_set(x))
            *takes |= of_mail[i]->cap;
    }
    return reason;
}

static uint32_t beyond(const duva_caps *caps, const duva_mail_extras *x)
{
    size_t i;

    for (i = 0; of_mail[i] != NULL; i++)
        if (of_mail[i]->is_beyond != NULL && of_mail[i]->is_beyond(caps, x))
            return of_mail[i]->cap;
    return 0;
}

static void put_mail(duva_engine *e, const duva_mail_extras *x)
{
    size_t i;

    for (i = 0; of_mail[i] != NULL; i++)
        if (of_mail[i]->is_set(x))
            of_mail[i]->put(e, x);
}

static duva_reason check_rcpt(const duva_rcpt_extras *x, uint32_t *takes)
{
    duva_reason reason = DUVA_REASON_NONE;
    size_t      i;

    for (i = 0; of_rcpt[i] != NULL && reason == DUVA_REASON_NONE; i++) {
        reason = of_rcpt[i]->check(x);
        if (of_rcpt[i]->is_set(x))
            *takes |= of_rcpt[i]->cap;
    }
    return reason;
}

static void put_rcpt(duva_engine *e, const duva_rcpt_extras *x)
{
    size_t i;

    for (i = 0; of_rcpt[i] != NULL; i++)
        if (of_rcpt[i]->is_set(x))
            of_rcpt[i]->put(e, x);
}

const struct duva_extras_ops duva_extras = {
    check_mail, beyond, put_mail, check_rcpt, put_rcpt
};

duva_reason duva_extras_check(const duva_mail *m, uint32_t offered,
                              uint32_t *where)
{
    if (m == NULL || where == NULL || (m->rcpt == NULL && m->rcpt_count > 0))
        return DUVA_REASON_MISSING;
    return duva__extras_check(m, offered, where);
}

#else
typedef int duva__no_extras;   /* a file must not be empty */
#endif
