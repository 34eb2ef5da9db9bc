/* client.c - turns an engine and a link into a mail sent. */
/* SPDX-License-Identifier: MIT */
#include "duva/client.h"

#include <limits.h>
#include <string.h>

int duva_memory_read(void *memory, void *buf, size_t len)
{
    duva_memory *m = memory;

    if (buf == NULL) {
        m->pos = 0;
        return 0;
    }
    if (m->pos > m->len)
        m->pos = m->len;
    if (len > m->len - m->pos)
        len = m->len - m->pos;
    if (len > INT_MAX)
        len = INT_MAX;
    if (len > 0)
        memcpy(buf, m->data + m->pos, len);
    m->pos += len;
    return (int)len;
}

int duva_client_init(duva_client *c, const duva_config *config, void *buf,
                     size_t len)
{
    if (c == NULL || config == NULL || c->link == NULL)
        return DUVA_ERR_ARG;
    if (config->tls != DUVA_TLS_NEVER && c->tls == NULL)
        return DUVA_ERR_ARG;
    memset(&c->secured, 0, sizeof(c->secured));
    c->job = c->job_end = NULL;
    c->mails = 0;
    return duva_init(&c->engine, config, buf, len);
}

/* Reads what is there, and returns what the link returned. */
static int hear(duva_client *c)
{
    char buf[DUVA_TEXT_SIZE];
    int  n = c->link->ops->read(c->link, buf, sizeof(buf));

    if (n > 0)
        duva_feed(&c->engine, buf, (size_t)n);
    return n;
}

/* A call of a link has failed.  TLS knows more than an error and a code. */
static void give_up(duva_client *c, int err, int32_t cause)
{
#if DUVA_WITH_TLS
    if (err == DUVA_ERR_TLS && c->tls != NULL) {
        duva_tls_failed(&c->engine, (duva_reason)c->tls->reason, cause);
        return;
    }
#endif
    duva_abort(&c->engine, (duva_err)err, cause);
}

static int listen(duva_client *c)
{
    const int n = hear(c);

    if (n < 0)
        give_up(c, n, c->link->cause);
    return n;
}

/* A link that cannot be written to is read: the server may have an answer, and
 * may be waiting for it to be taken. */
static int send_pending(duva_client *c)
{
    size_t      len;
    const void *data = duva_pending(&c->engine, &len);
    int32_t     cause;
    int         n;

    n = c->link->ops->write(c->link, data, len < INT_MAX ? len : INT_MAX);
    if (n > 0) {
        duva_sent(&c->engine, (size_t)n);
        return n;
    }
    if (n == 0) {
        c->want = DUVA_CAN_READ | DUVA_CAN_WRITE;
        return listen(c);
    }
    cause = c->link->cause;
    if (hear(c) <= 0)
        give_up(c, n, cause);
    return n;
}

#if DUVA_WITH_CHUNKING
/* Nobody looks at the octets: the link gets them from where they are. */
static int pass_by(duva_client *c, size_t len)
{
    const int     n = c->direct(c->source_ctx, c->link,
                                len < INT_MAX ? len : INT_MAX);
    const int32_t cause = c->link->cause;

    if (n > 0 && duva_body_directed(&c->engine, (size_t)n) != DUVA_OK)
        duva_abort(&c->engine, DUVA_ERR_BODY, 0);
    if (n < 0 && hear(c) <= 0)
        give_up(c, n, cause);
    if (n != 0)
        return 1;
    c->want = DUVA_CAN_READ | DUVA_CAN_WRITE;
    return listen(c);
}

/* How much of the message may go that way. */
static size_t direct_len(const duva_client *c)
{
    return c->direct != NULL && (c->tls == NULL || c->link != &c->tls->link)
               ? duva_body_direct(&c->engine)
               : 0;
}
#endif

