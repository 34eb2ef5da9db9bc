/* sign.c - a message on stdin into the same with a DKIM signature:
 * sign KEY.pem DOMAIN SELECTOR STEP */
/* SPDX-License-Identifier: MIT */
#include <duva/dkim_openssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char   message[4 << 20], pem[8192];
static size_t message_len, at;

static int read_message(void *ctx, void *buf, size_t len)
{
    const size_t step = *(const size_t *)ctx;
    size_t       n = message_len - at;

    if (buf == NULL) {
        at = 0;
        return 0;
    }
    n = n < len ? n : len;
    n = n < step ? n : step;
    memcpy(buf, message + at, n);
    at += n;
    return (int)n;
}

/* Is it as long as it says beforehand?  Then it goes back to the start. */
static int measure(duva_dkim *dkim)
{
    char     out[64];
    uint64_t size, got = 0;
    int      n = duva_dkim_size(dkim, &size);

    if (n < 0)
        return n;
    while ((n = duva_dkim_read(dkim, out, sizeof out)) > 0)
        got += (uint64_t)n;
    if (n == 0 && got != size)
        return DUVA_ERR_BODY;
    return n < 0 ? n : duva_dkim_read(dkim, NULL, 0);
}

int main(int argc, char **argv)
{
    static duva_dkim  dkim;
    duva_dkim_openssl key = { .key = NULL };
    char              out[700];
    size_t            step, len;
    FILE             *file;
    int               n;

    if (argc != 5 || (file = fopen(argv[1], "r")) == NULL)
        return 64;
    len = fread(pem, 1, sizeof pem, file);
    fclose(file);
    message_len = fread(message, 1, sizeof message, stdin);
    step = (size_t)atoi(argv[4]);
    if (duva_dkim_openssl_open(&key, pem, len) != DUVA_OK)
        return 65;
    dkim.source = read_message;
    dkim.source_ctx = &step;
    dkim.signer = &key.signer;
    dkim.domain = argv[2];
    dkim.selector = argv[3];
    dkim.date = 1700000000;
    n = measure(&dkim);
    while (n >= 0
           && (n = duva_dkim_read(&dkim, out, step < 700 ? step : 700)) > 0)
        fwrite(out, 1, (size_t)n, stdout);
    if (n < 0)
        fprintf(stderr, "%s %s\n", duva_err_name((duva_err)n),
                duva_reason_name(dkim.reason));
    duva_dkim_openssl_close(&key);
    return n < 0;
}
