/* idn_address.c - an address beyond ASCII into one that can be sent. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "duva/config.h"
#include "duva/mail.h"
#include "envelope/mailbox.h"
#include "modules/module.h"
#include "envelope/idn_address.h"

static int is_ascii(const char *text, const char *end)
{
    while (text < end && (unsigned char)*text < 0x80)
        text++;
    return text == end;
}

static const char *judge(struct cli_idn_address *s, duva_reason reason)
{
    s->reason = reason;
    return reason == DUVA_REASON_NONE ? NULL : duva_reason_text(reason);
}

static const char *spell_domain(struct cli_idn_address *s, const char *addr)
{
    duva_reason (*address)(const char *from, char *to)
        = cli_module_names()->address;
    duva_reason reason;

    if (address == NULL) {
        s->reason = DUVA_REASON_NOT_ASCII;
        return "this duva is built without international domains; write it in "
               "A-labels (xn--...)";
    }
    reason = address(addr, s->plain);
    if (reason == DUVA_REASON_NONE)
        reason = duva_address_check(s->plain);
    s->addr = s->plain;
    return judge(s, reason);
}

const char *cli_idn_address_convert(struct cli_idn_address *s, const char *addr)
{
    const char *end = addr + strlen(addr);
    const char *domain = cli_address_domain(addr);

    s->addr = addr;
    if (is_ascii(addr, end))
        return judge(s, duva_address_check(addr));
    if (!s->keep && domain != NULL && is_ascii(addr, domain))
        return spell_domain(s, addr);
    s->utf8 = 1;
    return judge(s, duva_address_check_utf8(addr));
}
