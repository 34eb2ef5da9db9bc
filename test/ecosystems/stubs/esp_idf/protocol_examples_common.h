/* protocol_examples_common.h - the call of ESP-IDF's examples. */
/* SPDX-License-Identifier: MIT */
#include <esp_err.h>

esp_err_t example_connect(void);
