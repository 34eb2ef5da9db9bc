/* chart_file.h - the file of --timeline. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_CHART_FILE_H
#define DUVA_CLI_CHART_FILE_H

#include "outcome/outcome.h"
#include "text/server.h"
#include "trace/listeners.h"

#define CLI_CHART_TITLE_SIZE (CLI_SERVER_SIZE + 40)

/* Creates the file, unless its name is NULL, before a session begins.  Returns
 * 0, or an exit code after cli_stop(). */
int cli_chart_open(struct cli_listeners *l, const char *file,
                   struct cli_outcome *o);

/* "duva COMMAND to SERVER".  Returns title. */
const char *cli_chart_title(char title[CLI_CHART_TITLE_SIZE],
                            const char *command,
                            const struct cli_server *server);

/* Ends the timeline, and draws its chart if there is a file. */
void cli_chart_close(struct cli_listeners *l, const char *title);

/* Only closes the file: its chart was drawn by another function. */
void cli_chart_end(struct cli_listeners *l);

#endif
