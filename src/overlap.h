/* overlap.h - commands that follow an end of data before its reply. */
/* SPDX-License-Identifier: MIT */
/*
 * RFC 2920 allows them, and some servers lose or misread them.  So the first
 * mail of a session goes alone; then one MAIL is sent that way and nothing
 * behind it, on trial; and when that was accepted the next mails follow as the
 * window allows.  A trial that is rejected says nothing about its mail: MAIL
 * is sent again when the mail before is over.
 */
#ifndef DUVA_SRC_OVERLAP_H
#define DUVA_SRC_OVERLAP_H

#include "duva/overlap.h"

#if !DUVA_WITH_PIPELINING
#define duva__hear_trial(e, good) 0
#define duva__is_out_of_step(e) 0
#define duva__overlap_failed(e, why) ((void)0)
#define duva_is_trial(e) 0
#define duva__may_overlap(e) 0
#else

/* May the next mail begin behind an end of data that is not yet answered? */
int duva__may_overlap(const duva_engine *e);

/* A reply to a mail that may be on trial.  1: the trial was rejected, and the
 * mail begins again. */
int duva__hear_trial(duva_engine *e, int good);

/* Is the reply at hand one that its command cannot earn, so that commands
 * behind an end of data must have been lost? */
int duva__is_out_of_step(const duva_engine *e);

/* The session ends with this error: is that a reason to overlap no more? */
void duva__overlap_failed(duva_engine *e, duva_err why);

#endif

#endif
