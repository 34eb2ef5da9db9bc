/* paths.c - turns the arguments of a runner into the scripts to play. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "script.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add(char ***paths, int *count, const char *folder, const char *name)
{
    char **more = realloc(*paths, (size_t)(*count + 1) * sizeof(*more));
    char  *path = malloc(strlen(folder) + strlen(name) + 2);

    if (more == NULL || path == NULL)
        exit(1);
    sprintf(path, "%s%s%s", folder, *folder != '\0' ? "/" : "", name);
    more[(*count)++] = path;
    *paths = more;
    return 0;
}

static int add_folder(char ***paths, int *count, const char *folder)
{
    DIR           *dir = opendir(folder);
    struct dirent *entry;
    const int      first = *count;

    if (dir == NULL) {
        perror(folder);
        return -1;
    }
    while ((entry = readdir(dir)) != NULL) {
        const size_t len = strlen(entry->d_name);

        if (len > 4 && strcmp(entry->d_name + len - 4, ".txt") == 0)
            add(paths, count, folder, entry->d_name);
    }
    closedir(dir);
    if (*count > first)
        qsort(*paths + first, (size_t)(*count - first), sizeof(**paths),
              by_name);
    return 0;
}

int script_paths(char *const *arg, int args, char ***paths)
{
    struct stat what;
    int         i, count = 0;

    *paths = NULL;
    for (i = 0; i < args; i++) {
        if (stat(arg[i], &what) == 0 && S_ISDIR(what.st_mode)) {
            if (add_folder(paths, &count, arg[i]) < 0)
                return -1;
        } else {
            add(paths, &count, "", arg[i]);
        }
    }
    return count;
}

void script_paths_free(char **paths, int count)
{
    while (count > 0)
        free(paths[--count]);
    free(paths);
}
