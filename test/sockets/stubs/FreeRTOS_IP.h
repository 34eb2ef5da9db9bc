/* FreeRTOS_IP.h - the documented call of FreeRTOS+TCP that the port makes. */
/* SPDX-License-Identifier: MIT */
#define FreeRTOS_htons(n) (n)
