/* wire.c - plays the server of a script behind a link. */
/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <stdlib.h>
#include <string.h>

static const char bye[] = "421 4.4.2 goodbye\r\n";

duva_err fault_err(const struct fault *fault)
{
    static const duva_err err[FAULT_KINDS] = {
        DUVA_OK, DUVA_OK, DUVA_ERR_CLOSED, DUVA_ERR_CLOSED, DUVA_ERR_IO,
        DUVA_ERR_TIMEOUT, DUVA_ERR_CANCELLED, DUVA_OK
    };

    return fault->kind == CALL ? fault->err : err[fault->kind];
}

/* The item that is to happen now, or NULL at the end of the script. */
static const struct item *now(struct wire *w)
{
    const struct script *s = w->p->script;

    for (; w->at < s->item_count; w->at++) {
        const struct item *it = &s->item[w->at];

        if (it->kind == BLOCKED)
            w->blocked = 1;
        else if (it->kind < THEN_MAIL && !(it->kind == WAIT && it->ms == 0))
            return it;
    }
    return NULL;
}

static int is_saying(const struct item *it)
{
    return it->kind == SERVER_SAYS || it->kind == CLIENT_SAYS
           || it->kind == CLIENT_MAY_SAY;
}

/* n octets of the present item are done; what comes from the other side next
 * has to be waited for. */
static void advance(struct wire *w, size_t n)
{
    const struct item *it = now(w), *next;

    w->fruitless = 0;
    w->done += n;
    if (is_saying(it) && w->done < it->text.len)
        return;
    w->done = 0;
    w->at++;
    next = now(w);
    if (next == NULL || next->kind != it->kind)
        w->ready = 0;
    if (it->kind == SERVER_SAYS && next != NULL && next->kind != SERVER_SAYS)
        w->blocked = 0;
}

/* Every call comes through here; less than 0: it fails. */
static int called(struct wire *w)
{
    const duva_err err = fault_err(&w->fault);

    w->calls++;
    if (w->closed)
        played_fail(w->p, 0, "the link is used after close");
    if (w->fault.kind == CALL && w->calls == w->fault.n)
        w->fired = 1;
    if (w->fault.kind == CUT && w->heard == w->fault.n)
        w->fired = 1;
    if (++w->fruitless > 1000) {
        played_fail(w->p, 0, "the client goes round in circles");
        return DUVA_ERR_IO;
    }
    w->link.cause = w->tls.link.cause = 5;
    return w->fired && w->fault.kind != CUT && w->fault.kind != GOODBYE
               ? (int)err
               : 0;
}

static int read_bye(struct wire *w, char *buf, size_t len)
{
    if (len > sizeof(bye) - 1 - w->bye)
        len = sizeof(bye) - 1 - w->bye;
    memcpy(buf, bye + w->bye, len);
    traffic_note(&w->traffic, 'S', buf, len);
    w->bye += len;
    return len > 0 ? (int)len : DUVA_ERR_CLOSED;
}

static int wire_read(duva_link *l, void *buf, size_t len)
{
    struct wire       *w = (struct wire *)l;
    const int          err = called(w);
    const struct item *it = now(w);

    if (err < 0)
        return err;
    if (w->fired)
        return w->fault.kind == GOODBYE ? read_bye(w, buf, len)
                                        : DUVA_ERR_CLOSED;
    if (it != NULL && it->kind == HANGUP)
        return DUVA_ERR_CLOSED;
    if (it != NULL && it->kind == LINK_FAILS)
        return DUVA_ERR_IO;
    if (it == NULL || it->kind != SERVER_SAYS
        || (!w->ready && duva_next(w->engine) != DUVA_IDLE))
        return 0;
    if (len > it->text.len - w->done)
        len = it->text.len - w->done;
    if (w->fault.kind == CUT && len > w->fault.n - w->heard)
        len = w->fault.n - w->heard;
    if (w->fault.kind == ONES) {
        len = 1;
        w->ready = 0;
    }
    memcpy(buf, it->text.data + w->done, len);
    traffic_note(&w->traffic, 'S', buf, len);
    w->heard += len;
    advance(w, len);
    return (int)len;
}

static int wire_write(duva_link *l, const void *buf, size_t len)
{
    struct wire       *w = (struct wire *)l;
    const int          err = called(w);
    const struct item *it = now(w);

    if (duva_next(w->engine) == DUVA_CLOSED)
        played_fail(w->p, 0, "the client writes after the end");
    if (err < 0 || (w->fired && w->fault.kind == GOODBYE))
        return fault_err(&w->fault);
    if (it == NULL || (it->kind != CLIENT_SAYS && it->kind != CLIENT_MAY_SAY)) {
        w->raced |= !w->blocked;
        return 0;
    }
    if (w->fault.kind == ONES && !w->ready)
        return 0;
    w->ready = 0;
    if (len > it->text.len - w->done)
        len = it->text.len - w->done;
    if (w->fault.kind == ONES)
        len = 1;
    if (w->fault.kind == HANGUP_AT || w->fault.kind == GOODBYE) {
        if (len > w->fault.n - w->said)
            len = w->fault.n - w->said;
        w->fired = w->said + len == w->fault.n;
        if (len == 0)
            return fault_err(&w->fault);
    }
    if (memcmp(buf, it->text.data + w->done, len) != 0)
        played_fail(w->p, it->line, "the client says \"%s\", expected \"%s\"",
                    shown(buf, len), shown(it->text.data, it->text.len));
    traffic_note(&w->traffic, 'C', buf, len);
    w->said += len;
    advance(w, len);
    return (int)len;
}

