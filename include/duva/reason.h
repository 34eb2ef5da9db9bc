/* reason.h - the detail behind an err of result.h. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_REASON_H
#define DUVA_REASON_H

#ifdef __cplusplus
extern "C" {
#endif

/* In the comments: the err (result.h) that a reason is the detail of, and what
 * result.where then holds; otherwise it is 0. */
typedef enum duva_reason {
    DUVA_REASON_NONE,
    /* ERR_ARG; where = number of the recipient from 1, or 0: not a recipient */
    DUVA_REASON_MISSING,       /* a pointer is NULL or a name empty */
    DUVA_REASON_CONTROL,       /* CR, LF, NUL or another control character */
    DUVA_REASON_NOT_ASCII,     /* an octet above 127 */
    DUVA_REASON_CHARACTER,     /* a character that has no place there */
    DUVA_REASON_LOCAL_LONG,    /* local part over 64 octets */
    DUVA_REASON_DOMAIN_LONG,   /* domain over 255 octets */
    DUVA_REASON_PATH_LONG,     /* address over 254 octets (path over 256) */
    DUVA_REASON_NO_RECIPIENT,  /* nobody is left to send to */
    DUVA_REASON_NO_TLS_LINK,   /* config.tls asks for TLS, no adapter given */
    DUVA_REASON_NOT_UTF8,      /* octets above 127 that are not UTF-8 */
    /* the same, and the field of extras.h that cannot be said */
    DUVA_REASON_ENVID, DUVA_REASON_RET, DUVA_REASON_BY, DUVA_REASON_HOLD,
    DUVA_REASON_PRIORITY, DUVA_REASON_AUTH, DUVA_REASON_SOLICIT,
    DUVA_REASON_NOTIFY, DUVA_REASON_ORCPT, DUVA_REASON_RRVS,
    DUVA_REASON_PARAM, DUVA_REASON_BURL,
    /* ERR_BODY; where = line of the message, from 1 */
    DUVA_REASON_LONE_CR,       /* a CR that is not followed by LF */
    DUVA_REASON_NUL,           /* an octet 0 */
    DUVA_REASON_LINE_LONG,     /* a line over 998 octets */
    DUVA_REASON_SOURCE,        /* the source of the message failed */
    DUVA_REASON_SIZE,          /* it is not as long as mail.size says */
    /* ERR_PROTOCOL */
    DUVA_REASON_REPLY_SYNTAX,  /* not "NNN text", or a bare LF */
    DUVA_REASON_REPLY_CODES,   /* two codes in one reply */
    DUVA_REASON_REPLY_LONG,    /* too many octets or lines in one reply */
    DUVA_REASON_UNSOLICITED,   /* a reply that no command asked for */
    DUVA_REASON_UNEXPECTED,    /* a code that means nothing at this stage */
    DUVA_REASON_OUT_OF_STEP,   /* it lost commands: see overlap.h */
    DUVA_REASON_INJECTION,     /* octets between STARTTLS and the handshake */
    DUVA_REASON_CHALLENGE,     /* it makes no sense to the SASL mechanism */
    DUVA_REASON_NONCE,         /* SCRAM: not an answer to our question */
    DUVA_REASON_ITERATIONS,    /* SCRAM: too few or too many */
    DUVA_REASON_UNPROVEN,      /* SCRAM: it does not know the password */
    /* ERR_TLS; cause is the code of the TLS library.  Those up to RENEGOTIATION
     * are about the connection, the others about certificates. */
    DUVA_REASON_HANDSHAKE,     /* it failed, and for none of what follows */
    DUVA_REASON_NO_TLS,        /* what the server sends is not TLS */
    DUVA_REASON_TLS_VERSION,   /* no version in common: 1.2 is the least */
    DUVA_REASON_TLS_CIPHER,    /* no cipher or algorithm in common */
    DUVA_REASON_RENEGOTIATION, /* in a way that is refused, or at all */
    DUVA_REASON_CERT_UNTRUSTED,/* no chain to a trusted authority */
    DUVA_REASON_CERT_SELF_SIGNED,
    /* of the chain; it may be another certificate than the server's own */
    DUVA_REASON_CERT_KEY,      /* under 112 bits of security (RSA: 2048) */
    DUVA_REASON_CERT_SIGNATURE,/* by an algorithm too weak: SHA-1, MD5 */
    DUVA_REASON_CERT_PURPOSE,  /* it is not for servers of TLS */
    DUVA_REASON_CERT_EXTENSION,/* a critical extension that is not known */
    DUVA_REASON_CERT_CONSTRAINT,/* a name that its authority may not give */
    DUVA_REASON_CERT_PATH,     /* more authorities than one of them permits */
    DUVA_REASON_CERT_ISSUER,   /* its issuer is not an authority */
    DUVA_REASON_CERT_NO_NAME,  /* a common name, and no subjectAltName */
    DUVA_REASON_CERT_NAME,     /* it is another host's */
    DUVA_REASON_CERT_EXPIRED,
    DUVA_REASON_CERT_NOT_YET,  /* it is not valid yet */
    DUVA_REASON_CERT_REVOKED,
    DUVA_REASON_CERT_STATUS,   /* the answer of OCSP that must come with it
                                  does not, or cannot be believed */
    DUVA_REASON_CERT_PIN,      /* none of the pinned keys is in the chain */
    DUVA_REASON_CERT_OURS,     /* the server wants a better one of us */
    DUVA_REASON_MEMORY,        /* of calls that return one: ERR_RESOURCES */
    /* ERR_UNSUPPORTED; from NOT_OFFERED on nothing but another mail or another
     * server helps, and the mail is REFUSED */
    DUVA_REASON_NO_STARTTLS,   /* required by config.tls, not advertised */
    DUVA_REASON_NO_AUTH,       /* that mechanism is not offered */
    DUVA_REASON_CLEAR_LINK,    /* it would show the password on the wire */
    DUVA_REASON_NO_BINDING,    /* a -PLUS mechanism, and nothing to bind to */
    DUVA_REASON_NOT_OFFERED,   /* where = the DUVA_CAP_* that the mail takes;
                                  REQUIRETLS takes a verified server too */
    DUVA_REASON_OUT_OF_LIMITS, /* where = the DUVA_CAP_* of what is offered,
                                  but not as the mail would have it */
    DUVA_REASON_TOO_BIG,       /* mail.size is over the server's SIZE */
    /* duva_mime.error, which says where in its own fields */
    DUVA_REASON_REPEATED,      /* there may be only one of these */
    DUVA_REASON_RANGE,         /* a number out of its range */
    DUVA_REASON_BOUNDARY,      /* content that has the boundary in it */
    DUVA_REASON_ONCE,          /* it would have to be read twice */
    DUVA_REASON_LENGTH,        /* content of another length than said */
    DUVA_REASON_LEFT_OUT,      /* DUVA_MIME_SMALL has it not */
    /* a proxy on the way: see proxy.h; where = the code of its refusal */
    DUVA_REASON_PROXY_STRANGE, DUVA_REASON_PROXY_LONG,
    DUVA_REASON_PROXY_METHOD, DUVA_REASON_PROXY_LOGIN,
    DUVA_REASON_PROXY_FORBIDDEN, DUVA_REASON_PROXY_UNREACHED
} duva_reason;

/* English for logs and people: static strings, never NULL. */
const char *duva_reason_text(duva_reason reason);
/* One word for programs: "cert-name"; "none". */
const char *duva_reason_name(duva_reason reason);

#ifdef __cplusplus
}
#endif
#endif
