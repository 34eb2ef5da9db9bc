/* sign.c - a signer of DKIM from a key in a file. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "message/sign.h"
#include "modules/module.h"
#include "system/guard.h"
#include "system/shortage.h"

#define KEY_MAX 16384          /* RSA of 4096 bits has 3300 octets */

/* Reads a file that is private.  Returns its octets, or -1 with the problem. */
static int read_key(const char *path, char *pem, size_t size,
                    const char **problem)
{
    const int   fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    size_t      len = 0;
    ssize_t     n = 1;

    *problem = NULL;
    cli_guard_memory();
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)
        && (st.st_mode & S_IROTH))
        *problem = "other users may read it; run chmod o-r on it";
    while (fd >= 0 && *problem == NULL && n > 0 && len < size) {
        n = read(fd, pem + len, size - len);
        if (n < 0 && errno == EINTR)
            n = 1;
        else
            len += n > 0 ? (size_t)n : 0;
    }
    if (*problem == NULL && (fd < 0 || n < 0))
        *problem = strerror(errno);
    if (*problem == NULL && len == size)
        *problem = "it is too long for a key";
    if (fd >= 0)
        close(fd);
    return *problem == NULL ? (int)len : -1;
}

const char *cli_signer_open(struct cli_signer *s, const char *key,
                            duva_signer **signer, int *code)
{
    const struct cli_module_tls *module = cli_module_tls();
    char pem[KEY_MAX];
    const char *problem;
    int len, err = DUVA_OK;

    *code = EX_UNAVAILABLE;
    if (module->key_open == NULL)
        return "this duva is built without OpenSSL, which DKIM needs";
    len = read_key(key, pem, sizeof(pem), &problem);
    *code = len < 0 ? cli_file_code(EX_NOINPUT) : EX_CONFIG;
    if (len >= 0)
        err = module->key_open(&s->key, pem, (size_t)len);
    cli_wipe(pem, sizeof(pem));
    if (err == DUVA_ERR_RESOURCES) {
        *code = EX_OSERR;
        problem = duva_err_text((duva_err)err);
    } else if (err != DUVA_OK)
        problem = "it is not a private key in PEM, without a passphrase, of "
                  "RSA (1024 to 4096 bits) or Ed25519";
    *signer = &s->key.signer;
    s->open = err == DUVA_OK && len >= 0;
    return problem;
}

void cli_signer_close(struct cli_signer *s)
{
    if (s->open)
        cli_module_tls()->key_close(&s->key);
    s->open = 0;
}
