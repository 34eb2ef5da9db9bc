/* send_options.c - the options of "duva send". */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <stdint.h>
#include <string.h>

#include "envelope/parameters.h"
#include "envelope/date.h"
#include "message/draft_files.h"
#include "message/draft.h"
#include "system/input.h"
#include "options/merge_options.h"
#include "options/option.h"
#include "options/parameter_options.h"
#include "options/send_options.h"
#include "options/server_options.h"

/* ---- arguments that are more than a text ---- */

static const char *parse_attach(void *values, const char *text)
{
    struct cli_options *o = values;

    return cli_draft_files_add(&o->files, text, 0);
}

static const char *parse_inline(void *values, const char *text)
{
    struct cli_options *o = values;

    return cli_draft_files_add(&o->files, text, 1);
}

static const char *parse_attach_type(void *values, const char *text)
{
    struct cli_options *o = values;

    return cli_draft_files_describe(&o->files, text, NULL);
}

static const char *parse_attach_name(void *values, const char *text)
{
    struct cli_options *o = values;

    return cli_draft_files_describe(&o->files, NULL, text);
}

static const char *parse_date(void *values, const char *text)
{
    struct cli_options *o = values;

    o->draft.dated = 1;
    return cli_date_parse(&o->draft.date, text);
}

static const char *parse_pipelining(void *values, const char *text)
{
    struct cli_options *o = values;

    o->access.session.pipelining = (uint8_t)cli_pipelining_parse(text);
    return o->access.session.pipelining != CLI_PIPELINING_UNSAID
               ? NULL
               : "it must be auto, mail or never";
}

static const char *parse_recipient(void *values, const char *text)
{
    struct cli_options *o = values;

    return cli_texts_add(&o->draft.to, text) == 0 ? NULL : "not enough memory";
}

/* ---- the tables ---- */

#define AT(field)   .place = offsetof(struct cli_options, field)
#define FLAG(field) .kind = CLI_OPTION_FLAG, AT(field)
#define TEXT(field) .kind = CLI_OPTION_TEXT, AT(field)
#define LIST(field) .kind = CLI_OPTION_LIST, AT(field)
#define PARSED(how) .kind = CLI_OPTION_PARSED, .parse = how
#define COMMON      .visibility = CLI_OPTION_COMMON

static const struct cli_option recipient_option[] = {
    { "from", TEXT(draft.from), COMMON, .argument = "ADDRESS",
      .help = "the author, as 'Ada <ada@example.org>'",
      .more = "with --raw it may be empty" },
    { "to", LIST(draft.to), COMMON, .argument = "ADDRESS",
      .help = "a recipient, or several with commas; repeatable" },
    { "cc", LIST(draft.cc), COMMON, .argument = "ADDRESS",
      .help = "a recipient in the field Cc" },
    { "bcc", LIST(draft.bcc), COMMON, .argument = "ADDRESS",
      .help = "a recipient in no field" },
    { "recipients", LIST(files.recipients), .argument = "FILE",
      .help = "recipients as of --bcc, one on each line" },
    { "reply-to", TEXT(draft.reply_to), .argument = "ADDRESS",
      .help = "where replies go" },
    { "sender", TEXT(draft.sender), .argument = "ADDRESS",
      .help = "who sends the mail for its author" },
    { "envelope-from", TEXT(draft.envelope_from), .argument = "ADDRESS",
      .help = "where bounces go; empty: nowhere" }
};

static const struct cli_option message_option[] = {
    { "subject", TEXT(draft.subject), COMMON, .argument = "TEXT",
      .help = "the subject, in UTF-8" },
    { "text", TEXT(files.text), COMMON, .argument = "TEXT",
      .help = "the text", .excludes = "body" },
    { "body", TEXT(files.body), COMMON, .argument = "FILE",
      .help = "a file with the text; default: standard input (-)" },
    { "html", TEXT(files.html), COMMON, .argument = "FILE",
      .help = "the message as HTML, alone or beside the text" },
    { "attach", PARSED(parse_attach), COMMON, .argument = "FILE",
      .help = "attach a file; repeatable" },
    { "attach-type", PARSED(parse_attach_type), .argument = "TYPE",
      .help = "its media type, as image/png; after --attach" },
    { "attach-name", PARSED(parse_attach_name), .argument = "NAME",
      .help = "its name for the reader; after --attach" },
    { "inline", PARSED(parse_inline), .argument = "CID=FILE",
      .help = "an image that the HTML shows as cid:CID" },
    { "calendar", TEXT(files.calendar), .argument = "FILE",
      .help = "an invitation (iCalendar)" },
    { "flowed", FLAG(draft.flowed),
      .help = "the text is paragraphs that a reader may wrap" },
    { "charset", TEXT(draft.charset), .argument = "NAME",
      .help = "character set of text and HTML, if not UTF-8" },
    { "priority", .kind = CLI_OPTION_WORD, AT(draft.priority),
      .words = "high normal low", .low = CLI_PRIORITY_HIGH,
      .argument = "high|normal|low",
      .help = "fields X-Priority and Importance" },
    { "header", LIST(draft.headers), .argument = "'NAME: TEXT'",
      .help = "any other header field; repeatable" },
    { "date", PARSED(parse_date), .argument = "DATE",
      .help = "2026-12-24T18:00:00+01:00, or as 'date -R' prints",
      .more = "default: now" },
    { "message-id", TEXT(draft.message_id), .argument = "ID",
      .help = "like <id@example.org>; default: a new one" },
    { "in-reply-to", TEXT(draft.in_reply_to), .argument = "ID",
      .help = "the message that this one replies to" },
    { "references", TEXT(draft.references), .argument = "'ID ID...'",
      .help = "earlier messages of the thread" },
    { "raw", TEXT(raw), COMMON, .argument = "FILE",
      .help = "a complete message, with its own header",
      .excludes = "subject text body html attach inline calendar flowed "
                  "charset priority header date message-id in-reply-to "
                  "references reply-to sender dkim-key merge" },
    { "dkim-key", TEXT(signature.key), .argument = "FILE",
      .help = "sign with this private key (PEM)", .needs = "dkim-selector" },
    { "dkim-selector", TEXT(signature.selector), .argument = "NAME",
      .help = "the name of its public key in DNS", .needs = "dkim-key" },
    { "dkim-domain", TEXT(signature.domain), .argument = "NAME",
      .help = "the domain that signs; default: the author's",
      .needs = "dkim-key" }
};

