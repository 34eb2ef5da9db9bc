/* journal.c - the states of rows into lines of a file, and back. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "merge/array.h"
#include "merge/journal.h"
#include "merge/recipient_results.h"
#include "system/shortage.h"

/* Rows that may be begun before the disk is waited for again. */
#define BLOCK 1000u

/* Octets of the file that are mapped: a whole number of pages. */
#define WINDOW 65536

static const char first_line[] = "duva merge 1\n";

struct cli_open_row {
    uint64_t row; /* the first, for cli_array_find() */
    enum cli_row_state is;
};

/* ---- what is known ---- */

static size_t find(const struct cli_journal *j, uint64_t row)
{
    return cli_array_find(j->open, j->count, sizeof(*j->open), row);
}

static int insert(struct cli_journal *j, uint64_t row, enum cli_row_state is)
{
    const size_t at = find(j, row);
    struct cli_open_row *more;

    if (at < j->count && j->open[at].row == row) {
        j->open[at].is = is;
        return 0;
    }
    more = cli_array_room(j->open, &j->size, j->count, sizeof(*more));
    if (more == NULL)
        return -1;
    j->open = more;
    memmove(j->open + at + 1, j->open + at,
            (j->count - at) * sizeof(*j->open));
    j->open[at].row = row;
    j->open[at].is = is;
    j->count++;
    return 0;
}

static void erase(struct cli_journal *j, uint64_t row)
{
    const size_t at = find(j, row);

    if (at == j->count || j->open[at].row != row)
        return;
    j->count--;
    memmove(j->open + at, j->open + at + 1,
            (j->count - at) * sizeof(*j->open));
}

static int extend_to(struct cli_journal *j, uint64_t row)
{
    int failed = 0;

    for (; failed == 0 && j->top < row; j->top++)
        failed = insert(j, j->top + 1, CLI_ROW_NEW);
    return failed;
}

static int set_row(struct cli_journal *j, uint64_t row, enum cli_row_state is)
{
    if (extend_to(j, row) != 0)
        return -1;
    if (is != CLI_ROW_DECIDED)
        return insert(j, row, is);
    erase(j, row);
    return 0;
}

/* The system has stopped: each row up to "ahead" may have been begun. */
static int mark_all_begun(struct cli_journal *j)
{
    size_t i;

    if (extend_to(j, j->ahead) != 0)
        return -1;
    for (i = 0; i < j->count && j->open[i].row <= j->ahead; i++)
        if (j->open[i].is != CLI_ROW_UNCERTAIN)
            j->open[i].is = CLI_ROW_BEGUN;
    return 0;
}

enum cli_row_state cli_journal_row(struct cli_journal *j, uint64_t row)
{
    if (row > j->top)
        return CLI_ROW_NEW;
    while (j->cursor < j->count && j->open[j->cursor].row < row)
        j->cursor++;
    return j->cursor < j->count && j->open[j->cursor].row == row
               ? j->open[j->cursor].is
               : CLI_ROW_DECIDED;
}

void cli_journal_rewind(struct cli_journal *j)
{
    j->cursor = 0;
}

/* ---- a line ---- */

static const struct {
    const char *word;
    enum cli_row_state is;
} words[] = {
    { "begun", CLI_ROW_BEGUN },
    { "back", CLI_ROW_NEW },
    { "accepted", CLI_ROW_DECIDED },
    { "refused", CLI_ROW_DECIDED },
    { "failed", CLI_ROW_DECIDED },
    { "retry", CLI_ROW_RETRY },
    { "uncertain", CLI_ROW_UNCERTAIN }
};

/* The state of a row by the first word of a line, with a space behind it; -1:
 * the word is another one. */
static int state_of(const char *line)
{
    size_t i, len;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        len = strlen(words[i].word);
        if (strncmp(line, words[i].word, len) == 0 && line[len] == ' ')
            return (int)words[i].is;
    }
    return -1;
}

/* The number behind the first word, up to most; 0: there is none.  *end is the
 * text that follows. */
static uint64_t number(const char *line, uint64_t most, const char **end)
{
    const char *p = strchr(line, ' ');
    uint64_t n = 0;

    for (*end = p = p != NULL ? p + 1 : ""; *p >= '0' && *p <= '9'; p++) {
        n = 10 * n + (uint64_t)(*p - '0');
        if (n > most)
            return 0;
    }
    *end = p;
    return n;
}

