/* faults.h - accidents on purpose, at a stage of the session. */
/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_FAULTS_H
#define FIRMWARE_FAULTS_H

#include <duva/result.h>

/* Pulls the cable when the setting "pull" names this stage, resets the board
 * when "reset" does.  After a reset it does nothing. */
void faults_at(duva_stage stage);

/* Takes the memory of lwIP when the setting "hold" is 1. */
void faults_hold_memory(void);

#endif
