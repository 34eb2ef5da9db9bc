/* text.c - turns the values of result.h into English. */
/* SPDX-License-Identifier: MIT */
#include "duva/result.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *pick(const char *const *text, size_t count, size_t i)
{
    return i < count ? text[i] : "unknown";
}

const char *duva_err_text(duva_err err)
{
    static const char *const text[] = {
        "no error",
        "bad argument",
        "not possible in this state",
        "buffer too small",
        "host name not found",
        "no connection",
        "connection closed by the server",
        "network error",
        "time is up",
        "cancelled",
        "TLS failed",
        "the server broke the protocol",
        "the server does not offer what is needed",
        "rejected by the server",
        "the message cannot be sent"
    };

    return pick(text, COUNT(text), (size_t)-(int)err);
}

const char *duva_reason_text(duva_reason reason)
{
    static const char *const text[] = {
        "no further reason",
        "it is missing",
        "a control character",
        "a character beyond ASCII",
        "a character that has no place there",
        "the local part is longer than 64 octets",
        "the domain is longer than 255 octets",
        "the address is longer than 254 octets",
        "no recipient is left to send to",
        "TLS is asked for, but no TLS adapter is given",
        "a CR that is not followed by LF",
        "a NUL octet",
        "a line longer than 998 octets",
        "the source of the message failed",
        "not an SMTP reply",
        "two codes in one reply",
        "a reply too long",
        "a reply that no command asked for",
        "a reply that means nothing at this stage",
        "octets between STARTTLS and the handshake",
        "the TLS handshake failed",
        "the certificate has no chain to a trusted authority",
        "the certificate is signed by nobody but itself",
        "the certificate is for another host name",
        "the certificate has expired",
        "the certificate is not valid yet",
        "no pinned key is in the certificate chain",
        "the server wants a certificate of ours that it accepts",
        "STARTTLS is not offered",
        "that authentication mechanism is not offered",
        "the password would be readable on this connection",
        "the message is larger than the server takes",
        "not UTF-8",
        "there may be only one of these",
        "a number out of its range",
        "the boundary between the parts occurs in it",
        "it would have to be read twice",
        "it has another length than was said"
    };

    return pick(text, COUNT(text), (size_t)reason);
}

const char *duva_stage_name(duva_stage stage)
{
    static const char *const text[] = {
        "connect", "tls", "greeting", "ehlo", "starttls", "auth", "idle",
        "rset", "mail", "rcpt", "data", "body", "end", "quit"
    };

    return pick(text, COUNT(text), (size_t)stage);
}

const char *duva_verdict_name(duva_verdict verdict)
{
    static const char *const text[] = {
        "pending", "accepted", "retry", "refused", "uncertain"
    };

    return pick(text, COUNT(text), (size_t)verdict);
}
