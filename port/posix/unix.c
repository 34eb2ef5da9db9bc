/* unix.c - turns the path of a socket into a link. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "posix.h"

int duva_posix_open_unix(duva_posix *l, const char *path)
{
    struct sockaddr_un to;
    int code;

    duva__posix_init(l);
    memset(&to, 0, sizeof to);
    to.sun_family = AF_UNIX;
    if (path == NULL || *path == '\0' || strlen(path) >= sizeof to.sun_path)
        return DUVA_ERR_ARG;
    memcpy(to.sun_path, path, strlen(path));
    l->fd = socket(AF_UNIX, SOCK_STREAM, 0);
    code = l->fd < 0 ? errno : duva__posix_prepare(l->fd);
    if (code == 0 && connect(l->fd, (struct sockaddr *)&to, sizeof to) == 0)
        return DUVA_OK;
    l->link.cause = code != 0 ? code : errno;
    if (l->fd >= 0)
        close(l->fd);
    l->fd = -1;
    return duva__is_short(l->link.cause) ? DUVA_ERR_RESOURCES
                                         : DUVA_ERR_CONNECT;
}
