/* account_command.h - "duva account". */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ACCOUNT_MAIN_H
#define DUVA_CLI_ACCOUNT_MAIN_H


/* A sub-command: argv[0] is its name.  Returns the exit code. */
int cli_main_account(int argc, char **argv);

#endif
