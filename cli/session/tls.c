/* tls.c - the options of TLS into an adapter. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "modules/certificate.h"
#include "modules/module.h"
#include "outcome/outcome.h"
#include "session/tls.h"
#include "system/guard.h"
#include "text/escape.h"

/* The file that cannot be used, or NULL: all can be read at least. */
static const char *unreadable(const duva_tls_config *config)
{
    const char *const file[]
        = { config->ca_file, config->cert_file, config->key_file };
    FILE *f;
    size_t i;

    for (i = 0; i < sizeof(file) / sizeof(file[0]); i++) {
        f = file[i] != NULL ? fopen(file[i], "r") : NULL;
        if (f != NULL)
            (void)fclose(f); /* it was only read */
        else if (file[i] != NULL)
            return file[i];
    }
    return NULL;
}

static int cannot_open(const duva_tls_config *config, struct cli_outcome *o)
{
    const char *file = unreadable(config);
    char shown[400];

    if (file != NULL) {
        const char *problem = strerror(errno);

        cli_escape(shown, sizeof(shown), file, strlen(file));
        return cli_stop(o, EX_NOINPUT, DUVA_ERR_TLS, DUVA_REASON_NONE, "%s: %s",
                        shown, problem);
    }
    return cli_stop(o, EX_CONFIG, DUVA_ERR_TLS, DUVA_REASON_NONE,
                    config->cert_file == NULL
                        ? "--ca: the file has no certificate in PEM"
                    : config->ca_file == NULL
                        ? "--client-cert: it must be a certificate and its "
                          "key, in PEM and unencrypted"
                        : "--ca, --client-cert: they must be certificates in "
                          "PEM, with an unencrypted key");
}

int cli_tls_open(struct cli_tls *t, const duva_tls_config *config,
                 struct cli_outcome *o)
{
    int err;

    if (t->ready)
        return 0;
    if (config->key_file != NULL)
        cli_guard_memory();
    err = cli_module_tls()->init(&t->adapter, config);
    if (err == DUVA_ERR_RESOURCES)
        return cli_stop(o, EX_OSERR, (duva_err)err, DUVA_REASON_NONE, "TLS: %s",
                        strerror(t->adapter.tls.link.cause));
    if (err != DUVA_OK)
        return cannot_open(config, o);
    t->ready = 1;
    return 0;
}

void cli_tls_close(struct cli_tls *t)
{
    if (t->ready)
        cli_module_tls()->free(&t->adapter);
    t->ready = 0;
}

size_t cli_tls_certificate(const struct cli_tls *t, unsigned n, void *der,
                           size_t size)
{
    const int len = cli_module_tls()->chain(&t->adapter, n, der, size);

    return len > 0 ? (size_t)len : 0;
}

#define NAMES 4 /* as many as one can read */

/* Adds one, or counts it. */
static void add_name(struct cli_connection *c, size_t *count, const char *name,
                     size_t len)
{
    const size_t used = strlen(c->cert_names);

    if (*count < NAMES && used + len + 2 <= sizeof(c->cert_names)) {
        snprintf(c->cert_names + used, sizeof(c->cert_names) - used, "%.*s\n",
                 (int)len, name);
        (*count)++;
    } else {
        c->more_cert_names++;
    }
}

void cli_tls_names(const struct cli_tls *t, const duva_result *outcome,
                   struct cli_connection *to)
{
    static struct cli_certificate c;
    static uint8_t der[16384];
    const char *line;
    size_t len, n, kind, count = 0;

    if (outcome->reason != DUVA_REASON_CERT_NAME || to->cert_names[0] != '\0')
        return;
    len = cli_tls_certificate(t, 0, der, sizeof(der));
    to->more_cert_names = 0;
    if (len == 0 || cli_module_tls()->certificate(&c, der, len) != 0)
        return;
    for (line = c.names; *line != '\0'; line += n + 1) {
        n = strcspn(line, "\n");
        kind = strcspn(line, ":") + 1;
        if (strncmp(line, "DNS:", kind) == 0 || strncmp(line, "IP:", kind) == 0)
            add_name(to, &count, line + kind, n - kind);
    }
}

int cli_tls_has_fingerprint(const struct cli_tls *t,
                            const uint8_t fingerprint[CLI_SHA256_SIZE])
{
    static uint8_t der[16384];
    uint8_t digest[DUVA_DIGEST_MAX];
    duva_span whole;
    int n;

    whole.data = der;
    whole.len = cli_tls_certificate(t, 0, der, sizeof(der));
    if (whole.len == 0)
        return 0;
    n = cli_module_tls()->crypto->hash(DUVA_SHA256, &whole, 1, digest);
    return n < 0 ? DUVA_ERR_RESOURCES
                 : memcmp(digest, fingerprint, CLI_SHA256_SIZE) == 0;
}
