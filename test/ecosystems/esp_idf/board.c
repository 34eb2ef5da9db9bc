/* board.c - an ESP32 that is this machine. */
/* SPDX-License-Identifier: MIT */

void app_main(void);

int main(void)
{
    app_main();
    return 0;
}
