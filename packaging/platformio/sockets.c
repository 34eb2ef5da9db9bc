/* sockets.c - the link on BSD-like sockets, where the project names them:
 * build_flags = -D DUVA_SOCKETS_HEADER=\"sockets_lwip.h\". */
/* SPDX-License-Identifier: MIT */
#ifdef DUVA_SOCKETS_HEADER
#include "../../port/sockets/duva_sockets.c"
#endif
