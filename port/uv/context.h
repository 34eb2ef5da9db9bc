/* context.h - TLS adapters and mechanisms of connections, used again. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_UV_CONTEXT_H
#define DUVA_UV_CONTEXT_H

#include "types.h"

/* Sets s->context, if the route makes them: one that is free, or a new one.
 * DUVA_OK, or a duva_err. */
int  duva__context_take(struct session *s);
void duva__context_return(struct session *s);

void duva__contexts_free(struct queue *queue);

#endif
