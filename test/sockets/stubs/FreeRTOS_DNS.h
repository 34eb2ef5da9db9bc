/* FreeRTOS_DNS.h - the documented resolver calls that the port makes. */
/* SPDX-License-Identifier: MIT */
BaseType_t FreeRTOS_getaddrinfo(const char *name, const char *service,
                                const struct freertos_addrinfo *hints,
                                struct freertos_addrinfo **result);
void       FreeRTOS_freeaddrinfo(struct freertos_addrinfo *info);
