/* message_id.h - makes Message-IDs. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MESSAGE_ID_H
#define DUVA_CLI_MESSAGE_ID_H

#define CLI_MESSAGE_ID_SIZE 320

/* Writes "<UNIQUE@DOMAIN>" (RFC 5322 3.6.4), with the domain of the address at
 * the end of addr, "localhost" when it has none.  unique: under 60 octets, of
 * letters, digits and dots. */
void cli_message_id(char id[CLI_MESSAGE_ID_SIZE], const char *unique,
                    const char *addr);

#endif
