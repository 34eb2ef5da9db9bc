/* module.h - libraries that are loaded only when they are needed. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MODULE_H
#define DUVA_CLI_MODULE_H

#include <stddef.h>

#include "duva/result.h"
#include "modules/adapter.h"
#include "modules/certificate.h"

/* OpenSSL and the two libraries of international names take three times as
 * long to load as all else that a short mail needs.  What uses them is in
 * modules, duva-tls.so and duva-names.so; module.c loads these.  Where nothing
 * can be loaded (DUVA_CLI_MODULES is OFF), and in tests, linked.c has the same
 * functions. */

struct cli_module_tls {
    int  (*init)(cli_adapter *t, const duva_tls_config *config);
    int  (*init_like)(cli_adapter *t, const cli_adapter *like,
                      const duva_tls_config *config);
    void (*free)(cli_adapter *t);
    int  (*chain)(const cli_adapter *t, unsigned n, void *der, size_t size);
    int  (*certificate)(struct cli_certificate *c, const void *der,
                        size_t len);       /* cli_certificate_read() */
    int  (*key_open)(cli_adapter_dkim *key, const void *pem, size_t len);
                                           /* NULL: this build does not sign */
    void (*key_close)(cli_adapter_dkim *key);
    const duva_crypto *crypto;
};

struct cli_module_names {
    int (*prepare)(const char *in, char *out, size_t size);
                                           /* duva_saslprep() */
    duva_reason (*address)(const char *addr, char *buf);
                                           /* duva_idn_address(); NULL: this
                                              build has no libidn2 */
};

/* Never NULL: when one cannot be loaded, an error is printed and the command
 * ends with EX_OSFILE, as when a library is missing.  Thread-safe. */
const struct cli_module_tls   *cli_module_tls(void);
const struct cli_module_names *cli_module_names(void);

/* What a module exports, as duva_module_tls or duva_module_names: an interface
 * between files that are built together. */
struct cli_module {
    const char *version;       /* must be that of the command */
    size_t      size;          /* of what is at parts */
    const void *parts;
};

#endif
