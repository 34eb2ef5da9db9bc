/* idn.c - uses what duva::idn has: a domain beyond ASCII. */
/* SPDX-License-Identifier: MIT */
#include <duva/idn.h>

#include <string.h>

int main(void)
{
    char domain[DUVA_IDN_SIZE];

    if (duva_idn_domain("b\xc3\xbc" "cher.example", domain) != 0)
        return 1;
    return strcmp(domain, "xn--bcher-kva.example") != 0;
}
