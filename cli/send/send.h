/* send.h - "duva send". */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SEND_H
#define DUVA_CLI_SEND_H

#include <stddef.h>

struct cli_job;

/* A sub-command: argv[0] is its name.  Returns the exit code. */
int cli_send(int argc, char **argv);

/* Room for so many recipients in job->outcome.mail, each with CLI_WORDS_SIZE for the
 * server's words, in one piece of memory: free job->outcome.mail.rcpt.  Returns 0, or
 * an exit code after cli_stop(). */
int  cli_recipients(struct cli_job *job, size_t count);

#endif
