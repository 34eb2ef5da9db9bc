/* task.h - the documented calls of FreeRTOS that the port makes. */
/* SPDX-License-Identifier: MIT */
TickType_t xTaskGetTickCount(void);
void       vTaskDelay(TickType_t ticks);
