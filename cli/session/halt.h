/* halt.h - a session that is to come no further into a good end of it. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_HALT_H
#define DUVA_CLI_HALT_H


struct cli_job;
struct cli_session;

/* Makes the file of --timeline, before anybody is connected to, and fills it.
 * The first returns 0, or an exit code after cli_stop(). */
int cli_chart_open(struct cli_job *job);
void cli_chart_close(struct cli_job *job);
/* The parts of that: the title, static, and the end of the file. */
const char *cli_chart_title(const struct cli_job *job);
void cli_chart_end(struct cli_job *job);

/* Has the session come as far as --stop-after says?  Then the server is told
 * QUIT if it can be, and job->connection.stopped_after and the result say so. */
int cli_session_halt(struct cli_session *s);

#endif
