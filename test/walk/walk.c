/* walk.c - wrong strings and sources that all files of the walk use. */
/* SPDX-License-Identifier: MIT */
#include "walk.h"

const char *const walk_bad[WALK_BAD] = {
    "", " ", "\r\n", "a\nb", "\x7F", "\xFF\xFE", "a b@c", "<a@b>",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaa@"
    "\x01"
};

int walk_source(void *ctx, void *buf, size_t len)
{
    size_t *at = ctx;

    if (buf == NULL) {
        *at = 0;
        return 0;
    }
    if (*at > 0 || len < 3)
        return 0;
    memcpy(buf, "Hi\n", 3);
    *at = 3;
    return 3;
}

int walk_no_source(void *ctx, void *buf, size_t len)
{
    (void)ctx;
    (void)buf;
    (void)len;
    return -7;
}