static int fill_body(duva_client *c)
{
    size_t len;
    void  *room;
    int    n;

#if DUVA_WITH_CHUNKING
    len = direct_len(c);
    if (len > 0)
        return pass_by(c, len);
#endif
    room = duva_room(&c->engine, &len);
    if (len > INT_MAX)
        len = INT_MAX;
    n = c->source(c->source_ctx, room, len);
    if (n < 0)
        duva_abort(&c->engine, DUVA_ERR_BODY, n);
    else if (n == 0)
        duva_body_end(&c->engine);
    else if (duva_filled(&c->engine, (size_t)n) == DUVA_ERR_ARG)
        duva_abort(&c->engine, DUVA_ERR_BODY, 0);
    return 1;
}

#if DUVA_WITH_TLS
static int secure(duva_client *c)
{
    const int n = c->tls->handshake(c->tls, c->link, c->host, &c->secured);

    if (n == 0) {
        c->want = c->tls->want;
        return 0;
    }
    if (n < 0) {
        give_up(c, n, c->tls->link.cause);
        return 1;
    }
    c->link = &c->tls->link;
    duva_tls_done(&c->engine, &c->secured);
    return 1;
}
#endif

static void authenticate(duva_client *c)
{
    const uint32_t    offered = duva_server(&c->engine)->auth;
    duva_sasl *const *m = c->auth;

    if (m == NULL || *m == NULL) {
        duva_auth_skip(&c->engine);
        return;
    }
    while (*m != NULL
           && (!((*m)->bit & offered)
               || (((*m)->flags & DUVA_SASL_BINDS)
                   && c->secured.binding_type == NULL)))
        m++;
    duva_auth(&c->engine, *m != NULL ? *m : c->auth[0]);
}

void duva_mail_never_begun(duva_mail *mail, const duva_result *why)
{
    size_t i;

    mail->result = *why;
    for (i = 0; mail->rcpt != NULL && i < mail->rcpt_count; i++) {
        duva_rcpt *rcpt = &mail->rcpt[i];

        if (rcpt->verdict != DUVA_PENDING && rcpt->verdict != DUVA_RETRY)
            continue;
        rcpt->verdict = why->verdict;
        rcpt->status = why->status;
        if (rcpt->text != NULL && rcpt->text_size > 0) {
            rcpt->text[0] = '\0';
            strncat(rcpt->text, why->text, rcpt->text_size - 1);
        }
    }
}

/* Has the session had its share of mails? */
static int is_worn(const duva_client *c)
{
#if !DUVA_WITH_LIMITS
    (void)c;
    return 0;
#else
    const uint32_t most = duva_server(&c->engine)->mail_max;

    return most > 0 && c->mails >= most;
#endif
}

/* A message that cannot be made to fit is no mail for this server. */
static int unfit(duva_client *c, duva_mail *mail, duva_fit_fn *fit, void *ctx)
{
    int err;

    if (fit == NULL)
        return 0;
    memset(&mail->result, 0, sizeof(mail->result));
    err = fit(ctx, duva_server(&c->engine)->bits, mail);
    if (err >= 0)
        return 0;
    mail->result.verdict = DUVA_REFUSED;
    mail->result.err = (duva_err)err;
    return 1;
}

static int begin(duva_client *c, duva_mail *mail, duva_fit_fn *fit, void *ctx)
{
    duva_result why;

    if (!unfit(c, mail, fit, ctx)
        && duva_mail_start(&c->engine, mail) == DUVA_OK) {
        c->mails++;
        return 1;
    }
    why = mail->result;
    duva_mail_never_begun(mail, &why);
    return 0;
}

static duva_job *next_job(duva_client *c)
{
    if (c->more != NULL)
        return c->more(c->more_ctx);
    return c->job < c->job_end ? c->job++ : NULL;
}

/* The next mail follows those under way as soon as it may: before the octets
 * at hand are sent, so that it goes with them. */
static void start_jobs(duva_client *c)
{
    duva_job *job;

    while (duva_may_start(&c->engine)
           && (c->more != NULL || !is_worn(c))
           && (job = next_job(c)) != NULL) {
        if (!begin(c, &job->mail, job->fit, job->source_ctx))
            continue;
        c->source = job->source;
        c->source_ctx = job->source_ctx;
        c->direct = job->direct;
    }
}

