/* facts.c - a session into what a report takes into account. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "report/facts.h"

void cli_facts_init(struct cli_facts *f, const struct cli_session *s,
                    const struct cli_login_options *login)
{
    memset(f, 0, sizeof(*f));
    f->options = s->options;
    f->login = login;
    f->connection = &s->connection;
    f->auth = &s->login.auth;
}
