/* esp_netif_sntp.h - the documented calls that the example makes. */
/* SPDX-License-Identifier: MIT */
#include <esp_err.h>
#include <stdint.h>

typedef struct esp_sntp_config {
    const char *servers[1];
} esp_sntp_config_t;

#define ESP_NETIF_SNTP_DEFAULT_CONFIG(server) { { server } }
#define pdMS_TO_TICKS(ms) ((uint32_t)(ms) / 10)

esp_err_t esp_netif_sntp_init(const esp_sntp_config_t *config);
esp_err_t esp_netif_sntp_sync_wait(uint32_t ticks);
