/* extent.c - turns a part of a file into a message. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/sendfile.h>
#endif

#include "posix.h"

static size_t at_most(const duva_extent *x, size_t len)
{
    const uint64_t left = x->at < x->end ? x->end - x->at : 0;

    if (len > left)
        len = (size_t)left;
    return len < INT_MAX ? len : INT_MAX;
}

int duva_extent_read(void *extent, void *buf, size_t len)
{
    duva_extent *x = extent;
    const size_t most = at_most(x, len);
    long         n;

    if (buf == NULL) {
        x->at = x->start;
        return 0;
    }
    do
        n = (long)pread(x->fd, buf, most, (off_t)x->at);
    while (n < 0 && errno == EINTR);
    if (n < 0 || (n == 0 && most > 0))
        return -1;             /* the file is shorter than it was */
    x->at += (uint64_t)n;
    return (int)n;
}

#ifdef __linux__
/* sendfile() cannot be told to raise no SIGPIPE: what it raises here is taken
 * away again, unless one was pending before. */
static long send_silently(int to, int from, off_t *at, size_t len)
{
    static const struct timespec no_time = { 0, 0 };
    sigset_t pipe, before, pending;
    long     n;
    int      cause;

    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    n = (long)sendfile(to, from, at, len);
    cause = errno;
    if (n < 0 && cause == EPIPE && !sigismember(&pending, SIGPIPE))
        while (sigtimedwait(&pipe, NULL, &no_time) < 0 && errno == EINTR)
            ;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = cause;
    return n;
}

int duva_extent_direct(void *extent, duva_link *link, size_t len)
{
    duva_extent *x = extent;
    off_t        at = (off_t)x->at;
    long         n;

    if (duva__posix_is_over(link))
        return DUVA_ERR_TIMEOUT;
    n = send_silently(((duva_posix *)link)->fd, x->fd, &at, at_most(x, len));
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n < 0)
        return duva__posix_failed(link, errno);
    if (n == 0) {
        link->cause = 0;
        return DUVA_ERR_BODY;  /* the file is shorter than it was */
    }
    x->at += (uint64_t)n;
    return (int)n;
}
#else
int duva_extent_direct(void *extent, duva_link *link, size_t len)
{
    duva_extent *x = extent;
    char         buf[16384];
    const int    n = duva_extent_read(x, buf,
                                      len < sizeof buf ? len : sizeof buf);
    int          sent;

    if (n <= 0)
        return DUVA_ERR_BODY;
    sent = link->ops->write(link, buf, (size_t)n);
    x->at -= (uint64_t)(n - (sent > 0 ? sent : 0));
    return sent;
}
#endif
