/* file.c - a file into the content of a part, its name into its type. */
/* SPDX-License-Identifier: MIT */
#include "duva/mime_more.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static int read_file(void *ctx, void *buf, size_t len)
{
    duva_part_file *const f = ctx;
    size_t                n;

    if (buf == NULL)
        return fseek(f->stream, 0, SEEK_SET) == 0 ? 0 : DUVA_ERR_IO;
    n = fread(buf, 1, len, f->stream);
    return n == 0 && ferror((FILE *)f->stream) ? DUVA_ERR_IO : (int)n;
}

static int same(const char *a, const char *b, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        const int x = a[i] >= 'A' && a[i] <= 'Z' ? a[i] | 0x20 : a[i];
        const int y = b[i] >= 'A' && b[i] <= 'Z' ? b[i] | 0x20 : b[i];

        if (x != y)
            return 0;
    }
    return 1;
}

/* Has the line, "type ext ext ...", that extension? */
static int has_extension(const char *line, const char *ext)
{
    const size_t len = strlen(ext);
    size_t       n = strcspn(line, " \t\r\n");

    if (line[0] == '#')
        return 0;
    for (line += n; *line != '\0'; line += n) {
        line += strspn(line, " \t\r\n");
        n = strcspn(line, " \t\r\n");
        if (n == len && n > 0 && same(line, ext, n))
            return 1;
    }
    return 0;
}

static int look_up(const char *ext, char *room, size_t size)
{
    FILE  *file = fopen("/etc/mime.types", "r");
    char   line[512];
    size_t n = 0;

    if (file == NULL)
        return 0;
    while (n == 0 && fgets(line, sizeof line, file) != NULL)
        if (has_extension(line, ext))
            n = strcspn(line, " \t");
    (void)fclose(file);        /* it was only read */
    if (n == 0 || n >= size)
        return 0;
    memcpy(room, line, n);
    room[n] = '\0';
    return 1;
}

const char *duva_mime_type(const char *name, char *room, size_t size)
{
    static const char *const usual[] = {
        "text/plain txt log", "text/html html htm", "text/csv csv",
        "application/pdf pdf", "application/zip zip", "image/png png",
        "image/jpeg jpg jpeg", "image/gif gif", "image/svg+xml svg",
        "application/json json", "message/rfc822 eml"
    };
    const char *const dot = name != NULL ? strrchr(name, '.') : NULL;
    size_t            i, n;

    if (dot != NULL && look_up(dot + 1, room, size))
        return room;
    for (i = 0; dot != NULL && i < sizeof usual / sizeof usual[0]; i++) {
        n = strcspn(usual[i], " ");
        if (has_extension(usual[i], dot + 1) && n < size) {
            memcpy(room, usual[i], n);
            room[n] = '\0';
            return room;
        }
    }
    return "application/octet-stream";
}

int duva_part_open(duva_part *p, duva_part_file *f, const char *path)
{
    const char *slash;
    long        len;

    if (p == NULL || f == NULL || path == NULL)
        return DUVA_ERR_ARG;
    f->stream = fopen(path, "rb");
    if (f->stream == NULL)
        return DUVA_ERR_IO;
    if (fseek(f->stream, 0, SEEK_END) != 0 || (len = ftell(f->stream)) < 0
        || len == LONG_MAX || fseek(f->stream, 0, SEEK_SET) != 0) {
        duva_part_close(f);
        return DUVA_ERR_IO;
    }
    slash = strrchr(path, '/');
    p->read = read_file;
    p->ctx = f;
    p->len = (uint64_t)len;
    if (p->name == NULL)
        p->name = slash != NULL ? slash + 1 : path;
    if (p->type == NULL && (p->place == DUVA_PLACE_ATTACHED
                            || p->place == DUVA_PLACE_RELATED))
        p->type = duva_mime_type(p->name, f->type, sizeof f->type);
    return DUVA_OK;
}

void duva_part_close(duva_part_file *f)
{
    if (f->stream != NULL)
        (void)fclose(f->stream); /* it was only read */
    f->stream = NULL;
}
