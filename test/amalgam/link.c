/* link.c - a mail server in memory, as a link. */
/* SPDX-License-Identifier: MIT */
#include "link.h"

#include <string.h>

static void reply(memory_link *l, const char *text)
{
    const size_t len = strlen(text);

    memcpy(l->replies + l->replies_len, text, len);
    l->replies_len += len;
}

static void take_line(memory_link *l)
{
    l->line[l->line_len] = '\0';
    if (l->in_message) {
        memcpy(l->message + l->message_len, l->line, l->line_len);
        l->message_len += l->line_len;
        l->in_message = strcmp(l->line, ".\r\n") != 0;
        if (!l->in_message)
            reply(l, "250 2.0.0 stored\r\n");
    } else if (strcmp(l->line, "DATA\r\n") == 0) {
        l->in_message = 1;
        reply(l, "354 go on\r\n");
    } else if (strncmp(l->line, "EHLO ", 5) == 0) {
        reply(l, "250-memory.example\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n");
    } else if (strcmp(l->line, "AUTH PLAIN\r\n") == 0) {
        reply(l, "334 \r\n");  /* without DUVA_WITH_INITIAL */
    } else if (strstr(l->line, "AGFkYQBzM2NyZXQ=\r\n") != NULL) {
        reply(l, "235 hi ada\r\n");
    } else if (strncmp(l->line, "AUTH", 4) == 0) {
        reply(l, "535 no\r\n");
    } else {
        reply(l, "250 2.0.0 ok\r\n");
    }
    l->line_len = 0;
}

static int read_some(duva_link *link, void *buf, size_t len)
{
    memory_link *l = (memory_link *)link;
    const size_t n = len < l->replies_len ? len : l->replies_len;

    memcpy(buf, l->replies, n);
    l->replies_len -= n;
    memmove(l->replies, l->replies + n, l->replies_len);
    return (int)n;
}

static int write_some(duva_link *link, const void *data, size_t len)
{
    memory_link *l = (memory_link *)link;
    const char  *c = (const char *)data;
    size_t       i;

    for (i = 0; i < len; i++) {
        if (l->line_len + 1 == sizeof(l->line)
            || l->message_len + sizeof(l->line) > sizeof(l->message))
            return DUVA_ERR_IO;
        l->line[l->line_len++] = c[i];
        if (c[i] == '\n')
            take_line(l);
    }
    return (int)len;
}

static int wait_for(duva_link *link, unsigned can, uint32_t ms)
{
    const unsigned now = ((memory_link *)link)->replies_len > 0
                             ? DUVA_CAN_READ | DUVA_CAN_WRITE
                             : DUVA_CAN_WRITE;

    (void)ms;
    return (int)(now & can);
}

static void close_it(duva_link *link)
{
    (void)link;
}

void memory_link_open(memory_link *l)
{
    static const duva_link_ops ops = { read_some, write_some, wait_for,
                                       close_it };

    memset(l, 0, sizeof(*l));
    l->link.ops = &ops;
    reply(l, "220 memory.example\r\n");
}
