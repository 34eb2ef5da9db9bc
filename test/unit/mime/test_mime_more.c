/* test_mime_more.c - format=flowed, and files: flowed.c, file.c. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1
#include "duva/mime_more.h"

#include "cmocka_all.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct memory {
    const char *data;
    size_t      len, pos, step;
    int         calls, fails;
};

static int read_memory(void *ctx, void *buf, size_t len)
{
    struct memory *m = ctx;
    size_t         n = m->len - m->pos;

    if (++m->calls == m->fails)
        return -7;
    if (buf == NULL) {
        m->pos = 0;
        return 0;
    }
    n = n < len ? n : len;
    n = m->step > 0 && m->step < n ? m->step : n;
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
        struct memory m = { .data = text };
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

#define A10 "aaaaaaaaaa"
#define A70 A10 A10 A10 A10 A10 A10 A10

/* What goes out, octet for octet: where lines break, and what is added. */
static const struct {
    const char *text, *flowed;
} layout[] = {
    { "", "" }, { "a", "a" }, { "a\n", "a\r\n" }, { "a\r\n", "a\r\n" },
    { "\n\r\n", "\r\n\r\n" }, { "a\rb\n", "a\rb\r\n" },
    { A70 "bb\n", A70 "bb\r\n" }, { A70 "bb\r\n", A70 "bb\r\n" },
    { A70 "bb", A70 "bb" }, { A70 "bbb\n", A70 "bb \r\nb\r\n" },
    { A70 "bbb\r\n", A70 "bb \r\nb\r\n" },
    { A70 "bbb", A70 "bb \r\nb" },
    { A70 "b c\n", A70 "b  \r\nc\r\n" },
    { A70 " bb\n", A70 "  \r\nbb\r\n" },
    { A70 "bb c\n", A70 "bb \r\n  c\r\n" },
    { " " A70 "b\n", "  " A70 "b\r\n" },
    { " " A70 "bb\n", "   \r\n" A70 "bb\r\n" },
    { A70 "b\xc3\xa5\n", A70 "b \r\n\xc3\xa5\r\n" },
    { A70 "\xc3\xa5\n", A70 "\xc3\xa5\r\n" },
    { A70 "\xe8\x89\xb2\n", A70 " \r\n\xe8\x89\xb2\r\n" },
    { A70 "bb\xc3\xa5\n", A70 "bb \r\n\xc3\xa5\r\n" },
    { "a \n", "a\r\n" }, { "a  ", "a" }, { " \n", "\r\n" },
    { "a \r\nb", "a\r\nb" }, { "-- \n", "-- \r\n" }, { "-- ", "-- " },
    { "--  \n", "-- \r\n" }, { "-- a \n", "-- a\r\n" },
    { "a- \n", "a-\r\n" }, { "--\n", "--\r\n" },
    { A70 "b -- \n", A70 "b  \r\n--\r\n" },
    { ">a\n", " >a\r\n" }, { " a\n", "  a\r\n" },
    { "From a\n", " From a\r\n" }, { "From \n", "From\r\n" },
    { "From " A70 "\n", " From  \r\n" A70 "\r\n" },
    { "From\n", "From\r\n" }, { "from a\n", "from a\r\n" },
    { "Fromm\n", "Fromm\r\n" }, { "From a", " From a" },
    { A70 "b\n" A70 " From c\n>d",
      A70 "b\r\n" A70 "  \r\n From c\r\n >d" },
    { A70 A70 "bbbb\n", A70 "aa \r\n" A10 A10 A10 A10 A10 A10
      "aaaaaaaabbbb\r\n" },
};

/* Whatever is read and pulled at a time; and again from the start. */
static void pull_lines(const char *text, const char *flowed, size_t step,
                       size_t pull)
{
    struct memory m = { .data = text, .len = strlen(text), .step = step };
    duva_flowed   f = { .read = read_memory, .ctx = &m };
    char          out[400];
    size_t        n;
    int           got, again;

    for (again = 0; again < 2; again++) {
        n = 0;
        while ((got = duva_flowed_read(&f, out + n, pull)) > 0)
            n += (size_t)got;
        assert_int_equal(got, 0);
        out[n] = '\0';
        assert_string_equal(out, flowed);
        assert_int_equal(duva_flowed_read(&f, NULL, 0), 0);
        got = duva_flowed_read(&f, out, 1);
        assert_int_equal(got, flowed[0] != '\0');
        assert_int_equal(duva_flowed_read(&f, NULL, 0), 0);
    }
}

