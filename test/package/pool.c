/* pool.c - uses what duva::pool has: a loop with a pool that ends. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <duva/pool.h>

#include <uv.h>

int main(void)
{
    duva_pool *pool = duva_pool_new(uv_default_loop());

    if (pool == NULL
        || duva_pool_stop(pool, DUVA_POOL_FINISH, NULL, NULL) != DUVA_OK)
        return 1;
    uv_run(uv_default_loop(), UV_RUN_DEFAULT);
    return duva_pool_free(pool) != DUVA_OK;
}
