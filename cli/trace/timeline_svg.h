/* timeline_svg.h - the timeline of a session as a chart. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_TIMELINE_SVG_H
#define DUVA_CLI_TIMELINE_SVG_H

#include <stdio.h>

#include "trace/timeline.h"

/* A chart with nothing in it but steps, reply codes, times and the title. */
void cli_timeline_svg(FILE *out, const struct cli_timeline *t,
                      const char *title);

#endif
