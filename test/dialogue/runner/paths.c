/* paths.c - finds the dialogues that the arguments of a runner name. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "script.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct paths {
    char **path;
    int    count;
};

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(name_of(*(char *const *)a), name_of(*(char *const *)b));
}

static char *join(const char *folder, const char *name)
{
    char *path = malloc(strlen(folder) + strlen(name) + 2);

    if (path == NULL)
        exit(1);
    sprintf(path, "%s/%s", folder, name);
    return path;
}

static void add_path(struct paths *p, const char *path)
{
    char **more = realloc(p->path, (size_t)(p->count + 1) * sizeof(*more));
    char  *copy = strdup(path);

    if (more == NULL || copy == NULL)
        exit(1);
    p->path = more;
    p->path[p->count++] = copy;
}

static void add_row(struct paths *p, const char *path, const char *row)
{
    char *both = malloc(strlen(path) + strlen(row) + 3);

    if (both == NULL)
        exit(1);
    sprintf(both, "%s[%s]", path, row);
    add_path(p, both);
    free(both);
}

/* Adds the file, or PATH[ROW] for each row that it has. */
static int add_file(struct paths *p, const char *path)
{
    FILE  *f = fopen(path, "r");
    char   line[4096], *id;
    size_t len;
    int    rows = 0;

    if (f == NULL && strchr(path, '[') == NULL) {
        perror(path);
        return -1;
    }
    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        id = line + strspn(line, " ");
        if (strncmp(id, "row ", 4) != 0)
            continue;
        id += 4 + strspn(id + 4, " ");
        len = strcspn(id, " \n");
        id[len] = '\0';
        add_row(p, path, id);
        rows++;
    }
    if (f != NULL)
        fclose(f);
    if (rows == 0)
        add_path(p, path);
    return 0;
}

static int is_folder(const char *path)
{
    struct stat what;

    return stat(path, &what) == 0 && S_ISDIR(what.st_mode);
}

static int add_folder(struct paths *p, const char *folder)
{
    DIR           *dir = opendir(folder);
    struct dirent *entry;
    int            err = 0;

    if (dir == NULL) {
        perror(folder);
        return -1;
    }
    while (err == 0 && (entry = readdir(dir)) != NULL) {
        const size_t len = strlen(entry->d_name);
        char        *path = join(folder, entry->d_name);

        if (len > 4 && strcmp(entry->d_name + len - 4, ".txt") == 0)
            err = add_file(p, path);
        else if (entry->d_name[0] != '.' && is_folder(path))
            err = add_folder(p, path);
        free(path);
    }
    closedir(dir);
    return err;
}

/* A failure is reported by the name alone. */
static int check_names(const struct paths *p)
{
    int i;

    for (i = 1; i < p->count; i++)
        if (by_name(&p->path[i - 1], &p->path[i]) == 0) {
            fprintf(stderr, "two dialogues have one name: %s and %s\n",
                    p->path[i - 1], p->path[i]);
            return -1;
        }
    return 0;
}

int script_paths(char *const *arg, int args, char ***paths)
{
    struct paths p = { NULL, 0 };
    int          i, err = 0;

    for (i = 0; i < args && err == 0; i++) {
        if (is_folder(arg[i]))
            err = add_folder(&p, arg[i]);
        else
            err = add_file(&p, arg[i]);
    }
    if (p.count > 0)
        qsort(p.path, (size_t)p.count, sizeof(*p.path), by_name);
    *paths = p.path;
    return err < 0 || check_names(&p) < 0 ? -1 : p.count;
}

void script_paths_free(char **paths, int count)
{
    while (count > 0)
        free(paths[--count]);
    free(paths);
}
