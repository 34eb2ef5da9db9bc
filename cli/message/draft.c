/* draft.c - lists of the texts that options say. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "message/draft.h"

int cli_texts_add(struct cli_texts *t, const char *text)
{
    const size_t room = t->room > 0 ? 2 * t->room : 4;
    const char **more;

    if (t->count == t->room) {
        more = realloc(t->text, room * sizeof(*more));
        if (more == NULL)
            return -1;
        t->text = more;
        t->room = room;
    }
    t->text[t->count++] = text;
    return 0;
}

void cli_texts_free(struct cli_texts *t)
{
    free(t->text);
    memset(t, 0, sizeof(*t));
}
