/* fuzz_cli.c - octets into what the command reads from files and people. */
/* SPDX-License-Identifier: MIT */
/*
 * The first octet chooses the reader.  What must hold: what is refused has a
 * reason; what is accepted comes back as it was when it is said once more: an
 * address, a server, the fields of a row, the header of a message, an account,
 * a date.  A journal that was read can be read again, and says the same.
 */
#define _GNU_SOURCE 1

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config/config.h"
#include "envelope/mailbox.h"
#include "envelope/date.h"
#include "login/netrc.h"
#include "merge/journal.h"
#include "text/template.h"
#include "message/header.h"
#include "sendmail/header_addresses.h"
#include "sendmail/aliases.h"
#include "sendmail/input_lines.h"
#include "session/proxy_url.h"
#include "text/csv.h"
#include "text/server.h"

#define HOLDS(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "line %d: %s\n", __LINE__, #condition); \
            abort(); \
        } \
    } while (0)

static int same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* ---- accounts ---- */

static int read_config(struct cli_config *c, const char *text, size_t len)
{
    char *copy = malloc(len + 1);
    int n;

    HOLDS(copy != NULL);
    memcpy(copy, text, len);
    memset(c, 0, sizeof(*c));
    n = cli_config_parse(c, "f", copy, len, NULL);
    HOLDS((n != 0) == (c->problem[0] != '\0'));
    return n;
}

static void config(const char *text, size_t len)
{
    struct cli_config c, again;
    size_t i, s;

    if (read_config(&c, text, len) == 0) {
        HOLDS(read_config(&again, text, len) == 0);
        HOLDS(c.accounts == again.accounts);
        for (i = 0; i < c.accounts; i++)
            for (s = 0; s < CLI_SETTINGS; s++)
                HOLDS(same(cli_account_text(&c.account[i],
                                            (enum cli_setting)s),
                           cli_account_text(&again.account[i],
                                            (enum cli_setting)s)));
        for (i = 0; i < c.accounts; i++)
            HOLDS(cli_config_find(&c, c.account[i].name) != NULL);
        cli_config_free(&again);
    }
    cli_config_free(&c);
}

static void netrc(const char *text, size_t len)
{
    char password[16];
    const int n = cli_netrc_find(text, len, "host", "ada", password,
                                 sizeof(password));

    HOLDS(n < (int)sizeof(password));
    if (n >= 0)
        HOLDS(strnlen(password, sizeof(password)) < sizeof(password));
}

/* ---- rows and templates ---- */

static void check_row(const struct cli_csv *row)
{
    const char *field[CLI_CSV_FIELDS + 1];
    struct cli_csv again;
    char *line;
    size_t i, len;
    FILE *in;

    for (i = 0; i < row->count; i++)
        field[i] = cli_csv_field(row, i);
    field[i] = NULL;
    if (i == 1 && field[0][0] == '\0')
        return;                /* an empty row is none */
    len = cli_csv_write(NULL, 0, field);
    line = malloc(len + 1);
    HOLDS(line != NULL && cli_csv_write(line, len + 1, field) == len);
    in = fmemopen(line, len, "r");
    HOLDS(in != NULL);
    cli_csv_open(&again, in, ',');
    HOLDS(cli_csv_next(&again) == 1 && again.count == row->count);
    for (i = 0; i < row->count; i++) {
        const char *got = cli_csv_field(&again, i);

        HOLDS(got[0] == '\0' || strchr("=+-@\t\r", got[0]) == NULL);
        HOLDS(same(field[i], got)
              || (got[0] == '\'' && same(field[i], got + 1)));
    }
    cli_csv_close(&again);
    fclose(in);
    free(line);
}

static void csv(char *text, size_t len)
{
    struct cli_csv row;
    FILE *in = len > 0 ? fmemopen(text, len, "r") : NULL;
    int n;

    if (in == NULL)
        return;
    cli_csv_open(&row, in, ',');
    while ((n = cli_csv_next(&row)) > 0)
        check_row(&row);
    HOLDS((n < 0) == (row.problem != NULL));
    cli_csv_close(&row);
    fclose(in);
}