/* Returns 0; 1: it is no line of a journal; -1: not enough memory. */
static int read_line(struct cli_journal *j, const char *line,
                     const struct cli_journal_key *key, char *boot)
{
    const int is = state_of(line);
    const char *end;
    uint64_t row;
    int failed = 0;

    if (strncmp(line, "run ", 4) == 0) {
        if (strcmp(boot, line) != 0)
            failed = mark_all_begun(j);
        snprintf(boot, sizeof(key->boot) + 8, "%s", line);
        j->ahead = 0;
        return failed;
    }
    row = number(line, key->count, &end);
    if (row == 0)
        return 1;
    if (strncmp(line, "ahead ", 6) == 0 && *end == '\n') {
        j->ahead = row;
        return 0;
    }
    if (strncmp(line, "part ", 5) == 0)
        return cli_recipient_results_add(&j->recipients, row, end);
    if (is < 0 || (*end != '\n' && *end != ' '))
        return 1;
    return set_row(j, row, (enum cli_row_state)is);
}

/* ---- the file ---- */

static int set_problem(char problem[CLI_JOURNAL_SIZE], int code,
                       const char *what)
{
    snprintf(problem, CLI_JOURNAL_SIZE, "%s", what);
    return code;
}

/* A journal that was not read to its end must not be truncated. */
static int read_failed(char problem[CLI_JOURNAL_SIZE])
{
    return set_problem(problem, cli_file_code(EX_IOERR), strerror(errno));
}

static int is_key(FILE *in, const char *word, const char *digest, char **line,
                  size_t *size)
{
    const size_t len = strlen(word);

    return getline(line, size, in) > 0 && strncmp(*line, word, len) == 0
           && strncmp(*line + len, digest, strlen(digest)) == 0
           && strcmp(*line + len + strlen(digest), "\n") == 0;
}

static int read_head(FILE *in, struct cli_journal_key *key, char **line,
                     size_t *size, char problem[CLI_JOURNAL_SIZE])
{
    if (getline(line, size, in) <= 0 || strcmp(*line, first_line) != 0)
        return set_problem(problem, EX_DATAERR,
                           "it is not the journal of a merge");
    if (!is_key(in, "rows ", key->rows, line, size))
        return set_problem(
            problem, EX_DATAERR,
            "the rows have changed since the merge began; remove "
            "the journal to start again");
    if (!is_key(in, "letter ", key->message, line, size))
        return set_problem(
            problem, EX_DATAERR,
            "the message has changed since the merge began, in its "
            "text or an option; remove the journal to start again");
    if (getline(line, size, in) <= 0 || sscanf(*line, "id %32s", key->id) != 1)
        return set_problem(problem, EX_DATAERR, "it is damaged");
    return 0;
}

static void run_line(char *line, size_t size,
                     const struct cli_journal_key *key)
{
    snprintf(line, size, "run %s\n", key->boot[0] != '\0' ? key->boot : "-");
}

/* A line that was cut when the process or the system stopped is ignored; after
 * a stop of the system, so are all lines behind a damaged one. */
static int read_lines(struct cli_journal *j, FILE *in,
                      const struct cli_journal_key *key, char **line,
                      size_t *size, char problem[CLI_JOURNAL_SIZE])
{
    char boot[sizeof(key->boot) + 8] = "", now[sizeof(boot)];
    off_t good = ftello(in);
    ssize_t len = 0;
    int failed = 0, is_same;

    while (failed == 0 && (len = getline(line, size, in)) > 0
           && (*line)[0] != '\0' && (*line)[len - 1] == '\n') {
        failed = read_line(j, *line, key, boot);
        if (failed == 0)
            good += len;
    }
    if (good < 0 || (len < 0 && !feof(in)))
        return read_failed(problem);
    run_line(now, sizeof(now), key);
    is_same = strcmp(boot, now) == 0 && key->boot[0] != '\0';
    if (failed > 0 && is_same)
        return set_problem(problem, EX_DATAERR, "it is damaged");
    if (failed < 0 || (!is_same && mark_all_begun(j) != 0))
        return set_problem(problem, EX_OSERR, "not enough memory");
    j->ahead = 0;
    if (ftruncate(j->fd, good) != 0)
        return set_problem(problem, EX_IOERR, strerror(errno));
    return 0;
}

