/* context.c - TLS adapters and mechanisms of connections, used again. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "context.h"

#include <errno.h>
#include <stdlib.h>

int duva__context_take(struct session *s)
{
    struct queue *queue = s->queue;
    struct context *context = queue->contexts;
    int err;

    if (queue->route->make == NULL)
        return DUVA_OK;
    if (context != NULL) {
        queue->contexts = context->next;
        s->context = context;
        return DUVA_OK;
    }
    context = calloc(1, sizeof(*context));
    if (context == NULL) {
        s->link.link.cause = ENOMEM;
        return DUVA_ERR_RESOURCES;
    }
    err = queue->route->make(queue->route->ctx, &context->context);
    if (err != DUVA_OK) {
        free(context);
        return err;
    }
    s->context = context;
    return DUVA_OK;
}

void duva__context_return(struct session *s)
{
    if (s->context == NULL)
        return;
    s->context->next = s->queue->contexts;
    s->queue->contexts = s->context;
    s->context = NULL;
}

void duva__contexts_free(struct queue *queue)
{
    struct context *context;

    while ((context = queue->contexts) != NULL) {
        queue->contexts = context->next;
        if (queue->route->unmake != NULL)
            queue->route->unmake(queue->route->ctx, &context->context);
        free(context);
    }
}
