/* module.c - the name of a module into what it exports. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "modules/module.h"
#include "system/helper.h"
#include "system/shortage.h"
#include "text/escape.h"

static const struct cli_module_tls   *tls;
static const struct cli_module_names *names;

static void give_up(const char *problem)
{
    const int code = cli_file_code(EX_OSFILE);
    char shown[2400];

    if (problem == NULL) /* no memory even for the text */
        problem = strerror(errno);
    cli_escape(shown, sizeof(shown), problem, strlen(problem));
    fprintf(stderr, "duva: cannot load a module: %s%s\n", shown,
            code == EX_OSFILE ? "; check that duva is installed completely"
                              : "");
    exit(code);
}

/* It stays until the command ends. */
static const void *load(const char *file, const char *symbol, size_t size)
{
    const struct cli_module *module = NULL;
    char path[1024];
    void *library;

    cli_helper_path(path, sizeof(path), DUVA_MODULES, file);
    errno = 0;
    library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library != NULL)
        module = dlsym(library, symbol);
    if (module == NULL)
        give_up(dlerror());
    else if (strcmp(module->version, DUVA_VERSION) != 0
             || module->size != size) {
        snprintf(path + strlen(path), sizeof(path) - strlen(path),
                 ": it has another version than duva");
        give_up(path);
    }
    return module->parts;
}

static void load_tls(void)
{
    tls = load("duva-tls.so", "duva_module_tls", sizeof(*tls));
}

static void load_names(void)
{
    names = load("duva-names.so", "duva_module_names", sizeof(*names));
}

const struct cli_module_tls *cli_module_tls(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, load_tls);
    return tls;
}

const struct cli_module_names *cli_module_names(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, load_names);
    return names;
}