static int read_file(struct cli_journal *j, struct cli_journal_key *key,
                     char problem[CLI_JOURNAL_SIZE])
{
    const int fd = dup(j->fd);
    FILE *in = fd >= 0 ? fdopen(fd, "r") : NULL;
    char *line = NULL;
    size_t size = 0;
    int failed;

    if (in == NULL) {
        if (fd >= 0)
            close(fd);
        return set_problem(problem, EX_IOERR, strerror(errno));
    }
    j->resumed = 1;
    errno = 0;
    failed = read_head(in, key, &line, &size, problem);
    if (failed != 0 && cli_file_code(0) != 0)
        failed = read_failed(problem);
    if (failed == 0)
        failed = read_lines(j, in, key, &line, &size, problem);
    free(line);
    (void)fclose(in);          /* it was only read */
    return failed;
}

/* The name of a new file must be on the disk as well as its content. */
static void sync_folder(const char *file)
{
    const char *slash = strrchr(file, '/');
    char *folder = slash != NULL ? strdup(file) : NULL;
    int fd;

    if (folder != NULL)
        folder[slash - file + 1] = '\0';
    fd = open(folder != NULL ? folder : ".", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);       /* not every file system can */
        close(fd);
    }
    free(folder);
}

/* ---- the mapped end of the file ---- */

static void unmap(struct cli_journal *j)
{
    munmap(j->window, WINDOW);
    j->window = NULL;
}

/* Maps the end of the file to memory: a line then costs no system call, and is
 * kept when the process is killed.  Returns 0 or an errno. */
static int map(struct cli_journal *j, off_t end)
{
    const off_t at = end - end % (off_t)sysconf(_SC_PAGESIZE);
    int failed = posix_fallocate(j->fd, at, WINDOW);
    void *window = MAP_FAILED;

    if (failed == 0) {
        window = mmap(NULL, WINDOW, PROT_READ | PROT_WRITE, MAP_SHARED, j->fd,
                      at);
        failed = window == MAP_FAILED ? errno : 0;
    }
    if (failed != 0)
        return failed;
    j->window = window;
    j->at = at;
    j->len = (size_t)(end - at);
    return 0;
}

/* A file that cannot be mapped is written to. */
static void try_to_map(struct cli_journal *j)
{
    struct stat st;

    if (fstat(j->fd, &st) == 0 && S_ISREG(st.st_mode)
        && map(j, st.st_size) != 0 && ftruncate(j->fd, st.st_size) != 0)
        j->cause = errno;
}

/* The first octet of a piece is stored last, so that a piece is whole, or the
 * file ends with a NUL before it. */
static int put_in_window(struct cli_journal *j, const char *text, size_t len)
{
    char *to;

    if (j->len + len > WINDOW) {
        unmap(j);
        j->cause = map(j, j->at + (off_t)j->len);
        if (j->cause != 0)
            return -1;
    }
    to = j->window + j->len;
    memcpy(to + 1, text + 1, len - 1);
    __atomic_store_n(to, text[0], __ATOMIC_RELEASE);
    j->len += len;
    return 0;
}

/* ---- writing ---- */

static int put_text(struct cli_journal *j, const char *text)
{
    const size_t len = strlen(text);

    if (len > sizeof(j->text))
        j->cause = EMSGSIZE;
    if (j->cause != 0 || len == 0)
        return j->cause != 0 ? -1 : 0;
    if (j->window != NULL)
        return put_in_window(j, text, len);
    if (j->len + len > sizeof(j->text) && cli_journal_flush(j) != 0)
        return -1;
    memcpy(j->text + j->len, text, len);
    j->len += len;
    return j->cause != 0 ? -1 : 0;
}

/* Not every file can be synchronized (EINVAL).  What is in the window belongs
 * to the file, and is written with it. */
static int sync_to_disk(struct cli_journal *j)
{
    if (cli_journal_flush(j) != 0)
        return -1;
    if (fdatasync(j->fd) != 0 && errno != EINVAL)
        j->cause = errno;
    return j->cause != 0 ? -1 : 0;
}

static void start_run(struct cli_journal *j, const char *file,
                      const struct cli_journal_key *key)
{
    char line[CLI_DIGEST_SIZE + 80];

    if (!j->resumed) {
        put_text(j, first_line);
        snprintf(line, sizeof(line), "rows %s\nletter ", key->rows);
        put_text(j, line);
        snprintf(line, sizeof(line), "%s\nid ", key->message);
        put_text(j, line);
        snprintf(line, sizeof(line), "%s\n", key->id);
        put_text(j, line);
        sync_folder(file);
    }
    run_line(line, sizeof(line), key);
    put_text(j, line);
}

