/* queue.h - the mails of a route: which is next, and what becomes of it. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_UV_QUEUE_H
#define DUVA_UV_QUEUE_H

#include "types.h"

/* The queue of a route, which is made when there is none.  NULL: there is no
 * memory. */
struct queue *duva__queue_of(duva_pool *pool, duva_pool_route *route);
void duva__queue_free(struct queue *queue);

void duva__queue_add(struct queue *queue, duva_pool_mail *m);
/* May a mail begin now?  If not, the alarm is set for when it may. */
int duva__queue_may_begin(struct queue *queue);
/* The next mail for a session, or NULL. */
duva_pool_mail *duva__queue_take(const struct session *s);
int duva__queue_has(const struct session *s);
/* Does a mail wait for a newer connection, and there is no place for one? */
int duva__queue_needs_place(const struct queue *queue);
/* Empties the queue. */
struct mails duva__queue_take_all(struct queue *queue);

/* Reports a mail that waits as not sent. */
void duva__pool_refuse(duva_pool *pool, duva_pool_mail *m, duva_err err,
                       int cause);
/* A session returns a mail that has a verdict.  What is_no_verdict is about the
 * connection: once, the mail goes on a new one without a try. */
void duva__queue_return(struct queue *queue, duva_pool_mail *m,
                        int is_no_verdict);
/* A session has failed; it had not begun a mail if !ready. */
void duva__queue_failed(struct queue *queue, const duva_result *why, int ready);
/* Does that when the look-up of the endpoint has failed since the last call. */
void duva__queue_handle_look_up(struct queue *queue);

#endif
