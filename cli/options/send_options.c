/* options.c - the arguments of "duva send" into what they mean. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "config/account_values.h"
#include "envelope/mailbox.h"
#include "envelope/parameters.h"
#include "envelope/date.h"
#include "options/merge_options.h"
#include "message/draft_files.h"
#include "message/composed.h"
#include "message/finished.h"
#include "message/sign.h"
#include "options/send_options.h"
#include "options/server_options.h"

enum {
    FROM = CLI_OPTION_OWN, SENDER, ENVELOPE_FROM, TO, CC, BCC, RECIPIENTS,
    REPLY_TO, SUBJECT, TEXT, BODY, FLOWED, CHARSET, HTML, INLINE, ATTACH,
    ATTACH_TYPE, ATTACH_NAME, CALENDAR, HEADER, PRIORITY, DATE, MESSAGE_ID,
    IN_REPLY_TO, REFERENCES, RAW, DKIM_KEY, DKIM_DOMAIN, DKIM_SELECTOR,
    SMTPUTF8, CHUNKING, PIPELINING, ALL_OR_NOTHING, DRY_RUN, QUIET
};

static const struct option known[] = {
    CLI_ACCESS_OPTIONS,
    CLI_PARAMETER_OPTIONS,
    CLI_MERGE_OPTIONS,
    { "from", required_argument, NULL, FROM },
    { "sender", required_argument, NULL, SENDER },
    { "envelope-from", required_argument, NULL, ENVELOPE_FROM },
    { "to", required_argument, NULL, TO },
    { "cc", required_argument, NULL, CC },
    { "bcc", required_argument, NULL, BCC },
    { "recipients", required_argument, NULL, RECIPIENTS },
    { "reply-to", required_argument, NULL, REPLY_TO },
    { "subject", required_argument, NULL, SUBJECT },
    { "text", required_argument, NULL, TEXT },
    { "body", required_argument, NULL, BODY },
    { "flowed", no_argument, NULL, FLOWED },
    { "charset", required_argument, NULL, CHARSET },
    { "html", required_argument, NULL, HTML },
    { "inline", required_argument, NULL, INLINE },
    { "attach", required_argument, NULL, ATTACH },
    { "attach-type", required_argument, NULL, ATTACH_TYPE },
    { "attach-name", required_argument, NULL, ATTACH_NAME },
    { "calendar", required_argument, NULL, CALENDAR },
    { "header", required_argument, NULL, HEADER },
    { "priority", required_argument, NULL, PRIORITY },
    { "date", required_argument, NULL, DATE },
    { "message-id", required_argument, NULL, MESSAGE_ID },
    { "in-reply-to", required_argument, NULL, IN_REPLY_TO },
    { "references", required_argument, NULL, REFERENCES },
    { "raw", required_argument, NULL, RAW },
    { "dkim-key", required_argument, NULL, DKIM_KEY },
    { "dkim-domain", required_argument, NULL, DKIM_DOMAIN },
    { "dkim-selector", required_argument, NULL, DKIM_SELECTOR },
    { "smtputf8", no_argument, NULL, SMTPUTF8 },
    { "chunking", required_argument, NULL, CHUNKING },
    { "pipelining", required_argument, NULL, PIPELINING },
    { "all-or-nothing", no_argument, NULL, ALL_OR_NOTHING },
    { "dry-run", no_argument, NULL, DRY_RUN },
    { "quiet", no_argument, NULL, QUIET },
    { NULL, 0, NULL, 0 }
};

static const char help_begin[] =
    "usage: duva send --from ADDRESS --to ADDRESS [OPTION]... [ADDRESS]...\n"
    "Sends one mail and says what became of it.\n"
    "\n"
    "who: an ADDRESS is ada@example.org or 'Ada <ada@example.org>', or a list\n"
    "of such with commas\n"
    "  --from ADDRESS           the author; with --raw it may be empty\n"
    "  --to, --cc, --bcc ADDRESS  recipients; as often as needed\n"
    "  --recipients FILE        more, a mailbox a line; as --bcc\n"
    "  --reply-to ADDRESS       where answers go\n"
    "  --sender ADDRESS         who sends it for the author\n"
    "  --envelope-from ADDRESS  where bounces go; empty: nowhere\n"
    "\n"
    "what\n"
    "  --subject TEXT           the subject, in UTF-8\n"
    "  --body FILE              the text; '-' or nothing: standard input\n"
    "  --text TEXT              the text itself\n"
    "  --flowed                 readers may wrap its paragraphs\n"
    "  --charset NAME           of text and HTML, if it is not UTF-8\n"
    "  --html FILE              the same as HTML, alone or beside the text\n"
    "  --inline CID=FILE        what the HTML shows as cid:CID\n"
    "  --attach FILE            a file; as often as needed\n"
    "  --attach-type TYPE         of the file before, like image/png\n"
    "  --attach-name NAME         its name for the reader\n"
    "  --calendar FILE          an invitation (iCalendar)\n"
    "  --priority high|normal|low\n"
    "  --header 'NAME: TEXT'    any other field; repeatable\n"
    "  --date DATE              not now: 2026-12-24T18:00:00+01:00, or what\n"
    "                           'date -R' prints\n"
    "  --message-id ID, --in-reply-to ID, --references 'ID ID...'\n"
    "                           like <id@example.org>\n"
    "  --raw FILE               instead of all this: a finished message, "
    "header\n"
    "                           and all\n"
    "  --dkim-key FILE          sign it with this key (PEM),\n"
    "  --dkim-selector NAME       whose other half is there in DNS,\n"
    "  --dkim-domain NAME         by the domain of the author or this one\n"
    "\n"
    "how\n"
    "  --dry-run                print the message; send nothing\n"
    "  --all-or-nothing         send to nobody if one recipient is refused\n"
    "  --smtputf8               keep domains beyond ASCII as they are typed\n"
    "  --chunking auto|never    CHUNKING, or DATA though it is offered\n"
    "  --pipelining auto|mail|never  send commands without waiting for "
    "replies,\n"
    "                           also those of the next mail; those of a mail\n"
    "                           only; or one by one\n";

static void help(void)
{
    fputs(help_begin, stdout);
    fputs(cli_parameters_help, stdout);
    fputs("\nmail merge\n", stdout);
    fputs(cli_merge_help, stdout);
    fputs("\nthe server\n", stdout);
    fputs(cli_access_help, stdout);
    fputs("  --quiet                  say nothing of success\n"
          "  --help, --version\n"
          "\n"
          "exit: 0 accepted, 64 usage, 65 bad message, 69 refused, 75 try "
          "later,\n"
          "      77 authentication refused, 79 uncertain; more in duva(1)\n",
          stdout);
}

/* ---- one option ---- */

