/* nvs_flash.h - the documented call that the example makes. */
/* SPDX-License-Identifier: MIT */
#include <esp_err.h>

esp_err_t nvs_flash_init(void);
