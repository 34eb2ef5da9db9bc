/* overlap.h - what may follow an end of data before its reply. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_OVERLAP_H
#define DUVA_OVERLAP_H

#include "duva/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

#if !DUVA_SMALL
/* May commands follow an end of data before its reply?  RFC 2920 allows it; but
 * some servers drop them, or answer 503.  A session that has not been told
 * finds out: its first mail goes alone, and in the write that has the end of
 * data of one that follows goes one MAIL, on trial, with nothing behind it.
 * Accepted, it shows that the server can take it; rejected or not, the trial is
 * no verdict on its mail, which is sent when the one before it is over.  A
 * reply that its command cannot have earned ends the session as ERR_PROTOCOL,
 * OUT_OF_STEP. */
typedef enum duva_overlap {
    DUVA_OVERLAP_UNTRIED,
    DUVA_OVERLAP_SHOWN,        /* the server took it: as config.window allows */
    DUVA_OVERLAP_NEVER         /* it does not, or must not be asked */
} duva_overlap;

/* What this session knows of it, and, any time, what it is told: by somebody
 * who has other sessions with the server.  ERR_ARG: not a duva_overlap. */
duva_overlap duva_overlap_get(const duva_engine *e);
int          duva_overlap_set(duva_engine *e, duva_overlap overlap);

/* 1: the reply that is awaited is that to a trial.  A server that dropped it
 * never sends one, so duva_timeout_ms() is 5 seconds at the most; a caller that
 * knows the time of a round trip need not wait that long. */
int duva_is_trial(const duva_engine *e);
#endif

#ifdef __cplusplus
}
#endif
#endif