/* Where the text of an option goes, or NULL. */
static const char **place(struct cli_options *o, int option)
{
    struct { int option; const char **text; } const all[] = {
        { FROM, &o->draft.from }, { SENDER, &o->draft.sender },
        { ENVELOPE_FROM, &o->draft.envelope_from },
        { REPLY_TO, &o->draft.reply_to }, { SUBJECT, &o->draft.subject },
        { CHARSET, &o->draft.charset }, { MESSAGE_ID, &o->draft.message_id },
        { IN_REPLY_TO, &o->draft.in_reply_to },
        { REFERENCES, &o->draft.references }, { TEXT, &o->files.text },
        { BODY, &o->files.body }, { HTML, &o->files.html },
        { CALENDAR, &o->files.calendar }, { RAW, &o->raw },
        { DKIM_KEY, &o->signature.key },
        { DKIM_DOMAIN, &o->signature.domain },
        { DKIM_SELECTOR, &o->signature.selector }
    };
    size_t i;

    for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (all[i].option == option)
            return all[i].text;
    return NULL;
}

/* The list that the text of an option is added to, or NULL. */
static struct cli_texts *list(struct cli_options *o, int option)
{
    switch (option) {
    case TO: case CLI_OPERAND:
        return &o->draft.to;
    case CC:
        return &o->draft.cc;
    case BCC:
        return &o->draft.bcc;
    case HEADER:
        return &o->draft.headers;
    case RECIPIENTS:
        return &o->files.recipients;
    default:
        return NULL;
    }
}

/* The flag that an option sets, or NULL. */
static uint8_t *flag(struct cli_options *o, int option)
{
    switch (option) {
    case FLOWED:
        return &o->draft.flowed;
    case SMTPUTF8:
        return &o->draft.utf8;
    case ALL_OR_NOTHING:
        return &o->all_or_nothing;
    case DRY_RUN:
        return &o->dry_run;
    case QUIET:
        return &o->quiet;
    default:
        return NULL;
    }
}

static const char *take_priority(struct cli_options *o, const char *text)
{
    static const char *const name[] = { "", "high", "normal", "low" };
    uint8_t i;

    for (i = CLI_PRIORITY_HIGH; i <= CLI_PRIORITY_LOW; i++)
        if (strcmp(text, name[i]) == 0) {
            o->draft.priority = i;
            return NULL;
        }
    return "it must be high, normal or low";
}