/* The first line is the row, the rest the template. */
static void template(char *text, size_t len)
{
    static char names[] = "a,b\n";
    char *rest = memchr(text, '\n', len), problem[CLI_PROBLEM_SIZE] = "";
    struct cli_columns columns;
    struct cli_csv head, row;
    struct cli_template t;
    struct cli_text out = { NULL, 0, 0 };
    int place = len > 0 ? text[0] & 3 : 0;
    FILE *one, *two;

    if (rest == NULL || rest == text)
        return;
    one = fmemopen(names, sizeof(names) - 1, "r");
    two = fmemopen(text, (size_t)(rest - text), "r");
    HOLDS(one != NULL && two != NULL);
    cli_csv_open(&head, one, ',');
    cli_csv_open(&row, two, ',');
    HOLDS(cli_csv_next(&head) == 1
          && cli_columns_take(&columns, &head) == NULL);
    if (cli_csv_next(&row) == 1 && row.count == 2) {
        if (cli_template_parse(&t, rest + 1,
                               len - (size_t)(rest + 1 - text), &columns,
                               problem) == 0) {
            if (cli_template_fill(&t, &row, &columns, (enum cli_place)place,
                                  &out, problem) != 0)
                HOLDS(problem[0] != '\0');
        } else
            HOLDS(problem[0] != '\0');
        cli_template_free(&t);
    }
    cli_text_free(&out);
    cli_columns_free(&columns);
    cli_csv_close(&row);
    cli_csv_close(&head);
    fclose(one);
    fclose(two);
}

/* ---- a journal ---- */

static uint64_t look(int fd, const struct cli_journal_key *wanted)
{
    static struct cli_journal j;
    struct cli_journal_key key = *wanted;
    char path[64], problem[CLI_JOURNAL_SIZE] = "";
    uint64_t row, sum = 0;
    int code;

    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    code = cli_journal_open(&j, path, &key, problem);
    if (code != 0)
        HOLDS(problem[0] != '\0');
    for (row = 1; code == 0 && row <= key.count; row++)
        sum = 31 * sum + (uint64_t)cli_journal_row(&j, row) + 1;
    cli_journal_close(&j);
    return sum;
}

static void journal(const char *text, size_t len)
{
    static const char head[] = "duva merge 1\nrows aa\nletter bb\nid cc\n";
    const struct cli_journal_key key = {
        .rows = "aa", .letter = "bb", .boot = "one", .count = 20
    };
    const int fd = memfd_create("journal", MFD_CLOEXEC);
    uint64_t first;

    HOLDS(fd >= 0 && write(fd, head, sizeof(head) - 1) > 0);
    HOLDS(len == 0 || write(fd, text, len) == (ssize_t)len);
    first = look(fd, &key);
    if (first != 0)
        HOLDS(look(fd, &key) == first);
    close(fd);
}

/* ---- people ---- */

static void mailboxes_as(const char *text, uint8_t lenient)
{
    struct cli_mailboxes m = { .lenient = lenient }, one;
    const char *problem = cli_mailboxes_add(&m, text);
    char *said;
    size_t i;

    HOLDS(problem == NULL || problem[0] != '\0');
    for (i = 0; problem == NULL && i < m.count; i++) {
        if (m.list[i].addr == NULL)
            continue;
        memset(&one, 0, sizeof(one));
        one.lenient = lenient;
        said = malloc(strlen(m.list[i].addr) + 3);
        HOLDS(said != NULL);
        sprintf(said, "<%s>", m.list[i].addr);
        HOLDS(cli_mailboxes_add(&one, said) == NULL && one.count == 1
              && same(one.list[0].addr, m.list[i].addr));
        cli_mailboxes_free(&one);
        free(said);
    }
    cli_mailboxes_free(&m);
}

static void mailboxes(const char *text)
{
    mailboxes_as(text, 0);
    mailboxes_as(text, 1);
}

