/* asks.c - turns what a script asks for into the fields of extras.h. */
/* SPDX-License-Identifier: MIT */
#include "reader.h"

#include <stdlib.h>
#include <string.h>

#if SCRIPT_EXTRAS

enum field {
    ENVID, RET, BY, HOLD_FOR, HOLD_UNTIL, PRIORITY, SUBMITTER, SOLICIT, BURL,
    PARAM, NOTIFY, ORCPT, RRVS
};

static const struct choice mail_fields[] = {
    { "envid", ENVID }, { "ret", RET }, { "by", BY },
    { "hold-for", HOLD_FOR }, { "hold-until", HOLD_UNTIL },
    { "priority", PRIORITY }, { "submitter", SUBMITTER },
    { "solicit", SOLICIT }, { "burl", BURL }, { "param", PARAM }, { NULL, 0 }
};

static const struct choice rcpt_fields[] = {
    { "notify", NOTIFY }, { "orcpt", ORCPT }, { "rrvs", RRVS },
    { "param", PARAM }, { NULL, 0 }
};

/* name=value, or a name alone. */
static const duva_param *add_param(struct reader *r, const duva_param *list,
                                   size_t *count, char *rest)
{
    duva_param *p = grow(r->s, (void *)(uintptr_t)list, *count, sizeof(*p));
    char       *equals = strchr(rest, '=');

    if (equals != NULL)
        *equals++ = '\0';
    p[*count].name = resolve_word(r, rest);
    p[*count].value = equals != NULL ? resolve_word(r, equals) : NULL;
    ++*count;
    return p;
}

static void set_by(struct reader *r, duva_mail_extras *x, char *rest)
{
    static const struct choice modes[] = {
        { "return", DUVA_BY_RETURN }, { "notify", DUVA_BY_NOTIFY },
        { "unknown", 3 }, { NULL, 0 }
    };

    x->by = (int32_t)strtol(take_word(&rest), NULL, 10);
    x->by_mode = (uint8_t)choose(r, modes, take_word(&rest));
    x->by_trace = strcmp(rest, "trace") == 0;
}

void ask_mail(struct reader *r, struct given_mail *m, char *rest)
{
    static const struct choice rets[] = {
        { "full", DUVA_RET_FULL }, { "hdrs", DUVA_RET_HDRS },
        { "unknown", 3 }, { NULL, 0 }
    };
    const enum field field = (enum field)choose(r, mail_fields,
                                                take_word(&rest));
    duva_mail_extras *x = m->asks;

    if (x == NULL)
        x = m->asks = script_alloc(r->s, sizeof(*x));
    x->ops = &duva_extras;
    if (field == ENVID)
        x->envid = resolve_word(r, rest);
    else if (field == RET)
        x->ret = (uint8_t)choose(r, rets, rest);
    else if (field == BY)
        set_by(r, x, rest);
    else if (field == HOLD_FOR)
        x->hold_for = (uint32_t)take_number(r, rest);
    else if (field == HOLD_UNTIL)
        x->hold_until = resolve_word(r, rest);
    else if (field == PRIORITY)
        x->priority = (int16_t)DUVA_PRIORITY(strtol(rest, NULL, 10));
    else if (field == SUBMITTER)
        x->auth = resolve_word(r, rest);
    else if (field == SOLICIT)
        x->solicit = resolve_word(r, rest);
    else if (field == BURL)
        x->burl = resolve_word(r, rest);
    else
        x->param = add_param(r, x->param, &x->param_count, rest);
}

void ask_rcpt(struct reader *r, struct given_mail *m, char *rest)
{
    static const struct choice when[] = {
        { "success", DUVA_NOTIFY_SUCCESS }, { "failure", DUVA_NOTIFY_FAILURE },
        { "delay", DUVA_NOTIFY_DELAY }, { "never", DUVA_NOTIFY_NEVER },
        { "unknown", 0x10 }, { NULL, 0 }
    };
    const enum field field = (enum field)choose(r, rcpt_fields,
                                                take_word(&rest));
    duva_rcpt_extras *x;

    if (m->to_count == 0) {
        complain(r, "this belongs below a \"to\"");
        return;
    }
    x = m->to_asks[m->to_count - 1];
    if (x == NULL)
        x = m->to_asks[m->to_count - 1] = script_alloc(r->s, sizeof(*x));
    x->ops = &duva_extras;
    if (field == PARAM) {
        x->param = add_param(r, x->param, &x->param_count, rest);
    } else if (field == ORCPT) {
        x->orcpt = resolve_word(r, rest);
    } else if (field == RRVS) {
        x->rrvs = resolve_word(r, take_word(&rest));
        x->rrvs_continue = strcmp(rest, "continue") == 0;
    } else {
        while (*rest != '\0')
            x->notify |= (uint8_t)choose(r, when, take_word(&rest));
    }
}

#else

/* Such a script is not played, but it is read. */
void ask_mail(struct reader *r, struct given_mail *m, char *rest)
{
    (void)rest;
    if (m->asks == NULL)
        m->asks = script_alloc(r->s, 1);
}

void ask_rcpt(struct reader *r, struct given_mail *m, char *rest)
{
    (void)rest;
    if (m->to_count > 0 && m->to_asks[m->to_count - 1] == NULL)
        m->to_asks[m->to_count - 1] = script_alloc(r->s, 1);
}
#endif
