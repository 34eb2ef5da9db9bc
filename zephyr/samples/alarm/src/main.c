/* main.c - a device that mails an alarm.  Zephyr brings up the network, and
 * sets the clock, before main(): see prj.conf. */
/* SPDX-License-Identifier: MIT */
#include "mail.h"

#include <zephyr/kernel.h>

int main(void)
{
    const duva_result *r =
        mail_alarm("Pressure is below 2 bar.\nValve B was closed.\n");

    printk("%s: %s: %u %s\n", duva_verdict_name(r->verdict),
           duva_err_text(r->err), (unsigned)r->status.code, r->text);
    return 0;
}
