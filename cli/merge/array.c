/* array.c - arrays on the heap, some of them in the order of rows. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "merge/array.h"

void *cli_array_room(void *list, size_t *size, size_t count, size_t each)
{
    const size_t wanted = *size > 0 ? 2 * *size : 64;
    void *more;

    if (count < *size)
        return list;
    more = realloc(list, wanted * each);
    if (more != NULL)
        *size = wanted;
    return more;
}

static uint64_t row_at(const void *list, size_t i, size_t each)
{
    uint64_t row;

    memcpy(&row, (const char *)list + i * each, sizeof(row));
    return row;
}

size_t cli_array_find(const void *list, size_t count, size_t each, uint64_t row)
{
    size_t low = 0, high = count, middle;

    while (low < high) {
        middle = low + (high - low) / 2;
        if (row_at(list, middle, each) < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