static const char *take_date(struct cli_options *o, const char *text)
{
    o->draft.dated = 1;
    return cli_date_parse(&o->draft.date, text);
}

static const char *take_chunking(struct cli_options *o, const char *text)
{
    o->access.session.no_chunking = strcmp(text, "never") == 0;
    return o->access.session.no_chunking || strcmp(text, "auto") == 0
               ? NULL
               : "it must be auto or never";
}

static const char *take_pipelining(struct cli_options *o, const char *text)
{
    o->access.session.pipelining = (uint8_t)cli_pipelining_parse(text);
    return o->access.session.pipelining != CLI_PIPELINING_UNSAID
               ? NULL
               : "it must be auto, mail or never";
}

/* An option whose text may be wrong.  Returns NULL or why it is; *taken is 0
 * when it is none of these. */
static const char *take_checked(struct cli_options *o, int option,
                                const char *text, int *taken)
{
    *taken = 1;
    switch (option) {
    case ATTACH: case INLINE:
        return cli_draft_files_add(&o->files, text, option == INLINE);
    case ATTACH_TYPE:
        return cli_draft_files_describe(&o->files, text, NULL);
    case ATTACH_NAME:
        return cli_draft_files_describe(&o->files, NULL, text);
    case PRIORITY:
        return take_priority(o, text);
    case DATE:
        return take_date(o, text);
    case CHUNKING:
        return take_chunking(o, text);
    case PIPELINING:
        return take_pipelining(o, text);
    default:
        if (option >= CLI_PARAMETER_FIRST && option < CLI_PARAMETER_END)
            return cli_parameters_take(&o->parameters, option, text);
        *taken = 0;
        return NULL;
    }
}

static const char *name_of(int option)
{
    const struct option *k = known;

    while (k->name != NULL && k->val != option)
        k++;
    return k->name;
}

static int take(void *options, int option, const char *text)
{
    struct cli_options *o = options;
    const char **to = place(o, option);
    struct cli_texts *all = list(o, option);
    uint8_t *on = flag(o, option);
    int taken;
    const char *problem = take_checked(o, option, text, &taken);
    const int done = cli_merge_take(&o->access, &o->merge, option, text);

    if (done != CLI_MERGE_NONE)
        return done;
    if (problem != NULL)
        return cli_mistake(&o->access, "--%s '%s': %s", name_of(option), text,
                           problem);
    if (to != NULL)
        *to = text;
    else if (on != NULL)
        *on = 1;
    else if (all != NULL && cli_texts_add(all, text) != 0) {
        fputs("duva send: not enough memory\n", stderr);
        return EX_OSERR;
    } else if (option == CLI_OPTION_HELP) {
        help();
        return EX_OK;
    } else if (all == NULL && !taken)
        return cli_access_take(&o->access, option, text);
    return -1;
}

/* ---- all of them ---- */

/* Is there anything that only a letter has? */
static int composes(const struct cli_options *o)
{
    const struct cli_draft *d = &o->draft;
    const struct cli_draft_files *f = &o->files;

    return d->subject != NULL || d->sender != NULL || d->reply_to != NULL
           || d->message_id != NULL || d->in_reply_to != NULL
           || d->references != NULL || d->headers.count > 0
           || d->charset != NULL || d->priority != 0 || d->flowed || d->dated
           || f->text != NULL || f->body != NULL || f->html != NULL
           || f->calendar != NULL || f->attachments > 0
           || o->signature.key != NULL;
}

static int check_raw(struct cli_options *o)
{
    const struct cli_access *a = &o->access;

    if (o->raw != NULL && composes(o))
        return cli_mistake(a, "--raw is a whole message: no --subject, no "
                              "--body, nothing that would change it");
    if (o->raw == NULL && o->draft.from[0] == '\0')
        return cli_mistake(a, "an empty --from needs --raw");
    if (o->draft.from[0] == '\0') {
        o->draft.from = NULL;
        o->draft.envelope_from = "";
    }
    return -1;
}

static int check_signature(const struct cli_options *o)
{
    const struct cli_access *a = &o->access;
    const struct cli_signature *s = &o->signature;

    if (s->key == NULL && (s->domain != NULL || s->selector != NULL))
        return cli_mistake(a, "--dkim-domain and --dkim-selector need "
                              "--dkim-key");
    if (s->key != NULL && s->selector == NULL)
        return cli_mistake(a, "--dkim-key needs --dkim-selector");
    return -1;
}

