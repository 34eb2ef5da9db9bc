/* secret.h - a file, a command or a person into a password or a token. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SECRET_H
#define DUVA_CLI_SECRET_H


#define CLI_SECRET_SIZE 16384  /* a token may be long */

struct cli_job;

/* Fills job->login.secret as the options say.  Returns 0, or an exit code after
 * cli_stop().  What was read is in no message. */
int  cli_secret(struct cli_job *job);

/* The same with job->login.proxy_secret; cli_secret() begins with it. */
int  cli_secret_of_proxy(struct cli_job *job);

#endif
