/* esp_log.h - the documented macro that the example uses. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#define ESP_LOGI(tag, format, ...) printf(tag ": " format "\n", __VA_ARGS__)