static const struct cli_option sending_option[] = {
    { "dry-run", FLAG(dry_run), COMMON,
      .help = "print the message; send nothing", .excludes = "json" },
    { "all-or-nothing", FLAG(all_or_nothing),
      .help = "send to nobody if one recipient is rejected" },
    { "smtputf8", FLAG(draft.utf8),
      .help = "keep non-ASCII domains as typed (SMTPUTF8)" },
    { "chunking", .kind = CLI_OPTION_WORD, AT(access.session.no_chunking),
      .words = "auto never", .argument = "auto|never",
      .help = "BDAT where CHUNKING is advertised; or DATA" },
    { "pipelining", PARSED(parse_pipelining),
      .argument = "auto|mail|never",
      .help = "send commands without waiting for replies",
      .more = "auto: also those of the next mail; mail: those of one mail; "
              "never: wait for each reply" },
    { "quiet", FLAG(quiet), COMMON, .help = "print nothing on success" }
};

int cli_options_read(struct cli_options *o, int argc, char **argv)
{
    const struct cli_option_table table[] = {
        CLI_TABLE("Sender and recipients", recipient_option, o),
        CLI_TABLE("Message", message_option, o),
        CLI_TABLE("Sending", sending_option, o),
        CLI_TABLE("Mail merge", cli_merge_option, &o->merge),
        CLI_TABLE("Requests to the server", cli_parameter_option,
                  &o->parameters),
        CLI_ACCESS_TABLES(&o->access)
    };
    const struct cli_command command = {
        "send",
        "--from ADDRESS --to ADDRESS [OPTION]... [ADDRESS]...\n"
        "Sends one mail and reports the result.",
        "exit: 0 accepted, 64 usage, 65 bad message, 69 rejected, 75 try "
        "later,\n"
        "      77 authentication failed, 79 uncertain; more in duva(1)",
        table, sizeof(table) / sizeof(table[0]), parse_recipient, o,
        "recipient", CLI_PUBLIC
    };

    cli_parameters_init(&o->parameters);
    o->access.command = command.name;
    return cli_arguments_read(&command, argc, argv);
}

/* ---- all of them ---- */

static int check_sender(struct cli_options *o)
{
    const struct cli_access *a = &o->access;

    if (o->draft.from == NULL)
        return cli_mistake(a->command,
                           a->not_set_up
                               ? "--from is missing, and there is no account: "
                                 "set one up with 'duva account add', or use "
                                 "--from and --server"
                               : "--from is missing");
    if (o->draft.from[0] == '\0' && o->raw == NULL)
        return cli_mistake(a->command, "an empty --from needs --raw");
    if (o->draft.from[0] == '\0') {
        o->draft.from = NULL;
        o->draft.envelope_from = "";
    }
    return 0;
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
        return cli_mistake(a->command, "only one file can be standard input");
    if (messages > 0 && secret != NULL && cli_is_stdin(secret))
        return cli_mistake(a->command, "%s and message cannot both be standard "
                                       "input",
                           a->login.password_file != NULL ? "password"
                                                          : "token");
    return 0;
}

static int check_merge(const struct cli_options *o)
{
    const struct cli_access *a = &o->access;

    if (o->merge.rows == NULL)
        return 0;
    if (a->session.server.is_path)
        return cli_mistake(a->command, "--merge cannot be combined with a Unix "
                                       "socket");
    if (a->session.stop_after != 0)
        return cli_mistake(a->command, "--merge cannot be combined with "
                                       "--stop-after; try one mail without "
                                       "--merge");
    if (o->merge.window != 0 && a->session.pipelining > CLI_PIPELINING_AUTO)
        return cli_mistake(a->command, "--window needs --pipelining auto");
    if (o->all_or_nothing && a->session.server.lmtp)
        return cli_mistake(a->command,
                           "--all-or-nothing cannot be combined with --merge "
                           "over LMTP: the server replies for each recipient "
                           "once it has the message; leave it out, and the "
                           "same command sends again only to recipients that "
                           "were deferred");
    return 0;
}

int cli_options_check(struct cli_options *o)
{
    struct cli_draft_files *f = &o->files;
    int failed = check_sender(o);

    if (failed != 0)
        return failed;
    if (o->draft.to.count + o->draft.cc.count + o->draft.bcc.count
            + f->recipients.count == 0)
        return cli_mistake(o->access.command, "--to is missing");
    /* What has no text of its own is said on standard input. */
    if (o->raw == NULL && f->text == NULL && f->body == NULL
        && f->html == NULL && f->calendar == NULL)
        f->body = "-";
    failed = check_merge(o);
    return failed == 0 ? check_stdin(o) : failed;
}

void cli_options_free(struct cli_options *o)
{
    cli_draft_files_close(&o->files);
    cli_parameters_free(&o->parameters);
    cli_texts_free(&o->draft.to);
    cli_texts_free(&o->draft.cc);
    cli_texts_free(&o->draft.bcc);
    cli_texts_free(&o->draft.headers);
}
