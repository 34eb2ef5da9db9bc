/* sendmail.h - "duva sendmail". */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SENDMAIL_H
#define DUVA_CLI_SENDMAIL_H


/* A sub-command: argv[0] is its name.  Returns the exit code. */
int cli_main_sendmail(int argc, char **argv);

#endif
