/* convert.c - a message on stdin into the same for a server that takes less:
 * convert TAKES STEP; what cannot be converted is told on stderr. */
/* SPDX-License-Identifier: MIT */
#include <duva/convert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char   message[8 << 20], out[1 << 16];
static size_t message_len, at;

static int read_message(void *ctx, void *buf, size_t len)
{
    const size_t step = *(const size_t *)ctx;
    size_t       n = message_len - at;

    if (buf == NULL) {
        at = 0;
        return 0;
    }
    n = n < len ? n : len;
    n = n < step ? n : step;
    memcpy(buf, message + at, n);
    at += n;
    return (int)n;
}

static int refused(const duva_convert *c)
{
    fprintf(stderr, "refused %d %u %s\n", (int)c->error.reason, c->error.where,
            c->error.field);
    return 65;
}

int main(int argc, char **argv)
{
    static duva_convert c;
    size_t              step;
    uint64_t            size, got = 0;
    int                 n;

    if (argc != 3)
        return 64;
    message_len = fread(message, 1, sizeof message, stdin);
    step = (size_t)atoi(argv[2]);
    c.source = read_message;
    c.source_ctx = &step;
    c.takes = (uint8_t)atoi(argv[1]);
    size = duva_convert_size(&c);
    if (c.error.reason != DUVA_REASON_NONE)
        return refused(&c);
    step = step < sizeof out ? step : sizeof out;
    while ((n = duva_convert_read(&c, out, step)) > 0) {
        got += (uint64_t)n;
        fwrite(out, 1, (size_t)n, stdout);
    }
    if (n < 0)
        return refused(&c);
    fprintf(stderr, "needs %u converts %u\n", c.needs, c.converts);
    return !c.converts || got == size ? 0 : 1;
}
