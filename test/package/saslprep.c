/* saslprep.c - uses what duva::saslprep and duva::openssl have for SCRAM. */
/* SPDX-License-Identifier: MIT */
#include <duva/openssl.h>
#include <duva/saslprep.h>
#include <duva/scram.h>

int main(void)
{
    duva_sasl_scram scram;
    duva_span       part[DUVA_SASL_PARTS];
    char            pass[64];

    if (duva_saslprep("p\xC3\xA4ss", pass, sizeof(pass)) != DUVA_OK)
        return 1;
    duva_sasl_scram_init(&scram, &duva_crypto_openssl, DUVA_SHA256, 0, "ada",
                         pass);
    if (scram.base.step(&scram.base, NULL, part) != DUVA_ERR_ARG)
        return 1;              /* nobody has said yet that it is prepared */
    scram.prepared = 1;
    return scram.base.step(&scram.base, NULL, part) == 1 ? 0 : 1;
}
