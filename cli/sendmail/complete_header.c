/* complete_header.c - a header that a program wrote, completed. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "sendmail/added_fields.h"
#include "sendmail/header_addresses.h"
#include "message/message_id.h"
#include "sendmail/complete_header.h"
#include "system/random.h"
#include "text/memory_stream.h"

static int is_set(const struct cli_account *account, enum cli_setting setting,
                  const char *word)
{
    const char *text = cli_account_text(account, setting);

    return strcasecmp(text != NULL ? text : "auto", word) == 0;
}

int cli_header_prepare(struct cli_header *h,
                       const struct cli_account *account, uint8_t *utf8)
{
    if (cli_account_flag(account, CLI_SET_UNDISCLOSED, 0)) {
        cli_header_drop_recipients(h);
    } else if (cli_account_flag(account, CLI_SET_REMOVE_BCC, 1)) {
        cli_header_drop(h, "Bcc");
        cli_header_drop(h, "Resent-Bcc");
    }
    if (is_set(account, CLI_SET_FROM_HEADER, "on"))
        cli_header_drop(h, "From");
    return cli_header_convert_domains(h, utf8);
}

static void make_message_id(struct cli_finished *m, const char *from)
{
    /* In place of random numbers, should there be none. */
    uint64_t number[2] = { (uint64_t)time(NULL), (uint64_t)getpid() };
    char unique[33];

    (void)cli_random(number, sizeof(number));
    snprintf(unique, sizeof(unique), "%016" PRIx64 "%016" PRIx64, number[0],
             number[1]);
    cli_message_id(m->message_id, unique, from);
}

static int lacks(const struct cli_header *h, const char *name,
                 const struct cli_account *account, enum cli_setting setting)
{
    return cli_header_find(h, name) == NULL
           && !is_set(account, setting, "off");
}

/* They stand before those of the header, so that its lines can be found. */
static void add_fields(struct cli_finished *m, FILE *out,
                       const struct cli_header *h,
                       const struct cli_account *account, const char *from,
                       const char *name)
{
    struct cli_added_fields added = { 0 };

    if (lacks(h, "Message-ID", account, CLI_SET_MSGID_HEADER))
        make_message_id(m, from);
    added.from = from[0] != '\0' ? from : "MAILER-DAEMON";
    added.name = name;
    if (name == NULL)
        added.name = cli_account_text(account, CLI_SET_FROM_FULL_NAME);
    added.message_id = m->message_id[0] != '\0' ? m->message_id : NULL;
    cli_added_fields_compose(&added);
    if (lacks(h, "Date", account, CLI_SET_DATE_HEADER))
        cli_added_fields_write(&added, out, "Date");
    if (m->message_id[0] != '\0')
        cli_added_fields_write(&added, out, "Message-ID");
    if (lacks(h, "From", account, CLI_SET_FROM_HEADER))
        cli_added_fields_write(&added, out, "From");
    if (cli_account_flag(account, CLI_SET_UNDISCLOSED, 0))
        fputs("To: undisclosed-recipients:;\r\n", out);
}

int cli_header_complete(struct cli_finished *m, const struct cli_header *h,
                        const struct cli_account *account, const char *from,
                        const char *name)
{
    FILE *out = open_memstream(&m->head, &m->head_len);
    size_t i, own;

    if (out == NULL)
        return EX_OSERR;
    add_fields(m, out, h, account, from, name);
    own = (size_t)ftell(out);
    cli_header_write(h, out);
    fputs("\r\n", out);
    if (h->behind != NULL)
        cli_header_put_lines(out, h->behind);
    if (cli_close_text(out, &m->head) != 0)
        return EX_OSERR;
    for (i = 0; i < m->head_len; i++) {
        if ((unsigned char)m->head[i] > 127)
            m->eight_bit = 1;
        m->added += i < own && m->head[i] == '\n';
    }
    m->given = h;
    return 0;
}
