/* merge_text.h - the texts of a draft that may have {{fields}}. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_TEXT_H
#define DUVA_CLI_MERGE_TEXT_H

#include "message/draft.h"
#include "system/input.h"
#include "text/template.h"

/* In their groups: single texts, lists, contents, names of files. */
enum cli_merge_text {
    CLI_MERGE_FROM,
    CLI_MERGE_SENDER,
    CLI_MERGE_REPLY_TO,
    CLI_MERGE_ENVELOPE_FROM,
    CLI_MERGE_SUBJECT,
    CLI_MERGE_MESSAGE_ID,
    CLI_MERGE_IN_REPLY_TO,
    CLI_MERGE_REFERENCES,
    CLI_MERGE_SINGLES,
    CLI_MERGE_TO = CLI_MERGE_SINGLES,
    CLI_MERGE_CC,
    CLI_MERGE_BCC,
    CLI_MERGE_HEADER,
    CLI_MERGE_TEXT,
    CLI_MERGE_HTML,
    CLI_MERGE_CALENDAR,
    CLI_MERGE_CONTENTS,
    CLI_MERGE_FILE_PATH = CLI_MERGE_CONTENTS,
    CLI_MERGE_FILE_NAME,
    CLI_MERGE_TEXTS
};

/* The option that sets it, for people; and how a field is written there. */
const char *cli_merge_text_option(enum cli_merge_text text);
enum cli_place cli_merge_text_place(enum cli_merge_text text);

/* Where it is in a draft: text is of the group that the function names. */
const char **cli_merge_text_single(struct cli_draft *d,
                                   enum cli_merge_text text);
struct cli_texts *cli_merge_text_list(struct cli_draft *d,
                                      enum cli_merge_text text);
const struct cli_input **cli_merge_text_content(struct cli_draft *d,
                                                enum cli_merge_text text);

/* Puts the option before a problem: "--subject: {{name}} is empty". */
void cli_merge_text_name_option(enum cli_merge_text text,
                                char problem[CLI_PROBLEM_SIZE]);

#endif
