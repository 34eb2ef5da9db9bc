/* reason.h - the detail behind an err of result.h. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_REASON_H
#define DUVA_REASON_H

#include "duva/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Comments name the error (result.h) that a reason is the detail of, and what
 * result.where is then; otherwise it is 0. */
typedef enum duva_reason {
    DUVA_REASON_NONE,
    /* ERR_ARG; where = number of the recipient from 1, or 0: not a recipient */
    DUVA_REASON_MISSING,       /* a pointer is NULL or a name empty */
    DUVA_REASON_CONTROL,       /* CR, LF, NUL or another control character */
    DUVA_REASON_NOT_ASCII,     /* an octet above 127 */
    DUVA_REASON_CHARACTER,     /* a character that is not allowed there */
    DUVA_REASON_LOCAL_LONG,    /* local part over 64 octets */
    DUVA_REASON_DOMAIN_LONG,   /* domain over 255 octets */
    DUVA_REASON_PATH_LONG,     /* address over 254 octets (path over 256) */
    DUVA_REASON_NO_RECIPIENT,  /* no recipient is left to send to */
    DUVA_REASON_NO_TLS_LINK,   /* config.tls requires TLS, no adapter given */
    DUVA_REASON_NOT_UTF8,      /* octets above 127 that are not UTF-8 */
    /* the same, and the field of extras.h that is not valid */
    DUVA_REASON_ENVID, DUVA_REASON_RET, DUVA_REASON_BY, DUVA_REASON_HOLD,
    DUVA_REASON_PRIORITY, DUVA_REASON_AUTH, DUVA_REASON_SOLICIT,
    DUVA_REASON_NOTIFY, DUVA_REASON_ORCPT, DUVA_REASON_RRVS,
    DUVA_REASON_PARAM, DUVA_REASON_BURL,
    /* ERR_BODY; where = line of the message, from 1 */
    DUVA_REASON_LONE_CR,       /* a CR that is not followed by LF */
    DUVA_REASON_NUL,           /* an octet 0 */
    DUVA_REASON_LINE_LONG,     /* a line over 998 octets */
    DUVA_REASON_SOURCE,        /* the source of the message returned an error */
    DUVA_REASON_SIZE,          /* its length is not mail.size */
    /* ERR_CANCELLED */
    DUVA_REASON_STOPPED,       /* after config.stop_after */
    /* ERR_PROTOCOL */
    DUVA_REASON_REPLY_SYNTAX,  /* not "NNN text", or a bare LF */
    DUVA_REASON_REPLY_CODES,   /* two reply codes in one reply */
    DUVA_REASON_REPLY_LONG,    /* too many octets or lines in one reply */
    DUVA_REASON_UNSOLICITED,   /* a reply without a command */
    DUVA_REASON_UNEXPECTED,    /* a reply code that is not valid here */
    DUVA_REASON_OUT_OF_STEP,   /* the server lost commands: see overlap.h */
    DUVA_REASON_INJECTION,     /* octets between STARTTLS and the handshake */
    DUVA_REASON_CHALLENGE,     /* not valid for the SASL mechanism */
    DUVA_REASON_NONCE,         /* SCRAM: not an extension of the client's */
    DUVA_REASON_ITERATIONS,    /* SCRAM: too few or too many */
    DUVA_REASON_UNPROVEN,      /* SCRAM: no proof of the password */
    /* ERR_TLS; cause is the code of the TLS library.  Up to RENEGOTIATION they
     * are about the connection, then about certificates. */
    DUVA_REASON_HANDSHAKE,     /* any other failure */
    DUVA_REASON_NO_TLS,        /* the server does not speak TLS here */
    DUVA_REASON_TLS_VERSION,   /* no version in common; 1.2 is the minimum */
    DUVA_REASON_TLS_CIPHER,    /* no cipher or algorithm in common */
    DUVA_REASON_RENEGOTIATION, /* unsafe, or refused */
    DUVA_REASON_CERT_UNTRUSTED,/* no chain to a trust anchor */
    DUVA_REASON_CERT_SELF_SIGNED,
    /* of the chain: also of certificates of authorities */
    DUVA_REASON_CERT_KEY,      /* under 112 bits of security (RSA: 2048) */
    DUVA_REASON_CERT_SIGNATURE,/* weak algorithm: SHA-1, MD5 */
    DUVA_REASON_CERT_PURPOSE,  /* not valid for TLS servers */
    DUVA_REASON_CERT_EXTENSION,/* an unknown critical extension */
    DUVA_REASON_CERT_CONSTRAINT,/* violates name constraints */
    DUVA_REASON_CERT_PATH,     /* violates a path length constraint */
    DUVA_REASON_CERT_ISSUER,   /* its issuer is not an authority */
    DUVA_REASON_CERT_NO_NAME,  /* a common name, and no subjectAltName */
    DUVA_REASON_CERT_NAME,     /* it is for another host name */
    DUVA_REASON_CERT_EXPIRED,
    DUVA_REASON_CERT_NOT_YET,  /* it is not valid yet */
    DUVA_REASON_CERT_REVOKED,
    DUVA_REASON_CERT_STATUS,   /* the stapled OCSP response is required, and
                                  missing or not valid */
    DUVA_REASON_CERT_PIN,      /* none of the pinned keys is in the chain */
    DUVA_REASON_CERT_OURS,     /* client certificate missing or rejected */
    DUVA_REASON_MEMORY,        /* ERR_RESOURCES, of calls that return one */
    /* ERR_UNSUPPORTED; from NOT_OFFERED on the mail is REFUSED, since only
     * another mail or another server helps */
    DUVA_REASON_NO_STARTTLS,   /* required by config.tls, not advertised */
    DUVA_REASON_NO_AUTH,       /* the mechanism is not advertised */
    DUVA_REASON_CLEAR_LINK,    /* the password would be sent in clear */
    DUVA_REASON_NO_BINDING,    /* a -PLUS mechanism without channel binding */
    DUVA_REASON_NOT_OFFERED,   /* not advertised: where = the DUVA_CAP_* that
                                  the mail requires; REQUIRETLS also requires
                                  a verified server */
    DUVA_REASON_OUT_OF_LIMITS, /* advertised, but the mail is beyond its
                                  limits: where = the DUVA_CAP_* */
    DUVA_REASON_TOO_BIG,       /* mail.size is above the server's SIZE */
    /* duva_mime.error, which says where in its own fields */
    DUVA_REASON_REPEATED,      /* only one of these is allowed */
    DUVA_REASON_RANGE,         /* a number out of its range */
    DUVA_REASON_BOUNDARY,      /* the content contains the boundary */
    DUVA_REASON_ONCE,          /* it would have to be read twice */
    DUVA_REASON_LENGTH,        /* the content has another length than stated */
    DUVA_REASON_LEFT_OUT,      /* compiled out: several recipients, or what
                                  DUVA_MIME_SMALL has not */
    /* of a proxy: see proxy.h; where = its reply code */
    DUVA_REASON_PROXY_STRANGE, DUVA_REASON_PROXY_LONG,
    DUVA_REASON_PROXY_METHOD, DUVA_REASON_PROXY_LOGIN,
    DUVA_REASON_PROXY_FORBIDDEN, DUVA_REASON_PROXY_UNREACHED,
    DUVA_REASONS               /* how many there are */
} duva_reason;

/* English for logs and users: static strings, never NULL. */
const char *duva_reason_text(duva_reason reason);
/* A fixed word for programs, such as "cert-name"; "none" for NONE. */
const char *duva_reason_name(duva_reason reason);

#ifdef __cplusplus
}
#endif
#endif
