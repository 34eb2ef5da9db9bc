/* proxy.c - a program that has the way through a proxy from the package. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <duva/proxy.h>

int main(void)
{
    duva_proxy proxy;
    duva_link under;
    duva_proxy_route route;

    memset(&route, 0, sizeof(route));
    memset(&under, 0, sizeof(under));
    route.host = "mx.example";
    route.port = 25;
    return duva_proxy_begin(&proxy, &under, &route) == DUVA_OK ? 0 : 1;
}
