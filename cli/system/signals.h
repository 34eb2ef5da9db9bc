/* signals.h - signals that ask the command to stop. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SIGNALS_H
#define DUVA_CLI_SIGNALS_H


/* From catch to release HUP, INT, QUIT and TERM only leave their number. */
void cli_signals_catch(void);
int  cli_signals_caught(void);
/* The same, anew, with those of a terminal that stop us and let us go on. */
void cli_signals_catch_all(void);
int  cli_signals_is_stop(int number);
/* Until fd, a small number, can be read or a signal has come: then it. */
int  cli_signals_wait(int fd);
void cli_signals_release(void);

#endif
