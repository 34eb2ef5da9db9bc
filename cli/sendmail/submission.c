/* submission.c - what a program hands over into a mail of an account. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "config/account_values.h"
#include "config/config.h"
#include "envelope/mailbox.h"
#include "envelope/parameters.h"
#include "envelope/idn_address.h"
#include "login/secret.h"
#include "system/input.h"
#include "message/header.h"
#include "message/finished.h"
#include "options/send_options.h"
#include "options/server_options.h"
#include "outcome/outcome.h"
#include "outcome/recipients.h"
#include "report/recipients_text.h"
#include "report/summary.h"
#include "send/send.h"
#include "sendmail/aliases.h"
#include "sendmail/input_lines.h"
#include "send/log.h"
#include "sendmail/submission.h"
#include "send/job.h"
#include "session/session.h"
#include "session/tls.h"
#include "system/guard.h"
#include "system/shortage.h"
#include "text/escape.h"
#include "text/expand.h"

static const struct cli_account *account_of(const struct cli_submission *s)
{
    return s->accounts.account;
}

static int is_set(const struct cli_submission *s, enum cli_setting setting,
                  const char *word, const char *otherwise)
{
    const char *text = cli_account_text(account_of(s), setting);

    return strcasecmp(text != NULL ? text : otherwise, word) == 0;
}

static int no_memory(struct cli_job *job)
{
    return cli_stop(&job->outcome, EX_OSERR, DUVA_ERR_RESOURCES,
                    DUVA_REASON_NONE, "not enough memory");
}

/* ---- DSN ---- */

static void set_extras(struct cli_submission *s)
{
    cli_account_dsn(account_of(s), s->notify_given ? NULL : &s->notify,
                    s->ret != 0 ? NULL : &s->ret);
    s->rcpt_extras.notify = s->notify;
    s->mail_extras.ret = s->ret;
    s->mail_extras.envid = s->envid;
}

/* ---- reading ---- */

/* A CR alone is a space in the header, and ends a line behind it. */
static int read_all(struct cli_submission *s, struct cli_input_lines *in,
                    FILE *lines, const char **problem)
{
    int failed;

    in->in_header = 1;
    failed = cli_header_read(&s->header, lines, problem);
    in->in_header = 0;
    s->job->outgoing.finished.binary
        = 1; /* only what is exact has what no line has */
    if (failed == 0)
        failed = cli_finished_take(&s->job->outgoing.finished, lines);
    s->job->outgoing.finished.binary = in->exact;
    return failed;
}

static int refuse_nul(struct cli_submission *s,
                      const struct cli_input_lines *in)
{
    return cli_stop(&s->job->outcome, EX_DATAERR, DUVA_ERR_BODY,
                    DUVA_REASON_NUL,
                    "standard input: line %zu: a NUL, as in UTF-16: encode it "
                    "(base64), or write it in UTF-8",
                    in->nul_line);
}

/* Returns the exit code. */
static int unread(struct cli_submission *s, int code, const char *problem)
{
    char text[800];

    if (problem != NULL)
        snprintf(text, sizeof(text), "standard input: %s", problem);
    else
        cli_input_problem(text, sizeof(text), "", "standard input", code);
    return cli_stop(&s->job->outcome, code,
                    code == EX_OSERR ? DUVA_ERR_RESOURCES : DUVA_ERR_BODY,
                    DUVA_REASON_SOURCE, "%s", text);
}

int cli_submission_read(struct cli_submission *s, struct cli_input_lines *in)
{
    FILE *lines = cli_input_lines_open(in);
    const char *problem = NULL;
    int failed;

    if (lines == NULL)
        return no_memory(s->job);
    failed = read_all(s, in, lines, &problem);
    if (failed != 0)
        failed = unread(s, failed, problem);
    else if (in->nul_line > 0)
        failed = refuse_nul(s, in);
    (void)fclose(lines);       /* nothing was written */
    return failed;
}

/* ---- the envelope ---- */

/* The domain of names that have none, on the heap, or NULL. */
static char *own_domain(const struct cli_submission *s)
{
    const char *domain = cli_account_text(account_of(s), CLI_SET_MAILDOMAIN);

    return domain != NULL ? strdup(domain) : cli_mailname();
}

static int bad_field(struct cli_job *job, const char *field,
                     const char *problem)
{
    return cli_stop(&job->outcome, EX_DATAERR, DUVA_ERR_ARG,
                    DUVA_REASON_CHARACTER, "the header's %.*s: %s",
                    (int)strcspn(field, ":"), field, problem);
}

static int add_all(struct cli_address_set *to, const struct cli_mailboxes *m)
{
    size_t i;
    int failed = 0;

    for (i = 0; failed == 0 && i < m->count; i++)
        if (m->list[i].addr != NULL)
            failed = cli_address_set_add(to, m->list[i].addr);
    return failed;
}