static void lines(void **state)
{
    size_t i, step, pull;

    (void)state;
    for (i = 0; i < sizeof layout / sizeof layout[0]; i++)
        for (step = 0; step < 100; step += 33)
            for (pull = 1; pull < 300; pull = pull * 9 + 70)
                pull_lines(layout[i].text, layout[i].flowed, step, pull);
}

static void flowing_from_what_fails(void **state)
{
    static const char text[] = A70 " and more\nthan one line\n";
    int n, got, calls = 0;

    (void)state;
    for (n = 0; n == 0 || n <= calls; n++) {
        struct memory m = { .data = text, .len = sizeof text - 1, .step = 11,
                            .fails = n };
        duva_flowed   f = { .read = read_memory, .ctx = &m };
        char          out[200];

        while ((got = duva_flowed_read(&f, out, 7)) > 0)
            ;
        assert_int_equal(got, n > 0 ? -7 : 0);
        assert_int_equal(m.calls, n > 0 ? n : m.calls);
        calls = n > 0 ? calls : m.calls;
        m.fails = m.calls + 1;
        assert_int_equal(duva_flowed_read(&f, NULL, 0), -7);
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

/* Names, types and places; and a file that can no longer be read. */
static void more_of_files(void **state)
{
    static char    big[20000];
    char           path[] = "/tmp/duva-test-XXXXXX.PnG", got[4096];
    int            fd = mkstemps(path, 4);
    duva_part      p = { .place = DUVA_PLACE_RELATED };
    duva_part_file f;

    (void)state;
    assert_int_equal(write(fd, big, sizeof big), sizeof big);
    close(fd);
    assert_int_equal(duva_part_open(&p, &f, path), DUVA_OK);
    assert_string_equal(p.type, "image/png");
    assert_ptr_equal(p.ctx, &f);
    assert_int_equal(p.read(p.ctx, got, 4096), 4096);
    assert_int_equal(p.read(p.ctx, got, 4096), 4096);
    close(fileno((FILE *)f.stream));
    assert_int_equal(p.read(p.ctx, got, 4096), DUVA_ERR_IO);
    assert_int_equal(p.read(p.ctx, NULL, 0), DUVA_ERR_IO);
    duva_part_close(&f);
    assert_null(f.stream);
    duva_part_close(&f);
    p = (duva_part){ .place = DUVA_PLACE_TEXT, .name = "x.pdf" };
    assert_int_equal(chdir("/tmp"), 0);
    assert_int_equal(duva_part_open(&p, &f, path + 5), DUVA_OK);
    assert_null(p.type);
    assert_string_equal(p.name, "x.pdf");
    duva_part_close(&f);
    p = (duva_part){ .place = DUVA_PLACE_ATTACHED, .name = "x.pdf" };
    assert_int_equal(duva_part_open(&p, &f, path + 5), DUVA_OK);
    assert_string_equal(p.type, "application/pdf");
    duva_part_close(&f);
    p = (duva_part){ .place = DUVA_PLACE_ATTACHED, .type = "a/b" };
    assert_int_equal(duva_part_open(&p, &f, path + 5), DUVA_OK);
    assert_string_equal(p.type, "a/b");
    assert_ptr_equal(p.name, path + 5);
    duva_part_close(&f);
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(duva_part_open(&p, &f, path), DUVA_OK);
    assert_int_equal(p.len, 0);
    assert_int_equal(p.read(p.ctx, got, 1), 0);
    duva_part_close(&f);
    assert_int_equal(duva_part_open(NULL, &f, path), DUVA_ERR_ARG);
    assert_int_equal(duva_part_open(&p, NULL, path), DUVA_ERR_ARG);
    unlink(path);
}

static const char *table;      /* in place of that of the system */

/* Every file is opened here. */
FILE *fopen(const char *path, const char *mode)
{
    const char *const instead =
        strcmp(path, "/etc/mime.types") == 0 && table != NULL ? table : path;
    const int fd = open(instead, O_RDONLY);

    return fd < 0 ? NULL : fdopen(fd, mode);
}

/* Those that are known without a table, and the room that they take. */
static void usual_types(void **state)
{
    static const char *const usual[][2] = {
        { "txt", "text/plain" }, { "log", "text/plain" },
        { "html", "text/html" }, { "htm", "text/html" }, { "csv", "text/csv" },
        { "pdf", "application/pdf" }, { "zip", "application/zip" },
        { "png", "image/png" }, { "jpg", "image/jpeg" },
        { "jpeg", "image/jpeg" }, { "gif", "image/gif" },
        { "svg", "image/svg+xml" }, { "json", "application/json" },
        { "eml", "message/rfc822" }, { "ZIP", "application/zip" },
        { "JPEG", "image/jpeg" }
    };
    char   room[80], name[20];
    size_t i;

    (void)state;
    table = "/nonexistent";
    for (i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        const char *found;

        snprintf(name, sizeof name, "a.b.%s", usual[i][0]);
        found = duva_mime_type(name, room, 80);
        assert_string_equal(found, usual[i][1]);
        assert_ptr_equal(found, room);
        found = duva_mime_type(name, room, strlen(found) + 1);
        assert_string_equal(found, usual[i][1]);
        assert_string_equal(duva_mime_type(name, room, strlen(found)),
                            "application/octet-stream");
    }
    assert_string_equal(duva_mime_type("a.zzz", room, 80),
                        "application/octet-stream");
    assert_string_equal(duva_mime_type("a.png ", room, 80),
                        "application/octet-stream");
    table = NULL;
}

/* A table in the form of Apache's: lines of a type and its extensions. */
static void tables(void **state)
{
    static const char text[] = "# a comment with zip\n\n"
        "#x/comment abc\nx/none\nx/tabs\t\tone\ttwo\nx/space one four\n"
        "x/upper FIVE\r\nx/z Z\nx/a A\nx/last zip";
    static const char *const want[][2] = {
        { "a.one", "x/tabs" }, { "a.two", "x/tabs" }, { "a.four", "x/space" },
        { "a.five", "x/upper" }, { "a.FIVe", "x/upper" },
        { "a.z", "x/z" }, { "b.a", "x/a" }, { "b.A", "x/a" },
        { "a.zip", "x/last" }, { "a.png", "image/png" },
        { "a.x/none", "application/octet-stream" },
        { "a.abc", "application/octet-stream" },
        { "a.comment", "application/octet-stream" },
        { "a.", "application/octet-stream" },
        { "a.fou", "application/octet-stream" },
        { "a.fourr", "application/octet-stream" },
        { "a.four ", "application/octet-stream" },
        { "a.zipp", "application/octet-stream" },
        { ".two", "x/tabs" }, { "two", "application/octet-stream" }
    };
    char   path[] = "/tmp/duva-test-XXXXXX", room[80];
    int    fd = mkstemp(path);
    size_t i;

    (void)state;
    assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
    close(fd);
    table = path;
    for (i = 0; i < sizeof want / sizeof want[0]; i++)
        assert_string_equal(duva_mime_type(want[i][0], room, 80), want[i][1]);
    assert_string_equal(duva_mime_type("a.one", room, 7), "x/tabs");
    assert_string_equal(duva_mime_type("a.one", room, 6),
                        "application/octet-stream");
    assert_string_equal(duva_mime_type("a.zip", room, 7), "x/last");
    table = NULL;
    unlink(path);
}

static void no_types(void **state)
{
    char room[80];

    (void)state;
    assert_string_equal(duva_mime_type("a.pngg", room, 80),
                        "application/octet-stream");
    assert_string_equal(duva_mime_type("a.pn", room, 80),
                        "application/octet-stream");
    assert_string_equal(duva_mime_type("a.image/png", room, 80),
                        "application/octet-stream");
    assert_string_equal(duva_mime_type("a.png.", room, 80),
                        "application/octet-stream");
    assert_string_equal(duva_mime_type("a.p@g", room, 80),
                        "application/octet-stream");
    assert_string_equal(duva_mime_type("a.#", room, 80),
                        "application/octet-stream");
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
        cmocka_unit_test(lines),
        cmocka_unit_test(flowing_from_what_fails),
        cmocka_unit_test(files),
        cmocka_unit_test(more_of_files),
        cmocka_unit_test(usual_types),
        cmocka_unit_test(tables),
        cmocka_unit_test(no_types),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
