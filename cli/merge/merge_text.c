/* merge_text.c - the texts of a draft that may have {{fields}}. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "merge/merge_text.h"

static const struct {
    const char *option;
    enum cli_place place;
} about[CLI_MERGE_TEXTS] = { { "--from", CLI_PLACE_ADDRESS },
                             { "--sender", CLI_PLACE_ADDRESS },
                             { "--reply-to", CLI_PLACE_ADDRESS },
                             { "--envelope-from", CLI_PLACE_ADDRESS },
                             { "--subject", CLI_PLACE_LINE },
                             { "--message-id", CLI_PLACE_LINE },
                             { "--in-reply-to", CLI_PLACE_LINE },
                             { "--references", CLI_PLACE_LINE },
                             { "--to", CLI_PLACE_ADDRESS },
                             { "--cc", CLI_PLACE_ADDRESS },
                             { "--bcc", CLI_PLACE_ADDRESS },
                             { "--header", CLI_PLACE_LINE },
                             { "the text", CLI_PLACE_TEXT },
                             { "--html", CLI_PLACE_HTML },
                             { "--calendar", CLI_PLACE_TEXT },
                             { "--attach", CLI_PLACE_LINE },
                             { "--attach-name", CLI_PLACE_LINE } };

enum cli_place cli_merge_text_place(enum cli_merge_text text)
{
    return about[text].place;
}

const char *cli_merge_text_option(enum cli_merge_text text)
{
    return about[text].option;
}

const char **cli_merge_text_single(struct cli_draft *d,
                                   enum cli_merge_text text)
{
    switch (text) {
    case CLI_MERGE_FROM:
        return &d->from;
    case CLI_MERGE_SENDER:
        return &d->sender;
    case CLI_MERGE_REPLY_TO:
        return &d->reply_to;
    case CLI_MERGE_ENVELOPE_FROM:
        return &d->envelope_from;
    case CLI_MERGE_SUBJECT:
        return &d->subject;
    case CLI_MERGE_MESSAGE_ID:
        return &d->message_id;
    case CLI_MERGE_IN_REPLY_TO:
        return &d->in_reply_to;
    default:
        return &d->references;
    }
}

struct cli_texts *cli_merge_text_list(struct cli_draft *d,
                                      enum cli_merge_text text)
{
    switch (text) {
    case CLI_MERGE_TO:
        return &d->to;
    case CLI_MERGE_CC:
        return &d->cc;
    case CLI_MERGE_BCC:
        return &d->bcc;
    default:
        return &d->headers;
    }
}

const struct cli_input **cli_merge_text_content(struct cli_draft *d,
                                                enum cli_merge_text text)
{
    switch (text) {
    case CLI_MERGE_TEXT:
        return &d->text;
    case CLI_MERGE_HTML:
        return &d->html;
    default:
        return &d->calendar;
    }
}

void cli_merge_text_name_option(enum cli_merge_text text,
                                char problem[CLI_PROBLEM_SIZE])
{
    char copy[CLI_PROBLEM_SIZE];

    memcpy(copy, problem, sizeof(copy));
    snprintf(problem, CLI_PROBLEM_SIZE, "%s: %.*s", about[text].option,
             CLI_PROBLEM_SIZE - 20, copy);
}
