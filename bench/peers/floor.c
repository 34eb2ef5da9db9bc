/* floor.c - what protocol and kernel allow: a job sent with no checks. */
/* SPDX-License-Identifier: MIT */
/*
 * No product: it trusts the server to say what it expects.  With CHUNKING up
 * to 64 mails are on their way at a time; else the next envelope, and QUIT,
 * goes out with the end of a message.
 */
#define _GNU_SOURCE

#include "../job.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WINDOW = 64, PIECE = 64 * 1024 };

static char   out[1024 * 1024];
static size_t out_len;
static int    fd;

static void flush_out(void)
{
    size_t at = 0;

    while (at < out_len) {
        const ssize_t n = send(fd, out + at, out_len - at, MSG_NOSIGNAL);

        if (n < 0)
            job_fail("floor", "cannot send");
        at += (size_t)n;
    }
    out_len = 0;
}

static void put(const char *text, size_t len)
{
    if (out_len + len > sizeof(out))
        flush_out();
    memcpy(out + out_len, text, len);
    out_len += len;
}

/* Reads that many replies; says whether one of them named CHUNKING. */
static int hear(unsigned long replies)
{
    static char   in[PIECE];
    static size_t have;
    int           chunking = 0;

    while (replies > 0) {
        char   *line = in, *end;
        ssize_t n;

        while (replies > 0
               && (end = memchr(line, '\n', have - (size_t)(line - in)))) {
            chunking |= memmem(line, (size_t)(end - line), "CHUNK", 5) != NULL;
            replies -= line[3] != '-';
            line = end + 1;
        }
        have -= (size_t)(line - in);
        memmove(in, line, have);
        if (replies == 0)
            break;
        n = recv(fd, in + have, sizeof(in) - have, 0);
        if (n <= 0)
            job_fail("floor", "cannot receive");
        have += (size_t)n;
    }
    return chunking;
}

static void put_envelope(const struct job *j)
{
    char          line[100];
    unsigned long i;

    put("MAIL FROM:<" JOB_FROM ">\r\n", strlen(JOB_FROM) + 14);
    for (i = 0; i < j->rcpts; i++)
        put(line, (size_t)snprintf(line, sizeof(line), "RCPT TO:<%s>\r\n",
                                   j->rcpt[i]));
}

/* At most one dot for two octets of room. */
static void put_stuffed(const char *text, size_t len, int *at_start)
{
    while (len > 0) {
        const char  *end = memmem(text, len, "\n.", 2);
        const size_t n = end != NULL ? (size_t)(end - text) + 1 : len;

        if (*at_start && *text == '.')
            put(".", 1);
        put(text, n);
        *at_start = text[n - 1] == '\n';
        text += n;
        len -= n;
    }
}

static void put_message(const struct job *j)
{
    static char       piece[PIECE];
    struct job_reader r;
    int               at_start = 1;
    size_t            n;

    job_open(&r, j);
    if (!j->from_file)
        put_stuffed(j->text, j->text_len, &at_start);
    else
        while ((n = job_take(&r, piece, sizeof(piece))) > 0) {
            put_stuffed(piece, n, &at_start);
            flush_out();
        }
    job_close(&r);
    put(".\r\n", 3);
}

static void send_data(const struct job *j)
{
    unsigned long i;

    for (i = 0; i < j->mails; i++) {
        put_envelope(j);
        put("DATA\r\n", 6);
        flush_out();
        hear(j->rcpts + 2 + (i > 0));
        put_message(j);
    }
    put("QUIT\r\n", 6);
    flush_out();
    hear(2);
}

static void put_chunk(const struct job *j)
{
    struct stat s;
    char        line[60];
    int         file;

    stat(j->file, &s);
    put(line, (size_t)snprintf(line, sizeof(line), "BDAT %ld LAST\r\n",
                               (long)s.st_size));
    if (!j->from_file) {
        put(j->text, j->text_len);
        return;
    }
    flush_out();
    file = open(j->file, O_RDONLY);
    while (sendfile(fd, file, NULL, 1024 * 1024) > 0)
        ;
    close(file);
}

static void send_chunks(const struct job *j)
{
    unsigned long said = 0, heard = 0;
    int           parted = 0;

    while (heard < j->mails) {
        const unsigned long half = said - heard > WINDOW / 2 ? WINDOW / 2 : 1;

        for (; said < j->mails && said - heard < WINDOW; said++) {
            put_envelope(j);
            put_chunk(j);
        }
        if (said == j->mails && !parted) {
            put("QUIT\r\n", 6);
            parted = 1;
        }
        flush_out();
        hear(half * (j->rcpts + 2));
        heard += half;
    }
    hear(1);
}

static int dial(const struct job *j)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    const int          on = 1;

    at.sin_port = htons((uint16_t)strtoul(j->port, NULL, 10));
    inet_pton(AF_INET, j->host, &at.sin_addr);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (connect(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
        job_fail("floor", "cannot connect");
    hear(1);
    put("EHLO client.example\r\n", 21);
    flush_out();
    return hear(1);
}

int main(int argc, char **argv)
{
    struct job    j;
    unsigned long i, connections;

    (void)argc;
    job_read(&j, argv);
    connections = j.anew ? j.mails : 1;
    if (j.anew)
        j.mails = 1;
    for (i = 0; i < connections; i++) {
        if (dial(&j))
            send_chunks(&j);
        else
            send_data(&j);
        close(fd);
    }
    return 0;
}
