/* idn_address.c - checks addresses and converts domains to A-labels. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "duva/config.h"
#include "duva/mail.h"
#include "envelope/mailbox.h"
#include "envelope/idn_address.h"
#include "modules/module.h"

static int is_ascii(const char *text, const char *end)
{
    while (text < end && (unsigned char)*text < 0x80)
        text++;
    return text == end;
}

static const char *reason_text(struct cli_idn_address *a, duva_reason reason)
{
    a->reason = reason;
    return reason == DUVA_REASON_NONE ? NULL : duva_reason_text(reason);
}

static const char *convert_domain(struct cli_idn_address *a, const char *addr)
{
    duva_reason (*address)(const char *from, char *to)
        = cli_module_names()->address;
    duva_reason reason;

    if (address == NULL) {
        a->reason = DUVA_REASON_NOT_ASCII;
        return "this duva is built without international domains; write it in "
               "A-labels (xn--...)";
    }
    reason = address(addr, a->plain);
    if (reason == DUVA_REASON_NONE)
        reason = duva_address_check(a->plain);
    a->addr = a->plain;
    return reason_text(a, reason);
}

const char *cli_idn_address_convert(struct cli_idn_address *a, const char *addr)
{
    const char *end = addr + strlen(addr);
    const char *domain = cli_address_domain(addr);

    a->addr = addr;
    if (is_ascii(addr, end))
        return reason_text(a, duva_address_check(addr));
    if (!a->keep && domain != NULL && is_ascii(addr, domain))
        return convert_domain(a, addr);
    a->utf8 = 1;
    return reason_text(a, duva_address_check_utf8(addr));
}

const char *cli_mailboxes_convert(struct cli_mailboxes *m, size_t i,
                                  struct cli_idn_address *a)
{
    const char *addr = m->list[i].addr;
    const char *problem = cli_idn_address_convert(a, addr);

    if (problem != NULL)
        return problem;
    /* A quoted string alone is an error: its "@" is not that of an address. */
    if (addr[0] == '"' && cli_address_domain(addr) == NULL) {
        a->reason = DUVA_REASON_NONE;
        return "it has no domain; write it as name@host";
    }
    if (a->addr == addr || cli_mailboxes_set(m, i, a->addr) == 0)
        return NULL;
    a->reason = DUVA_REASON_MEMORY;
    return "not enough memory";
}
