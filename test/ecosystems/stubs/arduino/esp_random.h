/* esp_random.h - the documented call of ESP-IDF. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_ESP_RANDOM_H
#define TEST_ESP_RANDOM_H

#include <stddef.h>

#ifdef __cplusplus
extern "C"
#endif
void esp_fill_random(void *buf, size_t len);

#endif
