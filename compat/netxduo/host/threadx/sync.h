/* sync.h - mutexes, as the checked calls ask for them. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_HOST_THREADX_SYNC_H
#define DUVA_HOST_THREADX_SYNC_H

#include "tx_api.h"

int duva__nx_mutex_known(const TX_MUTEX *mutex);

#endif