static int waits_in_vain(struct wire *w, const struct item *it, uint32_t ms)
{
    if (w->fault.kind == NO_FAULT && !w->raced)
        played_fail(w->p, it != NULL ? it->line : 0,
                    "the client waits %lu ms for nothing", (unsigned long)ms);
    return 0;
}

static int wire_wait(duva_link *l, unsigned can, uint32_t ms)
{
    struct wire       *w = (struct wire *)l;
    const int          err = called(w);
    const struct item *it;

    w->waits++;
    if (err < 0)
        return err;
    if ((w->fault.kind == TIMEOUT_AT || w->fault.kind == CANCEL_AT)
        && w->waits == w->fault.n) {
        w->fired = 1;
        return w->fault.kind == TIMEOUT_AT ? 0 : DUVA_ERR_CANCELLED;
    }
    while ((it = now(w)) != NULL && it->kind == WAIT) {
        if (it->ms != ms && !w->raced)
            played_fail(w->p, it->line, "the client waits %lu ms, expected %lu",
                        (unsigned long)ms, (unsigned long)it->ms);
        advance(w, 0);
    }
    w->ready = 1;
    if (w->fired)
        return DUVA_CAN_READ;
    if (it == NULL)
        return waits_in_vain(w, it, ms);
    if (it->kind == TIMEOUT) {
        if (it->ms != ms && !w->raced)
            played_fail(w->p, it->line, "the client waits %lu ms, expected %lu",
                        (unsigned long)ms, (unsigned long)it->ms);
        return 0;
    }
    if (it->kind == CANCEL)
        return DUVA_ERR_CANCELLED;
    if (it->kind == CLIENT_SAYS || it->kind == CLIENT_MAY_SAY)
        return can & DUVA_CAN_WRITE ? DUVA_CAN_WRITE
                                    : waits_in_vain(w, it, ms);
    return (int)can;
}

static void wire_close(duva_link *l)
{
    struct wire *w = (struct wire *)l;

    if (w->closed)
        played_fail(w->p, 0, "the link is closed twice");
    w->closed = 1;
}

/* ---- TLS: the same wire, with a handshake where the script says so ---- */

static struct wire *below(duva_link *l)
{
    return (struct wire *)((char *)l - offsetof(struct wire, tls));
}

static int tls_read(duva_link *l, void *buf, size_t len)
{
    return wire_read(&below(l)->link, buf, len);
}

static int tls_write(duva_link *l, const void *buf, size_t len)
{
    return wire_write(&below(l)->link, buf, len);
}

static int tls_wait(duva_link *l, unsigned can, uint32_t ms)
{
    return wire_wait(&below(l)->link, can, ms);
}

static void tls_close(duva_link *l)
{
    wire_close(&below(l)->link);
}

static int handshake(duva_tls *t, duva_link *under, const char *host,
                     duva_tls_info *info)
{
    struct wire       *w = below(&t->link);
    const int          err = called(w);
    const struct item *it = now(w);

    if (under != &w->link || strcmp(host, "mx.example") != 0)
        played_fail(w->p, 0, "handshake with the wrong link or host");
    if (err < 0)
        return err;
    if (w->fired)
        return DUVA_ERR_CLOSED;
    t->want = DUVA_CAN_READ;
    if (it != NULL && it->kind == SERVER_SAYS) {
        w->raced = 1;          /* no handshake, but SMTP in the clear */
        return DUVA_ERR_TLS;
    }
    if (it != NULL && it->kind == TLS_FAILS)
        return DUVA_ERR_TLS;
    if (it != NULL && it->kind == HANGUP)
        return DUVA_ERR_CLOSED;
    if (it == NULL || (it->kind != TLS_DONE && it->kind != TLS_UNVERIFIED)
        || !w->ready)
        return 0;
    played_tls(w->p, info, it->kind == TLS_DONE);
    traffic_note(&w->traffic, 'T', "", 1);
    advance(w, 0);
    return 1;
}

void wire_begin(struct wire *w, struct played *p, const duva_engine *e,
                struct fault fault)
{
    static const duva_link_ops clear = {
        wire_read, wire_write, wire_wait, wire_close
    };
    static const duva_link_ops secured = {
        tls_read, tls_write, tls_wait, tls_close
    };
    struct traffic traffic = w->traffic;

    memset(w, 0, sizeof(*w));
    traffic_clear(&traffic);
    w->traffic = traffic;
    w->link.ops = &clear;
    w->tls.link.ops = &secured;
    w->tls.handshake = handshake;
    w->p = p;
    w->engine = e;
    w->fault = fault;
}