int duva_step(duva_client *c)
{
    for (;;) {
        int moved = 1;

        start_jobs(c);
        switch (duva_next(&c->engine)) {
        case DUVA_SEND:
            moved = send_pending(c);
            break;
        case DUVA_RECV:
            c->want = DUVA_CAN_READ;
            moved = listen(c);
            break;
        case DUVA_BODY:
            moved = fill_body(c);
            break;
#if DUVA_WITH_TLS
        case DUVA_TLS:
            moved = secure(c);
            break;
#endif
        case DUVA_AUTH:
            if (c->ask_auth)
                return 1;
            authenticate(c);
            break;
        default:
            return 1;
        }
        if (!moved)
            return 0;
    }
}

int duva_run(duva_client *c)
{
    while (duva_step(c) == 0) {
        const uint32_t ms = duva_timeout_ms(&c->engine);
        const int      n = c->link->ops->wait(c->link, c->want, ms);

        if (n == 0)
            duva_abort(&c->engine, DUVA_ERR_TIMEOUT, 0);
        else if (n < 0)
            give_up(c, n, c->link->cause);
    }
    return duva_outcome(&c->engine)->err;
}

#if DUVA_WITH_RECIPIENTS
/* Does the text, whose end is a NUL, say it?  In any case. */
static int says_too_many(const char *text)
{
    static const char words[] = "too many recipients";
    size_t i;

    for (; text != NULL && *text != '\0'; text++) {
        for (i = 0; words[i] != '\0'; i++)
            if (text[i] == '\0' || (text[i] | 0x20) != words[i])
                break;
        if (words[i] == '\0')
            return 1;
    }
    return 0;
}

/* Has the transaction as many recipients as the server takes (RFC 5321
 * 4.5.3.1.10)?  It says so by X.5.3 of RFC 3463; without an enhanced code by
 * 452, 552 or 431, or by another code with words. */
static int is_too_many(const duva_rcpt *r)
{
    const duva_status *s = &r->status;

#if DUVA_WITH_ENHANCED
    if (s->enhanced[0] != 0)
        return s->enhanced[1] == 5 && s->enhanced[2] == 3;
#endif
    return s->code == 452 || s->code == 552 || s->code == 431
           || says_too_many(r->text);
}

/* Was it deferred, and not for what it is itself?  A mail for all or nobody
 * never is: it goes in one transaction. */
static int is_put_off(const duva_mail *mail, const duva_rcpt *r)
{
    const int accepted = mail->result.verdict == DUVA_ACCEPTED;

    if (r->verdict != DUVA_RETRY)
        return 0;
    if (r->status.code == 0)
        return mail->policy != DUVA_ALL_OR_NOTHING
               && (accepted || mail->result.status.stage == DUVA_STAGE_RCPT);
    return accepted && r->status.stage == DUVA_STAGE_RCPT
           && is_too_many(r);
}

/* How many recipients are to be sent to in another transaction. */
static size_t put_off(const duva_client *c, const duva_mail *mail)
{
    size_t i, n = 0;

    if (duva_next(&c->engine) != DUVA_IDLE || mail->rcpt == NULL)
        return 0;
    for (i = 0; i < mail->rcpt_count; i++)
        n += is_put_off(mail, &mail->rcpt[i]) ? 1u : 0u;
    return n;
}
#endif

/* The mail cannot begin: the session is over, or has had its share; or the
 * engine has no RSET for it. */
static void not_begun(duva_client *c, duva_mail *mail)
{
    duva_result why;

    if (duva_may_start(&c->engine)) {
        memset(&why, 0, sizeof(why));
        why.verdict = DUVA_RETRY;
        why.err = DUVA_ERR_UNSUPPORTED;
        why.reason = DUVA_REASON_OUT_OF_LIMITS;
        why.where = DUVA_CAP_LIMITS;
        why.status.stage = DUVA_STAGE_IDLE;
    } else {
        duva_outcome_for_others(&c->engine, &why);
        if (why.err == DUVA_OK) {
            why.err = DUVA_ERR_STATE;
            why.verdict = DUVA_RETRY;
        }
    }
    duva_mail_never_begun(mail, &why);
}

