/* esp_random.h - the documented call of ESP-IDF. */
/* SPDX-License-Identifier: MIT */
#include <stddef.h>

void esp_fill_random(void *buf, size_t len);
