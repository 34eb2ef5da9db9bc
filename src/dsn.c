/* dsn.c - turns text into xtext, and requests for reports into parameters. */
/* SPDX-License-Identifier: MIT */
#include "dsn.h"

#include "command.h"

#include <string.h>

#if DUVA__XTEXT
/* ---- xtext (RFC 3461 4) ---- */

static const char digits[] = "0123456789ABCDEF";

/* Octets that stand for themselves. */
static int is_plain(char c)
{
    return c > ' ' && c < 0x7F && c != '+' && c != '=';
}

void duva__put_xtext(duva_engine *e, const char *form, const char *text)
{
    char code[4] = "";

    duva__put(e, form, NULL);
    for (; *text != '\0'; text++) {
        code[0] = is_plain(*text) ? *text : '+';
        code[1] = is_plain(*text) ? '\0' : digits[(uint8_t)*text >> 4];
        code[2] = digits[*text & 15];
        duva__put(e, "%", code);
    }
}

#endif

#if DUVA_WITH_DSN
/* ---- DSN: RFC 3461 4.1 to 4.4 ---- */

enum { ENVID_MAX = 100, ORCPT_MAX = 500 };

static int is_ascii(const char *text)
{
    while (*text != '\0' && (uint8_t)*text < 0x80)
        text++;
    return *text == '\0';
}

/* Printable ASCII, and not too long as xtext. */
static int is_printable(const char *text, size_t max)
{
    size_t len = 0;

    for (; *text >= ' ' && *text < 0x7F; text++)
        len += is_plain(*text) ? 1 : 3;
    return *text == '\0' && len > 0 && len <= max;
}

#define UTF8_CODE 11           /* "\x{10FFFF}" */

/* The first character of the text at code, as RFC 6533 3 has it: what is not
 * plain ASCII as its number.  Returns the rest of the text. */
static const char *encode_utf8(char code[UTF8_CODE], const char *text)
{
    uint32_t c = (uint8_t)*text++;
    unsigned shift = 0;

    if (c >= 0x80) {
        c &= c < 0xE0 ? 0x1Fu : c < 0xF0 ? 0x0Fu : 0x07u;
        while ((*text & 0xC0) == 0x80)
            c = c << 6 | ((uint8_t)*text++ & 0x3Fu);
    } else if (is_plain((char)c) && c != '\\') {
        code[0] = (char)c;
        code[1] = '\0';
        return text;
    }
    memcpy(code, "\\x{", 3);
    code += 3;
    while (c >> shift > 15)
        shift += 4;
    for (; shift > 0; shift -= 4)
        *code++ = digits[c >> shift & 15];
    *code++ = digits[c & 15];
    memcpy(code, "}", 2);
    return text;
}

#if DUVA_WITH_SMTPUTF8
static int is_utf8_orcpt(const char *text)
{
    char   code[UTF8_CODE];
    size_t len = sizeof("utf-8;") - 1;

    if (duva_address_check_utf8(text) != DUVA_REASON_NONE)
        return 0;
    while (*text != '\0') {
        text = encode_utf8(code, text);
        len += strlen(code);
    }
    return len <= ORCPT_MAX;
}
#else
#define is_utf8_orcpt(text) 0
#endif

static int is_orcpt(const char *orcpt)
{
    return is_ascii(orcpt)
               ? is_printable(orcpt, ORCPT_MAX - (sizeof("rfc822;") - 1))
               : is_utf8_orcpt(orcpt);
}

static void put_utf8_xtext(duva_engine *e, const char *text)
{
    char code[UTF8_CODE];

    while (*text != '\0') {
        text = encode_utf8(code, text);
        duva__put(e, "%", code);
    }
}

static duva_reason check_dsn(const duva_mail_extras *x)
{
    if (x->envid != NULL && !is_printable(x->envid, ENVID_MAX))
        return DUVA_REASON_ENVID;
    return x->ret > DUVA_RET_HDRS ? DUVA_REASON_RET : DUVA_REASON_NONE;
}

static int has_dsn(const duva_mail_extras *x)
{
    return x->envid != NULL || x->ret != 0;
}

static void put_dsn(duva_engine *e, const duva_mail_extras *x)
{
    if (x->ret != 0)
        duva__put(e, x->ret == DUVA_RET_FULL ? " RET=FULL" : " RET=HDRS", NULL);
    if (x->envid != NULL)
        duva__put_xtext(e, " ENVID=", x->envid);
}

static duva_reason check_rcpt_dsn(const duva_rcpt_extras *x)
{
    if (x->notify > DUVA_NOTIFY_NEVER)
        return DUVA_REASON_NOTIFY;
    return x->orcpt != NULL && !is_orcpt(x->orcpt) ? DUVA_REASON_ORCPT
                                                   : DUVA_REASON_NONE;
}

static int has_rcpt_dsn(const duva_rcpt_extras *x)
{
    return x->notify != 0 || x->orcpt != NULL;
}

static void put_notify(duva_engine *e, unsigned notify)
{
    static const char name[][8] = { "SUCCESS", "FAILURE", "DELAY", "NEVER" };
    const char *form = " NOTIFY=%";
    unsigned    i;

    for (i = 0; i < 4; i++)
        if (notify >> i & 1) {
            duva__put(e, form, name[i]);
            form = ",%";
        }
}

static void put_rcpt_dsn(duva_engine *e, const duva_rcpt_extras *x)
{
    put_notify(e, x->notify);
    if (x->orcpt != NULL && is_ascii(x->orcpt)) {
        duva__put_xtext(e, " ORCPT=rfc822;", x->orcpt);
    } else if (x->orcpt != NULL) {
        duva__put(e, " ORCPT=utf-8;", NULL);
        put_utf8_xtext(e, x->orcpt);
    }
}

const struct duva__of_mail duva__dsn_of_mail = {
    DUVA_CAP_DSN, check_dsn, has_dsn, NULL, put_dsn
};

const struct duva__of_rcpt duva__dsn_of_rcpt = {
    DUVA_CAP_DSN, check_rcpt_dsn, has_rcpt_dsn, put_rcpt_dsn
};
#endif

#if !DUVA__XTEXT
typedef int duva__no_dsn;      /* a file must not be empty */
#endif
