/* convert.c - how fast finished messages are looked at and converted. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <duva/convert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIZE = 64 << 20, PULL = 8192, TIMES = 3 };

struct memory {
    const char *data;
    size_t      len, at;
};

static int read_memory(void *ctx, void *buf, size_t len)
{
    struct memory *m = ctx;

    if (buf == NULL) {
        m->at = 0;
        return 0;
    }
    len = len < m->len - m->at ? len : m->len - m->at;
    memcpy(buf, m->data + m->at, len);
    m->at += len;
    return (int)len;
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The best of some: other programs only make it slower. */
static void measure(const char *name, const char *head, const char *line,
                    char *data)
{
    static char   out[PULL];
    const size_t  len = strlen(line);
    struct memory m = { data, strlen(head), 0 };
    duva_convert  c = { .source = read_memory, .source_ctx = &m };
    double        begin, looked, best_look = 1e9, best_read = 1e9;
    int           i;

    memcpy(data, head, m.len);
    for (; m.len + len < SIZE; m.len += len)
        memcpy(data + m.len, line, len);
    for (i = 0; i < TIMES; i++) {
        begin = now();
        if (duva_convert_read(&c, NULL, 0) != DUVA_OK)
            exit(1);
        looked = now();
        while (duva_convert_read(&c, out, sizeof out) > 0)
            ;
        best_look = looked - begin < best_look ? looked - begin : best_look;
        best_read = now() - looked < best_read ? now() - looked : best_read;
    }
    printf("%-28s look %5.0f MB/s, then %5.0f MB/s\n", name,
           (double)m.len / 1e6 / best_look, (double)m.len / 1e6 / best_read);
}

int main(void)
{
    char *data = malloc(SIZE);

    if (data == NULL)
        return 1;
    printf("struct duva_convert: %zu octets\n", sizeof(duva_convert));
    measure("7bit, as it is", "Subject: x\n\n",
            "A line of a letter that is all in ASCII, as most of them are.\n",
            data);
    measure("German, quoted-printable", "Subject: x\n\n",
            "Eine Zeile eines Briefes, in dem nur wenige gr\xc3\xbcne W\xc3\xb6"
            "rter vorkommen, wie so oft.\n", data);
    measure("Russian, base64", "Subject: x\n\n",
            "\xd0\x9f\xd0\xb8\xd1\x81\xd1\x8c\xd0\xbc\xd0\xbe \xd0\xbf\xd0\xb8"
            "\xd1\x81\xd1\x8c\xd0\xbc\xd0\xbe \xd0\xbf\xd0\xb8\xd1\x81\xd1\x8c"
            "\xd0\xbc\xd0\xbe\n", data);
    measure("binary, base64",
            "Content-Type: image/png\nContent-Transfer-Encoding: binary\n\n",
            "\x01\x80\xff\x7f\x11\x91\xa0\x44\x21\x17\xbe\xef\xca\xfe\x99\x0a",
            data);
    free(data);
    return 0;
}