/* Whatever the server said while we were idle comes first: it may have closed
 * the session. */
static void catch_up(duva_client *c)
{
    duva_run(c);
    while (duva_next(&c->engine) == DUVA_IDLE && listen(c) != 0)
        ;
}

/* One transaction. */
static void send_once(duva_client *c, duva_mail *mail)
{
    catch_up(c);
    if (!duva_may_start(&c->engine) || is_worn(c))
        not_begun(c, mail);
    else if (begin(c, mail, c->fit, c->source_ctx))
        duva_run(c);
}

int duva_send_mails(duva_client *c, duva_job *job, size_t count)
{
    duva_direct_fn *direct;
    int    err = DUVA_OK;
    size_t i;

    if (c == NULL || (job == NULL && count > 0))
        return DUVA_ERR_ARG;
    for (i = 0; i < count; i++)
        if (job[i].source == NULL)
            return DUVA_ERR_ARG;
    catch_up(c);
    direct = c->direct;
    c->job = job;
    c->job_end = job + count;
    duva_run(c);
    c->direct = direct;        /* that of the last job knows its source only */
    for (; c->job < c->job_end; c->job++)
        not_begun(c, &c->job->mail);
    for (i = 0; i < count && err == DUVA_OK; i++)
        err = job[i].mail.result.err;
    return err;
}

#if DUVA_WITH_RECIPIENTS
/* Those whom the server put off.  A round in which it takes nobody is the
 * last, and does not undo that others were accepted. */
static void send_more(duva_client *c, duva_mail *mail)
{
    const duva_status  accepted = mail->result.status;
    const duva_verdict before = mail->result.verdict;

    if (c->source(c->source_ctx, NULL, 0) != 0)
        return;
    send_once(c, mail);
    if (mail->result.verdict == DUVA_ACCEPTED || before != DUVA_ACCEPTED)
        return;
    memset(&mail->result, 0, sizeof(mail->result));
    mail->result.verdict = DUVA_ACCEPTED;
    mail->result.status = accepted;
}

/* Sends again to the deferred recipients, as long as they become fewer. */
static void send_rest(duva_client *c, duva_mail *mail)
{
    size_t before = SIZE_MAX, left = put_off(c, mail);

    while (left > 0 && left < before) {
        before = left;
        send_more(c, mail);
        left = put_off(c, mail);
    }
}
#else
#define send_rest(c, mail) ((void)0)
#endif

int duva_send_mail(duva_client *c, duva_mail *mail, duva_source_fn *source,
                   void *source_ctx)
{
    if (c == NULL || mail == NULL || source == NULL)
        return DUVA_ERR_ARG;
    c->source = source;
    c->source_ctx = source_ctx;
    send_once(c, mail);
    send_rest(c, mail);
    return mail->result.err;
}

int duva_may_go_clear(const duva_client *c)
{
    const duva_result *r = duva_outcome(&c->engine);

    return duva_config_of(&c->engine)->tls == DUVA_TLS_IF_OFFERED
           && r->status.stage == DUVA_STAGE_TLS
           && (r->err == DUVA_ERR_CLOSED
               || (r->err == DUVA_ERR_TLS
                   && r->reason >= DUVA_REASON_HANDSHAKE
                   && r->reason < DUVA_REASON_CERT_UNTRUSTED));
}

#if DUVA_WITH_QUERIES
int duva_ask(duva_client *c, duva_query *q)
{
    int n;

    if (c == NULL || q == NULL)
        return DUVA_ERR_ARG;
    catch_up(c);
    n = duva_command(&c->engine, q);
    return n == DUVA_OK ? duva_run(c) : n;
}
#endif

int duva_close(duva_client *c)
{
    if (duva_quit(&c->engine) == DUVA_OK)
        duva_run(c);
    duva_abort(&c->engine, DUVA_ERR_CANCELLED, 0);
    if (c->tls != NULL && c->tls->under == c->link)
        c->link = &c->tls->link; /* a handshake was not finished */
    c->link->ops->close(c->link);
    return duva_outcome(&c->engine)->err;
}
