/* calls.c - the documented calls of ESP-IDF that the example makes. */
/* SPDX-License-Identifier: MIT */
#include "host.h"

#include <esp_event.h>
#include <esp_netif.h>
#include <esp_netif_sntp.h>
#include <esp_random.h>
#include <nvs_flash.h>
#include <protocol_examples_common.h>

static int netif, events;

esp_err_t nvs_flash_init(void)
{
    return ESP_OK;
}

esp_err_t esp_netif_init(void)
{
    netif = 1;
    return ESP_OK;
}

esp_err_t esp_event_loop_create_default(void)
{
    events = 1;
    return ESP_OK;
}

esp_err_t example_connect(void)
{
    return netif && events ? ESP_OK : -1;
}

esp_err_t esp_netif_sntp_init(const esp_sntp_config_t *config)
{
    return config->servers[0] != NULL ? ESP_OK : -1;
}

esp_err_t esp_netif_sntp_sync_wait(uint32_t ticks)
{
    return ticks > 0 ? ESP_OK : -1;
}

void esp_fill_random(void *buf, size_t len)
{
    if (host_random(buf, len) != 0)
        abort();
}
