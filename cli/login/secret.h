/* secret.h - a file, a command or a person into a password or a token. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SECRET_H
#define DUVA_CLI_SECRET_H

#include <stdint.h>

struct cli_login;
struct cli_login_options;
struct cli_outcome;

#define CLI_SECRET_SIZE 16384 /* a token may be long */
#define CLI_PASSWORD_SIZE 1024
#define CLI_PROXY_SECRET_MAX 255 /* RFC 1929 2 */

/* Fills l->secret from where the options say, if their mechanisms need one;
 * else asks ~/.netrc, the keyring and the terminal for the password of o->user
 * at that host.  timeout_s is for a command; 0: two minutes.  A secret of the
 * account is wiped there.  Returns 0, or an exit code after cli_stop(), whose
 * text never repeats what was read. */
int cli_secret_read(struct cli_login *l, const struct cli_login_options *o,
                    const char *host, uint32_t timeout_s,
                    struct cli_outcome *outcome);

/* The same for l->proxy_secret: the first line of a file or, when file is NULL,
 * of what a command prints. */
int cli_proxy_secret_read(struct cli_login *l, const char *file,
                          const char *command, uint32_t timeout_s,
                          struct cli_outcome *outcome);

/* Wipes every secret, once no further authentication is to come.  What a report
 * needs of the exchange stays. */
void cli_secrets_wipe(struct cli_login *l);

#endif