/* Everything wants to be read from its start. */
static int check_stdin(const struct cli_options *o)
{
    const struct cli_access *a = &o->access;
    const char *secret = a->login.password_file != NULL ? a->login.password_file
                                                        : a->login.token_file;
    const size_t messages = cli_draft_files_from_stdin(&o->files)
                            + (o->raw != NULL && cli_is_stdin(o->raw));

    if (messages > 1)
        return cli_mistake(a, "only one file can be standard input");
    if (messages > 0 && secret != NULL && cli_is_stdin(secret))
        return cli_mistake(a, "%s and message cannot both be standard input",
                           a->login.password_file != NULL ? "password"
                                                          : "token");
    return -1;
}

static int check_merge(const struct cli_options *o)
{
    const struct cli_access *a = &o->access;

    if (o->raw != NULL && o->merge.rows != NULL)
        return cli_mistake(a, "--raw goes with no --merge");
    if (o->access.session.server.is_path && o->merge.rows != NULL)
        return cli_mistake(a, "--merge connects to no Unix socket");
    if (o->parameters.rcpt.orcpt != NULL && o->merge.rows != NULL)
        return cli_mistake(a, "--orcpt goes with no --merge");
    if (o->merge.window != 0 && a->session.pipelining > CLI_PIPELINING_AUTO)
        return cli_mistake(a, "--window needs --pipelining auto");
    if (o->merge.rows != NULL && o->all_or_nothing && a->session.server.lmtp)
        return cli_mistake(a, "--all-or-nothing goes with no --merge over "
                              "LMTP: the server replies for each recipient "
                              "once it has the message, and what it has "
                              "delivered cannot be taken back; leave it out, "
                              "and the same command sends what was deferred to "
                              "those only who do not have it");
    return cli_merge_check(a, &o->merge);
}

static int check(struct cli_options *o)
{
    const struct cli_access *a = &o->access;
    struct cli_draft_files *f = &o->files;
    int done;

    if (o->draft.from == NULL)
        return cli_mistake(a, a->not_set_up
                                  ? "--from is missing, and there is no "
                                    "account: set one up with 'duva account "
                                    "add', or say --from and --server"
                                  : "--from is missing");
    if (o->draft.to.count + o->draft.cc.count + o->draft.bcc.count
            + f->recipients.count == 0)
        return cli_mistake(a, "--to is missing");
    if (f->text != NULL && f->body != NULL)
        return cli_mistake(a, "--text or --body, not both");
    if (o->dry_run && a->json)
        return cli_mistake(a, "--dry-run or --json, not both: standard output "
                              "takes one of them");
    done = check_raw(o);
    /* What has no text of its own is said on standard input. */
    if (o->raw == NULL && f->text == NULL && f->body == NULL
        && f->html == NULL && f->calendar == NULL)
        f->body = "-";
    if (done < 0)
        done = check_signature(o);
    if (done < 0)
        done = check_merge(o);
    return done < 0 ? check_stdin(o) : done;
}

/* The account is his to whom bounces go, and may say who that is. */
static int use_account(struct cli_options *o)
{
    struct cli_draft *d = &o->draft;
    struct cli_access *a = &o->access;
    struct cli_parameters *p = &o->parameters;
    struct cli_mailboxes from = { 0 };
    const char *said = d->envelope_from;
    int done;

    if (said == NULL && d->from != NULL
        && cli_mailboxes_add(&from, d->from) == NULL && from.count > 0)
        said = from.list[0].addr;
    a->sender = said;
    done = cli_access_check(a);
    if (a->sender != said && d->from == NULL)
        d->from = a->sender;
    else if (a->sender != said)
        d->envelope_from = a->sender;
    a->sender = NULL;
    cli_account_dsn(a, p->notify_given ? NULL : &p->rcpt.notify,
                    p->ret_given ? NULL : &p->mail.ret);
    cli_mailboxes_free(&from);
    return done;
}

int cli_options_read(struct cli_options *o, int argc, char **argv)
{
    int done;

    o->access.command = "send";
    done = cli_arguments(&o->access, argc, argv, known, take, o);
    if (done < 0)
        done = use_account(o);
    if (done < 0)
        done = check(o);
    return done;
}

void cli_options_free(struct cli_options *o)
{
    cli_draft_files_close(&o->files);
    cli_parameters_free(&o->parameters);
    cli_texts_free(&o->draft.to);
    cli_texts_free(&o->draft.cc);
    cli_texts_free(&o->draft.bcc);
    cli_texts_free(&o->draft.headers);
    cli_access_free(&o->access);
}
