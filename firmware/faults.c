/* faults.c - pulls the cable, resets the board, takes memory. */
/* SPDX-License-Identifier: MIT */
#include "faults.h"

#include "board.h"
#include "lan9118.h"
#include "settings.h"

#include <lwip/mem.h>

#include <string.h>

static int is_for(const char *setting, duva_stage stage)
{
    const char *name = settings_text(setting);

    return name != NULL && strcmp(name, duva_stage_name(stage)) == 0;
}

void faults_at(duva_stage stage)
{
    if (board_starts() > 1)
        return;
    if (is_for("pull", stage))
        lan9118_connect(0);
    if (is_for("reset", stage)) {
        board_print("reset at %s\n", duva_stage_name(stage));
        board_reset();
    }
}

void faults_hold_memory(void)
{
    mem_size_t size = 4096;

    if (!settings_number("hold", 0))
        return;
    while (size > 16)
        if (mem_malloc(size) == NULL) /* never freed: the run ends so */
            size /= 2;
}
