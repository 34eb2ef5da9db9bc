/* main.c - a device that mails an alarm. */
/* SPDX-License-Identifier: MIT */
#include "mail.h"

#include <esp_err.h>
#include <esp_event.h>
#include <esp_log.h>
#include <esp_netif.h>
#include <esp_netif_sntp.h>
#include <nvs_flash.h>
#include <protocol_examples_common.h>

/* A network, and the time: certificates have dates. */
static void network_up(void)
{
    esp_sntp_config_t time = ESP_NETIF_SNTP_DEFAULT_CONFIG("ntp.example.net");

    ESP_ERROR_CHECK(nvs_flash_init());
    ESP_ERROR_CHECK(esp_netif_init());
    ESP_ERROR_CHECK(esp_event_loop_create_default());
    ESP_ERROR_CHECK(example_connect());
    ESP_ERROR_CHECK(esp_netif_sntp_init(&time));
    ESP_ERROR_CHECK(esp_netif_sntp_sync_wait(pdMS_TO_TICKS(30000)));
}

void app_main(void)
{
    const duva_result *r;

    network_up();
    r = mail_alarm("Pressure is below 2 bar.\nValve B was closed.\n");
    ESP_LOGI("alarm", "%s: %s: %u %s", duva_verdict_name(r->verdict),
             duva_err_text(r->err), (unsigned)r->status.code, r->text);
}
