/* duva_nx_host.h - beyond NetX Duo: maps addresses of the firmware. */
/* SPDX-License-Identifier: MIT */

#ifndef DUVA_NX_HOST_H
#define DUVA_NX_HOST_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A mapping gives the address on this machine, or in its network, of a server
 * that the firmware knows by another address:
 *
 *     192.0.2.25:25=127.0.0.1:2525,[2001:db8::25]:25=[::1]:2525
 *
 * Left of each '=' is the address that the firmware connects to, right of it
 * the one that is connected to instead. The families may differ. Without a
 * mapping the address is used as it is, unless an IP instance of this process
 * has it: then the connection stays inside the process.
 *
 * tx_kernel_enter() reads the environment variable DUVA_NX_MAP; if it is
 * malformed, its bad part is named on stderr and the process exits with
 * status 64.
 *
 * duva_nx_map() adds a mapping from the program, before tx_kernel_enter()
 * or in a thread. An address mapped again takes the new value. Returns NULL
 * when all of `map` was accepted, as NULL and "" are; otherwise nothing was
 * changed and the result points at the bad part inside `map`. There is room
 * for 32 mapped addresses; one more is a bad part too.
 */
const char *duva_nx_map(const char *map);

#ifdef __cplusplus
}
#endif

#endif