const char *cli_submission_add(struct cli_submission *s, const char *list)
{
    struct cli_mailboxes m = { .lenient = 1 };
    const char *problem = cli_mailboxes_add(&m, list);

    if (problem == NULL && add_all(&s->to, &m) != 0)
        problem = "not enough memory";
    cli_mailboxes_free(&m);
    return problem;
}

static int add_from_header(struct cli_submission *s)
{
    struct cli_mailboxes m = { .lenient = 1 };
    const char *field = "", *problem;
    int failed = 0;

    problem = cli_header_recipients(&s->header, &m, &field);
    if (problem != NULL)
        failed = bad_field(s->job, field, problem);
    else if (add_all(&s->to, &m) != 0)
        failed = no_memory(s->job);
    cli_mailboxes_free(&m);
    return failed;
}

/* On the heap; or NULL, then *problem may say why. */
static char *read_aliases(struct cli_submission *s, const char **problem)
{
    const char *file = cli_account_path(&s->accounts, CLI_SET_ALIASES);
    const int fd = file != NULL ? open(file, O_RDONLY | O_CLOEXEC) : -1;
    FILE  *in = fd >= 0 ? fdopen(fd, "r") : NULL;
    char  *text = NULL;
    size_t room = 0;
    ssize_t len = 0;

    if (file == NULL)
        return NULL;
    if (in != NULL)
        len = getdelim(&text, &room, '\0', in);
    if (in == NULL || (len < 0 && !feof(in)))
        *problem = strerror(errno);
    else if (len < 0)
        text[0] = '\0';        /* an empty file */
    if (in == NULL && fd >= 0)
        close(fd);
    if (in != NULL)
        (void)fclose(in);      /* it was only read */
    return text;
}

static int wrong(struct cli_job *job, int exit_code, const char *what,
                 const char *addr, const char *problem)
{
    char shown[400];

    cli_escape(shown, sizeof(shown), addr, strlen(addr));
    return cli_stop(&job->outcome, exit_code, DUVA_ERR_ARG, DUVA_REASON_MISSING,
                    "%s '%s': %s", what, shown, problem);
}

static int resolve_all(struct cli_submission *s,
                       struct cli_address_set *resolved,
                       struct cli_aliases *aliases)
{
    const char *problem = NULL;
    size_t i;

    for (i = 0; i < s->to.count && problem == NULL; i++)
        problem = cli_aliases_resolve(resolved, aliases, s->to.addr[i]);
    return problem == NULL ? 0 : wrong(s->job, EX_NOUSER, "recipient",
                                       s->to.addr[i - 1], problem);
}

/* As MAIL and RCPT have it; it is good until the next one.  Returns 0 or an
 * exit code. */
static int spell(struct cli_submission *s, struct cli_idn_address *as,
                 const char *what, const char *addr)
{
    const char *problem = cli_idn_address_convert(as, addr);

    if (problem == NULL)
        return 0;
    return as->reason == DUVA_REASON_MEMORY
               ? no_memory(s->job)
               : wrong(s->job, EX_USAGE, what, addr, problem);
}

static int spell_all(struct cli_submission *s,
                     const struct cli_address_set *resolved)
{
    size_t i;
    int failed = 0;

    for (i = 0; failed == 0 && i < resolved->count; i++) {
        failed = spell(s, &s->spelling, "recipient", resolved->addr[i]);
        if (failed == 0
            && cli_address_set_add(&s->people, s->spelling.addr) != 0)
            failed = no_memory(s->job);
    }
    return failed;
}

static int resolve(struct cli_submission *s)
{
    struct cli_aliases aliases = { 0 };
    struct cli_address_set resolved = { 0 };
    const char *problem = NULL;
    char *domain = own_domain(s), *text = read_aliases(s, &problem);
    int failed;

    aliases.domain = domain;
    if (problem != NULL)
        failed = cli_stop(&s->job->outcome, EX_CONFIG, DUVA_ERR_ARG,
                          DUVA_REASON_MISSING, "the file of 'aliases': %s",
                          problem);
    else if (text != NULL && cli_aliases_read(&aliases, text) != 0)
        failed = no_memory(s->job);
    else
        failed = resolve_all(s, &resolved, &aliases);
    if (failed == 0)
        failed = spell_all(s, &resolved);
    cli_address_set_free(&resolved);
    cli_aliases_free(&aliases);
    free(text);
    free(domain);
    return failed;
}

static int keep_sender(struct cli_submission *s, char *addr)
{
    struct cli_access *a = &s->job->options.access;

    a->sender = addr != NULL ? cli_config_keep(&s->accounts.config, addr)
                             : NULL;
    return a->sender != NULL ? 0 : no_memory(s->job);
}

