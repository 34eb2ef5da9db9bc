/* match.c - brings the mails of a queue and connections together. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "match.h"

#include "destination.h"
#include "endpoint.h"
#include "loop.h"
#include "queue.h"
#include "session.h"

#include <string.h>

void duva__match_abort(struct queue *queue)
{
    struct mails all = duva__queue_take_all(queue);
    duva_pool_mail *m;

    if (queue->endpoint->looking_up)
        uv_cancel((uv_req_t *)&queue->endpoint->request);
    while ((m = duva__mails_take(&all)) != NULL)
        duva__pool_refuse(queue->pool, m, DUVA_ERR_CANCELLED, 0);
    while (queue->idle.next != &queue->idle)
        duva__session_abort((struct session *)queue->idle.next);
    while (queue->busy.next != &queue->busy)
        duva__session_abort((struct session *)queue->busy.next);
}

static void wake_idle(struct queue *queue)
{
    struct ring *r = queue->idle.next;

    while (r != &queue->idle && queue->length > 0
           && duva__queue_may_begin(queue))
        if (duva__queue_has((struct session *)r)) {
            duva__session_advance((struct session *)r);
            r = queue->idle.next;
        } else {
            r = r->next;
        }
}

/* Each session that is connecting will take one of those that wait. */
static int wants_more(const struct queue *queue)
{
    return queue->length > queue->connecting
           && !duva__destination_is_paused(queue);
}

static void open_session(struct queue *queue)
{
    duva_result why;
    int err;

    memset(&why, 0, sizeof(why));
    err = duva__session_open(queue, &why.cause);
    if (err == DUVA_OK) {
        duva__destination_opened(queue);
        return;
    }
    why.err = (duva_err)err;
    why.verdict = err == DUVA_ERR_ARG ? DUVA_REFUSED : DUVA_RETRY;
    duva__queue_failed(queue, &why, 0);
}

static void end_idle(struct queue *queue)
{
    while (queue->length == 0 && queue->idle.next != &queue->idle)
        duva__session_advance((struct session *)queue->idle.next);
}

/* Connection attempts that no mail needs are given up; an open connection is
 * ended by QUIT (RFC 5321 4.1.1.10). */
static void end_connecting(struct queue *queue)
{
    struct ring *r = queue->busy.next;

    while (queue->length == 0 && r != &queue->busy) {
        struct session *s = (struct session *)r;

        r = r->next;
        if (duva__session_is_connecting(s))
            duva__session_abort(s);
    }
}

/* Its place goes to this queue, which has no connection. */
static void end_idle_of_another(const struct queue *queue)
{
    struct session *idle = duva__destination_idle_session(queue);

    if (idle != NULL)
        duva__session_quit(idle);
}

void duva__match(struct queue *queue)
{
    duva__queue_handle_look_up(queue);
    wake_idle(queue);
    if (duva__queue_needs_place(queue) && queue->idle.next != &queue->idle)
        duva__session_quit((struct session *)queue->idle.next);
    while (wants_more(queue) && duva__destination_has_room(queue)
           && duva__destination_may_open(queue)
           && duva__endpoint_resolve(queue->endpoint, queue->route))
        open_session(queue); /* or there is a pause now */
    if (wants_more(queue) && !duva__destination_has_room(queue)
        && queue->sessions == 0)
        end_idle_of_another(queue);
    if (queue->length > 0)
        duva__queue_may_begin(queue);
    else if (duva__pool_stopped(queue->pool) != 0) {
        end_idle(queue);
        end_connecting(queue);
    }
}
