/* resources.h - errno values that mean exhausted resources. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_PORT_RESOURCES_H
#define DUVA_PORT_RESOURCES_H

#include <errno.h>

/* Too little memory, or too few descriptors: DUVA_ERR_RESOURCES. */
static inline int duva__is_short(int code)
{
    switch (code) {
    case ENOMEM:
#ifdef EMFILE
    case EMFILE: case ENFILE:
#endif
#ifdef ENOBUFS
    case ENOBUFS:
#endif
        return 1;
    default:
        return 0;
    }
}

#endif
