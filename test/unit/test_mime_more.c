/* test_mime_more.c - text that flows, and files: flowed.c, file.c. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1
#include "duva/mime_more.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct memory {
    const char *data;
    size_t      len, pos;
};

static int read_memory(void *ctx, void *buf, size_t len)
{
    struct memory *m = ctx;
    size_t         n = m->len - m->pos;

    if (buf == NULL) {
        m->pos = 0;
        return 0;
    }
    n = n < len ? n : len;
    memcpy(buf, m->data + m->pos, n);
    m->pos += n;
    return (int)n;
}

/* What a reader makes of it (RFC 3676 4.1, with delsp), lines ended by LF. */
static size_t unflow(char *to, const char *s)
{
    size_t n = 0;

    while (*s != '\0') {
        const char  *end = strstr(s, "\r\n");
        const size_t len = end != NULL ? (size_t)(end - s) : strlen(s);
        const int    stuffed = s[0] == ' ';
        const int    soft = len > 0 && s[len - 1] == ' '
                            && !(len == 3 && memcmp(s, "-- ", 3) == 0);

        assert_true(len <= 78);
        memcpy(to + n, s + stuffed, len - (size_t)stuffed);
        n += len - (size_t)stuffed - (size_t)soft;
        if (!soft && end != NULL)
            to[n++] = '\n';
        s += len + (end != NULL ? 2 : 0);
    }
    to[n] = '\0';
    return n;
}

/* Spaces before line ends may be lost, but those of "-- ". */
static void trim(char *text)
{
    const size_t len = strlen(text);
    size_t       n = 0, k;

    for (k = 0; k <= len; k++) {
        if (text[k] == '\n' || text[k] == '\0')
            while (n > 0 && text[n - 1] == ' '
                   && !(n >= 3 && memcmp(text + n - 3, "-- ", 3) == 0
                        && (n == 3 || text[n - 4] == '\n')))
                n--;
        text[n++] = text[k];
    }
}

static void flows(void **state)
{
    static const char *const pieces[] = {
        "word ", "longer", " ", "> quote", "From here", "\n", "\n\n",
        "\xc3\xa5", "\xe8\x89\xb2\xe3\x81\xaf", "-- \n",
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklm"
    };
    uint32_t seed = 3;
    int      round;

    (void)state;
    for (round = 0; round < 5000; round++) {
        char          text[3000] = "", out[4000], back[4000];
        struct memory m = { text, 0, 0 };
        duva_flowed   f = { .read = read_memory, .ctx = &m };
        size_t        n = 0, step = 1u + (size_t)round % 90;
        int           got, i;

        for (i = 0; i < round % 40; i++) {
            seed = seed * 1664525u + 1013904223u;
            strcat(text, pieces[(seed >> 8) % 11]);
        }
        m.len = strlen(text);
        while ((got = duva_flowed_read(&f, out + n, step)) > 0)
            n += (size_t)got;
        assert_int_equal(got, 0);
        out[n] = '\0';
        unflow(back, out);
        trim(text);
        trim(back);
        assert_string_equal(back, text);
        assert_int_equal(duva_flowed_read(&f, NULL, 0), 0);
    }
}

static void files(void **state)
{
    static const char octets[] = "\0\x01 octets\r\n";
    char              path[] = "/tmp/duva-test-XXXXXX.pdf", got[64];
    int               fd = mkstemps(path, 4);
    duva_part         p = { .place = DUVA_PLACE_ATTACHED };
    duva_part_file    f;

    (void)state;
    assert_int_equal(write(fd, octets, sizeof octets), sizeof octets);
    close(fd);
    assert_int_equal(duva_part_open(&p, &f, path), DUVA_OK);
    assert_int_equal(p.len, sizeof octets);
    assert_string_equal(p.name, path + 5);
    assert_string_equal(p.type, "application/pdf");
    assert_int_equal(p.read(p.ctx, got, 5), 5);
    assert_int_equal(p.read(p.ctx, NULL, 0), 0);
    assert_int_equal(p.read(p.ctx, got, sizeof got), sizeof octets);
    assert_memory_equal(got, octets, sizeof octets);
    assert_int_equal(p.read(p.ctx, got, sizeof got), 0);
    duva_part_close(&f);
    unlink(path);
    assert_int_equal(duva_part_open(&p, &f, path), DUVA_ERR_IO);
    assert_int_equal(duva_part_open(&p, &f, NULL), DUVA_ERR_ARG);
    assert_int_equal(duva_part_open(&p, &f, "/tmp"), DUVA_ERR_IO);
}

static void types(void **state)
{
    char room[80];

    (void)state;
    assert_string_equal(duva_mime_type("a.b.PNG", room, 80), "image/png");
    assert_string_equal(duva_mime_type("a.html", room, 80), "text/html");
    assert_string_equal(duva_mime_type("a.", room, 80),
                        "application/octet-stream");
    assert_string_equal(duva_mime_type("png", room, 80),
                        "application/octet-stream");
    assert_string_equal(duva_mime_type("a.png", room, 4),
                        "application/octet-stream");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flows),
        cmocka_unit_test(files),
        cmocka_unit_test(types),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
