/* chart_file.c - the timeline of a session into the file of --timeline. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "text/escape.h"
#include "trace/chart_file.h"
#include "trace/timeline.h"
#include "trace/timeline_svg.h"

int cli_chart_open(struct cli_listeners *l, const char *file,
                   struct cli_outcome *o)
{
    char shown[400];

    if (file == NULL)
        return 0;
    l->timeline_file = fopen(file, "we");
    if (l->timeline_file != NULL)
        return 0;
    cli_escape(shown, sizeof(shown), file, strlen(file));
    return cli_stop(o, EX_CANTCREAT, DUVA_ERR_ARG, DUVA_REASON_NONE,
                    "--timeline %s: %s", shown, strerror(errno));
}

const char *cli_chart_title(char title[CLI_CHART_TITLE_SIZE],
                            const char *command,
                            const struct cli_server *server)
{
    char text[CLI_SERVER_SIZE];

    cli_server_text(text, server);
    snprintf(title, CLI_CHART_TITLE_SIZE, "duva %s to %s", command, text);
    return title;
}

void cli_chart_end(struct cli_listeners *l)
{
    int failed;

    if (l->timeline_file == NULL)
        return;
    failed = ferror(l->timeline_file);
    if (fclose(l->timeline_file) != 0 || failed)
        fprintf(stderr, "duva: --timeline: %s\n", strerror(errno));
    l->timeline_file = NULL;
}

void cli_chart_close(struct cli_listeners *l, const char *title)
{
    if (l->timeline.start != 0)
        cli_timeline_end(&l->timeline);
    if (l->timeline_file != NULL)
        cli_timeline_svg(l->timeline_file, &l->timeline, title);
    cli_chart_end(l);
}