int cli_journal_open(struct cli_journal *j, const char *file,
                     struct cli_journal_key *key,
                     char problem[CLI_JOURNAL_SIZE])
{
    struct stat st;
    int failed = 0;

    memset(j, 0, sizeof(*j));
    j->rows = key->count;
    j->fd = open(file, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (j->fd < 0)
        return set_problem(problem, cli_file_code(EX_CANTCREAT),
                           strerror(errno));
    if (flock(j->fd, LOCK_EX | LOCK_NB) != 0)
        return set_problem(problem, EX_TEMPFAIL,
                           errno == EWOULDBLOCK ? "another merge is using it"
                                                : strerror(errno));
    if (fstat(j->fd, &st) != 0)
        return set_problem(problem, EX_IOERR, strerror(errno));
    if (st.st_size > 0)
        failed = read_file(j, key, problem);
    if (failed != 0)
        return failed;
    start_run(j, file, key);
    if (sync_to_disk(j) == 0)
        try_to_map(j);
    return j->cause == 0 ? 0
                         : set_problem(problem, EX_IOERR, strerror(j->cause));
}

void cli_journal_close(struct cli_journal *j)
{
    if (j->fd >= 0) {
        cli_journal_flush(j);
        if (j->window != NULL) {
            unmap(j);
            if (ftruncate(j->fd, j->at + (off_t)j->len) != 0)
                j->cause = errno; /* NULs are left at the end */
        }
        close(j->fd);
    }
    free(j->open);
    cli_recipient_results_free(&j->recipients);
}

int cli_journal_results(struct cli_journal *j, FILE *out)
{
    const int fd = dup(j->fd);
    FILE *in = fd >= 0 ? fdopen(fd, "r") : NULL;
    char *line = NULL;
    const char *csv;
    size_t size = 0;
    int failed;

    if (in == NULL) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    rewind(in);
    while (getline(&line, &size, in) > 0 && line[0] != '\0')
        if (state_of(line) == CLI_ROW_DECIDED
            && number(line, j->rows, &csv) != 0 && *csv == ' ')
            fputs(csv + 1, out);
    failed = !feof(in) && (line == NULL || line[0] != '\0');
    free(line);
    (void)fclose(in);          /* it was only read */
    return failed ? -1 : 0;
}

/* ---- lines ---- */

int cli_journal_flush(struct cli_journal *j)
{
    size_t done = 0;
    ssize_t n;

    if (j->window != NULL)
        return j->cause != 0 ? -1 : 0;
    while (j->cause == 0 && done < j->len) {
        n = write(j->fd, j->text + done, j->len - done);
        if (n > 0)
            done += (size_t)n;
        else if (n == 0 || errno != EINTR)
            j->cause = n == 0 ? EIO : errno;
    }
    j->len = 0;
    return j->cause != 0 ? -1 : 0;
}

static int note(struct cli_journal *j, const char *word, uint64_t row)
{
    char line[64];

    snprintf(line, sizeof(line), "%s %" PRIu64 "\n", word, row);
    return put_text(j, line);
}

int cli_journal_ahead(struct cli_journal *j, uint64_t row)
{
    if (row <= j->ahead)
        return j->cause != 0 ? -1 : 0;
    j->ahead = row + BLOCK - 1 < j->rows ? row + BLOCK - 1 : j->rows;
    return note(j, "ahead", j->ahead) != 0 ? -1 : sync_to_disk(j);
}

int cli_journal_begun(struct cli_journal *j, uint64_t row)
{
    return note(j, "begun", row) != 0 ? -1 : cli_journal_flush(j);
}

int cli_journal_back(struct cli_journal *j, uint64_t row)
{
    return note(j, "back", row);
}

int cli_journal_recipients(struct cli_journal *j, uint64_t row,
                           const duva_mail *mail)
{
    char line[400];
    size_t i;
    int n;

    for (i = 0; i < mail->rcpt_count; i++) {
        if (!cli_recipient_is_decided(&mail->rcpt[i]))
            continue;
        n = snprintf(line, sizeof(line), "part %" PRIu64 " ", row);
        cli_recipient_result_text(line + n, sizeof(line) - (size_t)n,
                                  &mail->rcpt[i]);
        if (put_text(j, line) != 0)
            return -1;
    }
    return 0;
}

int cli_journal_verdict(struct cli_journal *j, uint64_t row,
                        const char *verdict, const char *csv)
{
    char head[64];

    snprintf(head, sizeof(head), "%s %" PRIu64 " ", verdict, row);
    return put_text(j, head) != 0 || put_text(j, csv) != 0
                   || put_text(j, "\n") != 0
               ? -1
               : 0;
}
