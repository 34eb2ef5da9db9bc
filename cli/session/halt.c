/* halt.c - a session that has reached --stop-after into an ended one. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <string.h>

#include "session/gate.h"
#include "session/halt.h"
#include "session/listen.h"
#include "session/session.h"
#include "system/clock.h"
#include "trace/timeline.h"

#define GOODBYE_MS 10000 /* the server's last word is not worth more */

/* Where the engine cannot send it any more.  A failure is ignored. */
static void say_goodbye(struct cli_session *s)
{
    static const char quit[] = "QUIT\r\n";
    const int64_t end = cli_now() + GOODBYE_MS;
    duva_link *l = s->client.link;
    char buf[512];
    int n;

    s->gate.stop = CLI_HALT_NEVER;
    s->held = 0;
    if (l->ops->write(l, quit, sizeof(quit) - 1) != (int)sizeof(quit) - 1)
        return;
    cli_session_hear(s, 'C', quit, sizeof(quit) - 1);
    while (!cli_timeline_is_quiet(&s->listeners.timeline) && cli_now() < end) {
        n = l->ops->read(l, buf, sizeof(buf));
        if (n > 0)
            cli_session_hear(s, 'S', buf, (size_t)n);
        if (n < 0 || (n == 0 && l->ops->wait(l, DUVA_CAN_READ, 1000) < 0))
            return;
    }
}

/* A recipient who was refused stays so; the others were not sent to. */
static void settle(struct cli_session *s, enum cli_halt stop)
{
    static const uint8_t stage[]
        = { DUVA_STAGE_CONNECT, DUVA_STAGE_CONNECT, DUVA_STAGE_GREETING,
            DUVA_STAGE_EHLO,    DUVA_STAGE_EHLO,    DUVA_STAGE_AUTH,
            DUVA_STAGE_MAIL,    DUVA_STAGE_RCPT,    DUVA_STAGE_DATA };
    duva_mail *mail = &s->outcome->mail;
    size_t i;

    s->connection.stopped_after = (uint8_t)stop;
    memset(&mail->result, 0, sizeof(mail->result));
    mail->result.verdict = DUVA_PENDING;
    mail->result.status.stage = stage[stop];
    s->listeners.trace.told = 1; /* the message was read, but never said */
    for (i = 0; i < mail->rcpt_count; i++)
        if (mail->rcpt[i].status.code < 400)
            mail->rcpt[i].verdict = DUVA_PENDING;
}

/* The engine waits of its own accord before AUTH, and when it is idle.  It
 * ends where STARTTLS would follow and is not offered. */
static int is_there(const struct cli_session *s, enum cli_halt stop)
{
    if (duva_outcome(&s->client.engine)->reason == DUVA_REASON_NO_STARTTLS)
        return stop == CLI_HALT_EHLO;
    switch (duva_next(&s->client.engine)) {
    case DUVA_AUTH:
        return stop <= CLI_HALT_TLS;
    case DUVA_IDLE:
        return stop == CLI_HALT_AUTH;
    default:
        return 0;
    }
}

int cli_session_halt(struct cli_session *s)
{
    const enum cli_halt stop = (enum cli_halt)s->options->stop_after;

    if (stop == CLI_HALT_NEVER || s->connection.stopped_after)
        return s->connection.stopped_after;
    if (!s->gate.reached && !is_there(s, stop))
        return 0;
    if (s->gate.reached && stop != CLI_HALT_CONNECT && stop != CLI_HALT_DATA)
        say_goodbye(s);
    settle(s, stop);
    return 1;
}
