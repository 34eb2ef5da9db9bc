/* options.c - the arguments of "duva send" into what they mean. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <stdlib.h>
#include <string.h>

#include "options.h"

enum {
    FROM = CLI_OPTION_OWN, TO, SUBJECT, BODY, RAW, ALL_OR_NOTHING, QUIET
};

static const struct option known[] = {
    CLI_ACCESS_OPTIONS,
    { "from", required_argument, NULL, FROM },
    { "to", required_argument, NULL, TO },
    { "subject", required_argument, NULL, SUBJECT },
    { "body", required_argument, NULL, BODY },
    { "raw", required_argument, NULL, RAW },
    { "all-or-nothing", no_argument, NULL, ALL_OR_NOTHING },
    { "quiet", no_argument, NULL, QUIET },
    { NULL, 0, NULL, 0 }
};

static void help(void)
{
    fputs("usage: duva send --from ADDRESS --to ADDRESS [OPTION]... "
          "[ADDRESS]...\n"
          "Sends one mail and says what became of it.\n"
          "\n"
          "  --from ADDRESS           the sender; with --raw it may be empty\n"
          "  --to ADDRESS             a recipient; as often as needed\n"
          "  --subject TEXT           the subject, in UTF-8\n"
          "  --body FILE              the text; '-' or nothing: standard "
          "input\n"
          "  --raw FILE               a finished message, header and all\n"
          "  --all-or-nothing         send to nobody if one recipient is "
          "refused\n", stdout);
    fputs(cli_access_help, stdout);
    fputs("  --quiet                  say nothing of success\n"
          "  --help, --version\n"
          "\n"
          "exit: 0 accepted, 64 usage, 65 bad message, 69 refused, 75 try "
          "later,\n"
          "      77 authentication refused, 79 uncertain; more in duva(1)\n",
          stdout);
}

/* Where the text of an option goes, or NULL. */
static const char **place(struct cli_options *o, int option)
{
    switch (option) {
    case FROM:
        return &o->draft.from;
    case SUBJECT:
        return &o->draft.subject;
    case BODY:
        return &o->body;
    case RAW:
        return &o->raw;
    default:
        return NULL;
    }
}

static int add(struct cli_texts *t, const char *text)
{
    if (cli_texts_add(t, text) == 0)
        return -1;
    fputs("duva send: not enough memory\n", stderr);
    return EX_OSERR;
}

static int take(void *options, int option, const char *text)
{
    struct cli_options *o = options;
    const char **to = place(o, option);

    if (to != NULL)
        *to = text;
    else if (option == TO || option == CLI_OPERAND)
        return add(&o->draft.to, text);
    else if (option == ALL_OR_NOTHING)
        o->all_or_nothing = 1;
    else if (option == QUIET)
        o->quiet = 1;
    else if (option == CLI_OPTION_HELP) {
        help();
        return EX_OK;
    } else
        return cli_access_take(&o->access, option, text);
    return -1;
}

static int check(struct cli_options *o)
{
    const struct cli_access *a = &o->access;
    const char *text = o->raw != NULL ? o->raw : o->body;
    const char *secret = a->password_file != NULL ? a->password_file
                                                  : a->token_file;

    if (o->draft.from == NULL)
        return cli_mistake(a, "--from is missing");
    if (o->draft.to.count == 0)
        return cli_mistake(a, "--to is missing");
    if (o->raw != NULL && (o->body != NULL || o->draft.subject != NULL))
        return cli_mistake(a, "--raw is a whole message: no --subject, no "
                              "--body");
    if (o->raw == NULL && o->draft.from[0] == '\0')
        return cli_mistake(a, "an empty --from needs --raw");
    if (o->draft.from[0] == '\0') {
        o->draft.from = NULL;
        o->draft.envelope_from = "";
    }
    if (secret != NULL && cli_is_stdin(secret)
        && (text == NULL || cli_is_stdin(text)))
        return cli_mistake(a, "%s and message cannot both be standard input",
                           a->password_file != NULL ? "password" : "token");
    return -1;
}

int cli_options_read(struct cli_options *o, int argc, char **argv)
{
    int done;

    o->access.command = "send";
    done = cli_arguments(&o->access, argc, argv, known, take, o);
    if (done < 0)
        done = check(o);
    if (done < 0 && o->raw == NULL && o->body == NULL)
        o->body = "-";
    return done < 0 ? cli_access_check(&o->access) : done;
}

void cli_options_free(struct cli_options *o)
{
    cli_texts_free(&o->draft.to);
}
