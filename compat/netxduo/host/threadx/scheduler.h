/* thread.h - the one CPU: whose turn it is, waiting and waking. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_HOST_THREADX_THREAD_H
#define DUVA_HOST_THREADX_THREAD_H

#include "tx_api.h"

/*
 * There is one CPU. The running thread holds it, and that is the lock: only its
 * holder uses the data of the layer, so no other file has a mutex. Another
 * thread gets it only in the calls declared here.
 */

/* When a wait of `ticks` from now ends: 0 means at once, DUVA_NX_NEVER never.
 * A call that waits more than once computes this once. It is 0 for a caller
 * that may not wait: one outside a thread, or the wire. */
#define DUVA_NX_NEVER (~(ULONG64)0)
ULONG64 duva__nx_deadline(ULONG ticks);

/* Gives the CPU up until another thread wakes this one, or the deadline passes.
 * `on` is what it waits for, any address; `slot` is where the waker leaves
 * a result. Returns the waker's status, or `late`. */
UINT duva__nx_wait(const void *on, void *slot, ULONG64 deadline, UINT late);

/* The thread that has waited on `on` longest, or the next one after `after`;
 * NULL if there is none. */
TX_THREAD *duva__nx_waiter(const void *on, const TX_THREAD *after);

/* Ends a thread's wait. Returns 0 if its time ran out meanwhile. The thread
 * does not run before the caller gives the CPU up, so its slot may be filled
 * after this call. */
int duva__nx_wake(TX_THREAD *thread, UINT status);
void *duva__nx_slot(const TX_THREAD *thread);
void duva__nx_wake_all(const void *on, UINT status);

/* Lets a more urgent thread run, if one is ready. Services end with it. */
void duva__nx_resched(void);

/* For the wire: a thread of the layer's own, which does not keep the process
 * alive, never waits, and leaves the CPU while it is in the kernel. */
void duva__nx_service(TX_THREAD *thread);
void duva__nx_leave(void);
void duva__nx_enter(void);

/* Called for a thread that ends, when it still has what others wait for; set by
 * sync.c, which knows the mutexes.  NULL: there are none. */
extern void (*duva__tx_thread_ended)(TX_THREAD *thread);

/* Called first by tx_kernel_enter().  NULL: nothing is to be done. */
extern void (*duva__tx_kernel_entered)(void);

/* For the checked calls, which refuse to create what exists, or in memory
 * that another object has: TX_THREAD_ERROR, or TX_PTR_ERROR if only its stack
 * belongs to another. */
UINT duva__nx_thread_conflict(const TX_THREAD *thread, const void *stack,
                              ULONG size);

#endif
