/* send.h - "duva send". */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SEND_H
#define DUVA_CLI_SEND_H

/* A sub-command: argv[0] is its name.  Returns the exit code. */
int cli_main_send(int argc, char **argv);

#endif