/* "ada" is ada here. */
static int add_domain(struct cli_submission *s)
{
    const struct cli_access *a = &s->job->options.access;
    char *name = a->sender != NULL ? strdup(a->sender) : cli_login();
    char *domain = own_domain(s), *addr = NULL;

    if (domain == NULL)
        domain = cli_hostname(1);
    if (name == NULL || domain == NULL
        || asprintf(&addr, "%s@%s", name, domain) < 0)
        addr = NULL;
    free(name);
    free(domain);
    return keep_sender(s, addr);
}

static int complete_sender(struct cli_submission *s)
{
    struct cli_access *a = &s->job->options.access;
    int failed = 0;

    if (a->sender != NULL && a->sender[0] == '\0')
        return 0;
    if (a->sender != NULL && a->sender[0] == '"'
        && cli_address_domain(a->sender) == NULL)
        return wrong(s->job, EX_USAGE, "sender", a->sender,
                     "it has no domain; write it as name@host");
    if (a->sender == NULL || cli_address_domain(a->sender) == NULL)
        failed = add_domain(s);
    if (failed == 0)
        failed = spell(s, &s->spelling, "sender", a->sender);
    return failed == 0 && s->spelling.addr != a->sender
               ? keep_sender(s, strdup(s->spelling.addr)) : failed;
}

static int check_extras(struct cli_job *job)
{
    duva_reason reason;
    const char *problem = cli_parameters_check(&job->outcome.mail, &reason);

    if (problem == NULL)
        return 0;
    return cli_stop(&job->outcome, EX_USAGE, DUVA_ERR_ARG, reason, "%s",
                    reason == DUVA_REASON_ENVID
                        ? "-V: it must be printable ASCII, 100 octets at most"
                        : problem);
}

static int make_envelope(struct cli_submission *s)
{
    struct cli_job *job = s->job;
    const struct cli_options *o = &job->options;
    int failed = cli_recipients(&job->outcome, s->people.count);
    size_t i;

    for (i = 0; failed == 0 && i < s->people.count; i++) {
        job->outcome.mail.rcpt[i].addr = s->people.addr[i];
        job->outcome.mail.rcpt[i].extras = &s->rcpt_extras;
    }
    job->outcome.mail.from = o->access.sender;
    job->outcome.mail.extras = &s->mail_extras;
    job->outcome.mail.policy
        = s->all_or_nothing ? DUVA_ALL_OR_NOTHING : DUVA_WHOEVER_IS_ACCEPTED;
    if (o->access.session.require_tls)
        job->outcome.mail.flags |= DUVA_MAIL_REQUIRETLS;
    if (s->spelling.utf8)
        job->outcome.mail.flags |= DUVA_MAIL_UTF8;
    if (failed == 0)
        failed = cli_recipients_check_lmtp(
            &job->outcome, job->options.access.session.server.lmtp, 0);
    return failed == 0 ? check_extras(job) : failed;
}

/* ---- the header ---- */

static void put_message_id(FILE *out, const char *from)
{
    const char *domain = cli_address_domain(from);
    uint64_t id[2] = { 0, 0 };

    if (getentropy(id, sizeof(id)) != 0)
        id[0] = (uint64_t)time(NULL);
    fprintf(out, "Message-ID: <%016" PRIx64 "%016" PRIx64 "@%s>\r\n", id[0],
            id[1], domain != NULL ? domain : "localhost");
}

/* Whose mail it is when nobody has a bounce. */
static void put_from(const struct cli_submission *s, FILE *out)
{
    const char *name = s->full_name;
    const char *from = s->job->outcome.mail.from;

    if (name == NULL)
        name = cli_account_text(account_of(s), CLI_SET_FROM_FULL_NAME);
    cli_header_put_from(out, name, from[0] != '\0' ? from : "MAILER-DAEMON");
}

static void drop_fields(struct cli_submission *s)
{
    struct cli_header *h = &s->header;
    const int hide = cli_account_flag(account_of(s), CLI_SET_UNDISCLOSED, 0);

    if (hide) {
        cli_header_drop_recipients(h);
    } else if (cli_account_flag(account_of(s), CLI_SET_REMOVE_BCC, 1)) {
        cli_header_drop(h, "Bcc");
        cli_header_drop(h, "Resent-Bcc");
    }
    if (is_set(s, CLI_SET_FROM_HEADER, "on", "auto"))
        cli_header_drop(h, "From");
}

/* What was read of it, as it is sent. */
static int change_header(struct cli_submission *s)
{
    drop_fields(s);
    return cli_header_convert_domains(&s->header, &s->spelling.utf8) == 0
               ? 0
               : no_memory(s->job);
}

