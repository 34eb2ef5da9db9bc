/* keyring.c - host and user into the password that the keyring has. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "login/keyring.h"
#include "system/command.h"

/* Is there a bus of the session?  Without it there is no keyring. */
static int has_session(void)
{
    const char *address = getenv("DBUS_SESSION_BUS_ADDRESS");
    const char *folder = getenv("XDG_RUNTIME_DIR");
    char path[256];

    if (address != NULL && address[0] != '\0')
        return 1;
    if (folder == NULL)
        return 0;
    snprintf(path, sizeof(path), "%s/bus", folder);
    return access(path, F_OK) == 0;
}

int cli_keyring_line(const char *host, const char *user, char *line,
                     size_t size, int64_t ms)
{
    const char *const argv[] = {
        "secret-tool", "lookup", "host", host, "service", "smtp", "user", user,
        NULL
    };
    int status;

    return has_session() ? cli_command_line(argv, line, size, ms, &status) : 0;
}
