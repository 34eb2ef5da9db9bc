/* overlap.h - commands that follow an end of data before its reply. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_OVERLAP_H
#define DUVA_OVERLAP_H

#include "duva/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

#if DUVA_WITH_PIPELINING
/* May commands follow an end of data before its reply?  RFC 2920 3.1 allows it,
 * but some servers drop them or reply 503.  So a session in state UNTRIED makes
 * a trial: its first mail goes alone; the write with the end of data of a later
 * one has one MAIL after it, and nothing behind that.  If this MAIL is
 * accepted, the state is SHOWN.  If it is rejected, its mail has no verdict by
 * that, and MAIL is sent again when the mail before is over.  A reply that its
 * command cannot cause ends the session with ERR_PROTOCOL, OUT_OF_STEP. */
typedef enum duva_overlap {
    DUVA_OVERLAP_UNTRIED,
    DUVA_OVERLAP_SHOWN,        /* allowed, as far as config.window does */
    DUVA_OVERLAP_NEVER         /* not allowed, and no trial */
} duva_overlap;

/* The state of this session.  It may be set at any time, to what another
 * session with the server has found.  ERR_ARG: not a duva_overlap. */
duva_overlap duva_overlap_get(const duva_engine *e);
int          duva_overlap_set(duva_engine *e, duva_overlap overlap);

/* 1: the next reply is that to a trial.  A server that dropped the trial never
 * replies, so duva_timeout_ms() is 5 seconds at most; a caller that knows the
 * round-trip time may wait less. */
int duva_is_trial(const duva_engine *e);
#endif

#ifdef __cplusplus
}
#endif
#endif
