/* core.c - uses what duva::core has: the engine, without a network. */
/* SPDX-License-Identifier: MIT */
#include <duva/engine.h>

int main(void)
{
    duva_config config = { .name = "host.example", .tls = DUVA_TLS_NEVER };
    duva_engine engine;
    char        buffer[DUVA_BUFFER_MIN];

    if (duva_init(&engine, &config, buffer, sizeof(buffer)) != DUVA_OK)
        return 1;
    return duva_next(&engine) == DUVA_RECV ? 0 : 1;
}
