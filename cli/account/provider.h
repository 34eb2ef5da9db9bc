/* provider.h - the domain of an address to the server that sends its mail. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_PROVIDER_H
#define DUVA_CLI_PROVIDER_H

struct cli_provider {
    const char *domains;       /* with a space between */
    const char *name;
    const char *server;        /* as --server takes it */
    const char *note;          /* what people should know; NULL: nothing */
};

/* The provider of a domain in any case of letters, or NULL: it is unknown. */
const struct cli_provider *cli_provider_of(const char *domain);

#endif