/* Before those of the header, so that its lines can be found again. */
static void put_fields(const struct cli_submission *s, FILE *out)
{
    const struct cli_header *h = &s->header;

    if (cli_header_find(h, "Date") == NULL
        && !is_set(s, CLI_SET_DATE_HEADER, "off", "auto"))
        cli_header_put_date(out, time(NULL));
    if (cli_header_find(h, "Message-ID") == NULL
        && !is_set(s, CLI_SET_MSGID_HEADER, "off", "auto"))
        put_message_id(out, s->job->outcome.mail.from);
    if (cli_header_find(h, "From") == NULL
        && !is_set(s, CLI_SET_FROM_HEADER, "off", "auto"))
        put_from(s, out);
    if (cli_account_flag(account_of(s), CLI_SET_UNDISCLOSED, 0))
        fputs("To: undisclosed-recipients:;\r\n", out);
}

static int write_header(struct cli_submission *s)
{
    struct cli_finished *m = &s->job->outgoing.finished;
    const struct cli_header *h = &s->header;
    FILE *out = open_memstream(&m->head, &m->head_len);
    size_t i, own;

    if (out == NULL)
        return no_memory(s->job);
    put_fields(s, out);
    own = (size_t)ftell(out);
    cli_header_write(h, out);
    fputs("\r\n", out);
    if (h->behind != NULL)
        cli_header_put_lines(out, h->behind);
    if (cli_close_text(out, &m->head) != 0)
        return no_memory(s->job);
    for (i = 0; i < m->head_len; i++) {
        if ((unsigned char)m->head[i] > 127)
            m->eight_bit = 1;
        m->added += i < own && m->head[i] == '\n';
    }
    m->given = h;
    return 0;
}

/* ---- all of it ---- */

static int find_sender(struct cli_submission *s)
{
    struct cli_access *a = &s->job->options.access;
    struct cli_mailboxes m = { .lenient = 1 };
    const char *problem = NULL;
    char *addr;

    a->sender = s->sender;
    if (s->sender == NULL && s->sender_from_header) {
        problem = cli_header_author(&s->header, &m);
        if (problem == NULL && m.count > 0 && m.list[0].addr != NULL
            && (addr = strdup(m.list[0].addr)) != NULL)
            a->sender = cli_config_keep(&s->accounts.config, addr);
    }
    cli_mailboxes_free(&m);
    return problem == NULL ? 0 : bad_field(s->job, "From", problem);
}

static int prepare(struct cli_submission *s)
{
    struct cli_job *job = s->job;
    int failed = s->recipients_from_header ? add_from_header(s) : 0;

    if (failed == 0 && s->to.count == 0)
        failed = cli_stop(&job->outcome, EX_USAGE, DUVA_ERR_ARG,
                          DUVA_REASON_NO_RECIPIENT, "there is no recipient");
    if (failed == 0)
        failed = resolve(s);
    if (failed == 0)
        failed = complete_sender(s);
    if (failed == 0)
        failed = change_header(s);
    set_extras(s);
    if (failed == 0)
        failed = make_envelope(s);
    if (failed == 0)
        failed = write_header(s);
    if (failed != 0)
        return failed;
    job->outcome.mail.size
        = job->outgoing.finished.head_len + job->outgoing.finished.check.octets;
    if (job->outgoing.finished.eight_bit)
        job->outcome.mail.flags |= DUVA_MAIL_8BIT;
    cli_finished_read(&job->outgoing.finished, NULL, 0);
    if (cli_asks_for_tls(&job->options.access.session)
        && job->options.access.session.tls_mode != DUVA_TLS_NEVER)
        failed = cli_tls_open(job);
    return failed == 0 ? cli_secret(job) : failed;
}

int cli_submission_send(struct cli_submission *s)
{
    struct cli_job *job = s->job;
    int failed = find_sender(s);

    if (failed == 0)
        failed = cli_account_apply(&s->accounts, &job->options.access);
    if (failed == 0)
        failed = cli_access_check(&job->options.access);
    if (failed != 0)
        return failed;         /* it is said already */
    if (prepare(s) == 0) {
        cli_session_send(job);
        if (job->outcome.exit_code == EX_OK)
            cli_judge(job);
    }
    cli_log(job, &s->accounts);
    return job->outcome.exit_code;
}

void cli_submission_free(struct cli_submission *s)
{
    struct cli_job *job = s->job;

    cli_header_free(&s->header);
    cli_address_set_free(&s->to);
    cli_address_set_free(&s->people);
    cli_tls_close(&job->tls);
    cli_finished_close(&job->outgoing.finished);
    cli_options_free(&job->options);
    cli_accounts_free(&s->accounts);
    free(job->outcome.mail.rcpt);
    cli_wipe(job->login.secret, sizeof(job->login.secret));
}