static void aliases(const char *text, size_t len)
{
    const char *rest = memchr(text, '\n', len);
    char name[64];
    struct cli_address_set people = { 0 };
    struct cli_aliases a = { .domain = "example.org" };
    const char *problem;

    if (rest == NULL || rest == text
        || (size_t)(rest - text) >= sizeof(name))
        return;
    memcpy(name, text, (size_t)(rest - text));
    name[rest - text] = '\0';
    HOLDS(cli_aliases_read(&a, rest + 1) == 0);
    problem = cli_aliases_resolve(&people, &a, name);
    HOLDS(problem == NULL || problem[0] != '\0');
    cli_address_set_free(&people);
    cli_aliases_free(&a);
}

/* ---- the header of a message ---- */

static char *rewritten(char *text, size_t len, size_t *out_len)
{
    struct cli_header h = { 0 };
    struct cli_mailboxes m = { 0 };
    const char *field, *problem;
    char *out = NULL;
    FILE *in = fmemopen(text, len, "r"), *to = open_memstream(&out, out_len);
    struct cli_input_lines filter = { .in = in, .in_header = 1 };
    FILE *lines = cli_input_lines_open(&filter);
    uint8_t utf8 = 0;

    HOLDS(in != NULL && to != NULL && lines != NULL);
    HOLDS((cli_header_read(&h, lines, &problem) == 0) == (problem == NULL));
    cli_header_recipients(&h, &m, &field);
    cli_mailboxes_free(&m);
    cli_header_author(&h, &m);
    cli_mailboxes_free(&m);
    cli_header_drop(&h, "Bcc");
    HOLDS(cli_header_find(&h, "bcc") == NULL);
    HOLDS(cli_header_convert_domains(&h, &utf8) == 0);
    cli_header_write(&h, to);
    cli_header_free(&h);
    fclose(lines);
    fclose(in);
    fclose(to);
    return out;
}

static void header(char *text, size_t len)
{
    size_t one_len = 0, two_len = 0;
    char *one, *two;

    if (len == 0)
        return;
    one = rewritten(text, len, &one_len);
    if (one_len > 0) {
        two = rewritten(one, one_len, &two_len);
        HOLDS(one_len == two_len && memcmp(one, two, one_len) == 0);
        free(two);
    }
    free(one);
}

/* ---- words of the command line ---- */

static void places(const char *text)
{
    struct cli_server server, again;
    struct cli_proxy proxy;
    char said[CLI_SERVER_SIZE], url[sizeof(said) + 7];

    memset(&server, 0, sizeof(server));
    memset(&again, 0, sizeof(again));
    memset(&proxy, 0, sizeof(proxy));
    if (cli_server_parse(&server, text) == NULL) {
        cli_server_text(said, &server);
        snprintf(url, sizeof(url), "smtp://%s", said);
        HOLDS(cli_server_parse(&again, url) == NULL);
        HOLDS(same(server.host, again.host) && same(server.port, again.port)
              && server.is_path == again.is_path);
    }
    cli_proxy_parse(&proxy, text);
}

static void dates(const char *text)
{
    struct cli_date date;

    if (cli_date_parse(&date, text) == NULL) {
        HOLDS(date.at >= 0 && date.at <= UINT32_MAX);
        HOLDS(date.zone > -24 * 60 && date.zone < 24 * 60);
        HOLDS(cli_date_check(text) == NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const unsigned which = size > 0 ? data[0] % 10 : 0;
    const size_t len = size > 0 ? size - 1 : 0;
    char *text = malloc(len + 1);

    HOLDS(text != NULL);
    if (len > 0)
        memcpy(text, data + 1, len);
    text[len] = '\0';
    switch (which) {
    case 0:
        config(text, len);
        break;
    case 1:
        netrc(text, len);
        break;
    case 2:
        csv(text, len);
        break;
    case 3:
        template(text, len);
        break;
    case 4:
        journal(text, len);
        break;
    case 5:
        mailboxes(text);
        break;
    case 6:
        aliases(text, len);
        break;
    case 7:
        header(text, len);
        break;
    case 8:
        places(text);
        break;
    default:
        dates(text);
    }
    free(text);
    return 0;
}
