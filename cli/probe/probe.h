/* probe.h - "duva probe". */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_PROBE_H
#define DUVA_CLI_PROBE_H

/* A sub-command: argv[0] is its name.  Returns the exit code. */
int cli_main_probe(int argc, char **argv);

#endif
