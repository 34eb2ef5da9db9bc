/* text.c - turns the values of result.h into English. */
/* SPDX-License-Identifier: MIT */
#include "duva/config.h"
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
        "the message cannot be sent",
        "too little memory or too few descriptors here"
    };

    return pick(text, COUNT(text), (size_t)0 - (size_t)(int)err);
}

static const char *const reason_text[] = {
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
    "octets that are not UTF-8",
    "ENVID is not printable ASCII, or too long",
    "RET is neither FULL nor HDRS",
    "the time of BY is out of range, or its mode unknown",
    "HOLDFOR is over 9 digits, HOLDUNTIL no date, or both are given",
    "MT-PRIORITY is not from -9 to 9",
    "AUTH is not an address",
    "SOLICIT is not keywords with commas between",
    "NOTIFY is NEVER and something else, or unknown",
    "ORCPT is empty, too long, or not printable",
    "the date of RRVS is no date in UTC",
    "a parameter has no good name, no value, or a field of its own",
    "BURL is not a URL, or has octets in it that a URL cannot have",
    "a CR that is not followed by LF",
    "a NUL octet",
    "a line longer than 998 octets",
    "the source of the message failed",
    "the message is not as long as was said",
    "stopped after the stage that was asked for",
    "not an SMTP reply",
    "two codes in one reply",
    "a reply too long",
    "a reply that no command asked for",
    "a reply that means nothing at this stage",
    "replies do not fit the commands sent behind an end of data",
    "octets between STARTTLS and the handshake",
    "a challenge that the mechanism does not understand",
    "the server's nonce does not begin with ours",
    "an iteration count out of bounds",
    "the server did not prove that it knows the password",
    "the TLS handshake failed",
    "what comes from there is not TLS",
    "no version of TLS in common, of which 1.2 is the least",
    "no cipher or algorithm of TLS in common",
    "the server renegotiates TLS in a way that is refused",
    "the certificate has no chain to a trusted authority",
    "the certificate is signed by nobody but itself",
    "a key in the certificate chain is too small",
    "a certificate of the chain is signed by an algorithm too weak",
    "a certificate of the chain is not for TLS servers",
    "a certificate of the chain has an unknown critical extension",
    "the certificate has a name that its authority may not give",
    "the certificate chain is longer than one of its authorities permits",
    "the certificate is issued by one that is no authority",
    "the certificate has a common name but no subjectAltName",
    "the certificate is for another host name",
    "the certificate has expired",
    "the certificate is not valid yet",
    "the certificate is revoked",
    "the certificate comes without an OCSP answer that is good",
    "no pinned key is in the certificate chain",
    "the server wants a certificate of ours that it accepts",
    "no memory to find out",
    "STARTTLS is not offered",
    "that authentication mechanism is not offered",
    "the password would be readable on this connection",
    "there is no TLS to bind the authentication to",
    "the server does not offer an extension that the mail needs",
    "the mail is out of the limits of an extension of the server",
    "the message is larger than the server takes",
    "there may be only one of these",
    "a number out of its range",
    "the boundary between the parts occurs in it",
    "it would have to be read twice",
    "it has another length than was said",
    "this build of the composer leaves it out",
    "the proxy does not answer like one",
    "the proxy's answer is too long",
    "the proxy knows no way to log in that is ours",
    "the proxy refuses the user or the password",
    "the proxy does not let us through",
    "the proxy cannot reach the server"
};

const char *duva_reason_text(duva_reason reason)
{
    return pick(reason_text, COUNT(reason_text), (size_t)reason);
}

const char *duva_err_name(duva_err err)
{
    static const char *const name[] = {
        "ok", "argument", "state", "space", "resolve", "connect", "closed",
        "io", "timeout", "cancelled", "tls", "protocol", "unsupported",
        "rejected", "body", "resources"
    };

    return pick(name, COUNT(name), (size_t)0 - (size_t)(int)err);
}

static const char *const reason_name[] = {
    "none", "missing", "control", "not-ascii", "character", "local-long",
    "domain-long", "path-long", "no-recipient", "no-tls-link", "not-utf8",
    "envid", "ret", "by", "hold", "priority", "auth", "solicit", "notify",
    "orcpt", "rrvs", "param", "burl", "lone-cr", "nul", "line-long", "source",
    "size", "stopped", "reply-syntax", "reply-codes", "reply-long",
    "unsolicited", "unexpected", "out-of-step", "injection", "challenge",
    "nonce", "iterations", "unproven", "handshake", "no-tls", "tls-version",
    "tls-cipher", "renegotiation", "cert-untrusted", "cert-self-signed",
    "cert-key", "cert-signature", "cert-purpose", "cert-extension",
    "cert-constraint", "cert-path", "cert-issuer", "cert-no-name", "cert-name",
    "cert-expired", "cert-not-yet", "cert-revoked", "cert-status",
    "cert-pin", "cert-ours", "memory", "no-starttls", "no-auth", "clear-link",
    "no-binding", "not-offered", "out-of-limits", "too-big", "repeated",
    "range", "boundary", "once", "length", "left-out", "proxy-strange",
    "proxy-long", "proxy-method", "proxy-login", "proxy-forbidden",
    "proxy-unreached"
};

const char *duva_reason_name(duva_reason reason)
{
    return pick(reason_name, COUNT(reason_name), (size_t)reason);
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

const char *duva_cap_name(uint32_t bit)
{
    static const char *const name[] = {
        "EHLO", "PIPELINING", "SIZE", "8BITMIME", "STARTTLS", "AUTH",
        "REQUIRETLS", "CHUNKING", "BINARYMIME", "SMTPUTF8", "DSN", "DELIVERBY",
        "FUTURERELEASE", "MT-PRIORITY", "RRVS", "NO-SOLICITING", "ETRN",
        "LIMITS", "ENHANCEDSTATUSCODES", "BURL"
    };
    size_t i = 0;

    while (bit > 1) {
        bit >>= 1;
        i++;
    }
    return pick(name, COUNT(name), bit == 0 ? COUNT(name) : i);
}
