/* message.c - composes the messages of the device. */
/* SPDX-License-Identifier: MIT */
#include "message.h"

#include "board.h"
#include "faults.h"

#include <string.h>

enum { ROWS = 100, ROW = 19, SHA256 = 32 };

static int read_log(void *ctx, void *buf, size_t len)
{
    struct message_log *log = ctx;
    size_t              n;

    if (buf == NULL) {
        memset(log, 0, sizeof(*log));
        return 0;
    }
    if (log->line[log->pos] == '\0') {
        if (log->row == ROWS)
            return 0;
        log->pos = 0;
        log->row++;
        strcpy(log->line, "000,pressure,1.97\r\n");
        log->line[0] = (char)('0' + log->row / 100);
        log->line[1] = (char)('0' + log->row / 10 % 10);
        log->line[2] = (char)('0' + log->row % 10);
    }
    n = strlen(log->line + log->pos);
    if (n > len)
        n = len;
    memcpy(buf, log->line + log->pos, n);
    log->pos += (unsigned)n;
    return (int)n;
}

static void begin_digest(struct message *m)
{
    mbedtls_md_free(&m->digest);
    mbedtls_md_init(&m->digest);
    if (mbedtls_md_setup(&m->digest,
                         mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), 0) == 0)
        mbedtls_md_starts(&m->digest);
}

int message_compose(struct message *m, const char *subject, const char *text,
                    int with_log)
{
    static const duva_address from = { "Pump 7", MESSAGE_FROM, 0 };
    static const duva_address to = { NULL, "duty@example.org", 0 };

    memset(m, 0, sizeof(*m));
    m->part[0].data = text;
    m->part[0].len = strlen(text);
    m->part[1].place = DUVA_PLACE_ATTACHED;
    m->part[1].type = "text/csv";
    m->part[1].name = "pressure.csv";
    m->part[1].read = read_log;
    m->part[1].ctx = &m->log;
    m->part[1].len = ROWS * ROW;
    m->fields.from.list = &from;
    m->fields.from.count = 1;
    m->fields.to.list = &to;
    m->fields.to.count = 1;
    m->fields.subject = subject;
    m->fields.parts = m->part;
    m->fields.part_count = with_log ? 2 : 1;
    m->fields.date = board_time();
    m->mime.message = &m->fields;
    begin_digest(m);
    return board_random(NULL, m->fields.seed, sizeof(m->fields.seed));
}

uint32_t message_size(struct message *m)
{
    return (uint32_t)duva_mime_size(&m->mime);
}

int message_read(void *message, void *buf, size_t len)
{
    struct message *m = message;
    const int       n = duva_mime_read(&m->mime, buf, len);

    faults_at(DUVA_STAGE_BODY);
    if (buf == NULL)
        begin_digest(m);
    else if (n > 0)
        mbedtls_md_update(&m->digest, buf, (size_t)n);
    return n;
}

void message_print_digest(struct message *m)
{
    unsigned char out[SHA256];
    size_t        i;

    if (mbedtls_md_finish(&m->digest, out) == 0) {
        board_print("  sha256 ");
        for (i = 0; i < sizeof(out); i++)
            board_print("%02x", out[i]);
        board_print("\n");
    }
    mbedtls_md_free(&m->digest);
}
