/* message.h - the messages of the device, composed as they are sent. */
/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_MESSAGE_H
#define FIRMWARE_MESSAGE_H

#include <duva/mime.h>

#include <mbedtls/md.h>

#define MESSAGE_FROM "pump7@example.net"

/* A hundred readings, made as they are read: the attachment. */
struct message_log {
    unsigned row, pos;
    char     line[24];
};

/* All fields are private.  It must stay where it is while it is sent. */
struct message {
    duva_mime            mime;
    duva_message         fields;
    duva_part            part[2];
    struct message_log   log;
    mbedtls_md_context_t digest; /* of the octets that were read */
};

/* Makes a message of a subject, a text (both borrowed) and, perhaps, the log.
 * Date and Message-ID come from the clock and from random octets.  Returns 0,
 * or -1 when there are no random octets. */
int message_compose(struct message *m, const char *subject, const char *text,
                    int with_log);

/* The octets of the message, for SIZE. */
uint32_t message_size(struct message *m);

/* Reads it: a duva_source_fn.  It lets faults_at() act at the stage "body". */
int message_read(void *message, void *buf, size_t len);

/* Prints the SHA-256 of what was read, for the test to compare. */
void message_print_digest(struct message *m);

#endif
