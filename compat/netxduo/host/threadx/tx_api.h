/* tx_api.h - ThreadX as a firmware names it, on POSIX. */
/* SPDX-License-Identifier: MIT */

#ifndef TX_API_H
#define TX_API_H

#ifdef TX_INCLUDE_USER_DEFINE_FILE
#include "tx_user.h"
#endif

#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ULONG is 32 bits wide on every target, so it is here: no pointer fits in
 * it, TX_WAIT_FOREVER is all ones and tx_time_get() wraps where it should. */
#define VOID void
typedef char CHAR;
typedef unsigned char UCHAR;
typedef short SHORT;
typedef unsigned short USHORT;
typedef int INT;
typedef unsigned int UINT;
typedef int LONG;
typedef unsigned int ULONG;
typedef unsigned long long ULONG64;
typedef unsigned long ALIGN_TYPE;

#ifndef TX_TIMER_TICKS_PER_SECOND
#define TX_TIMER_TICKS_PER_SECOND 100u
#endif
#ifndef TX_MAX_PRIORITIES
#define TX_MAX_PRIORITIES 32
#endif
#ifndef TX_MINIMUM_STACK
#define TX_MINIMUM_STACK 200
#endif

#define TX_NULL 0
#define TX_TRUE ((UINT)1)
#define TX_FALSE ((UINT)0)
#define TX_NO_WAIT ((ULONG)0)
#define TX_WAIT_FOREVER ((ULONG)0xFFFFFFFF)
#define TX_OR ((UINT)0)
#define TX_OR_CLEAR ((UINT)1)
#define TX_AND ((UINT)2)
#define TX_AND_CLEAR ((UINT)3)
#define TX_NO_TIME_SLICE ((ULONG)0)
#define TX_AUTO_START ((UINT)1)
#define TX_DONT_START ((UINT)0)
#define TX_NO_INHERIT ((UINT)0)
#define TX_INHERIT ((UINT)1)
#define TX_INITIALIZE_IN_PROGRESS ((ULONG)0xF0F0F0F0)

/* Thread states. */
#define TX_READY ((UINT)0)
#define TX_COMPLETED ((UINT)1)
#define TX_TERMINATED ((UINT)2)
#define TX_SUSPENDED ((UINT)3)
#define TX_SLEEP ((UINT)4)
#define TX_IO_DRIVER ((UINT)10)
#define TX_TCP_IP ((UINT)12)

/* Status values. They are not NetX Duo's: compare TX_PTR_ERROR and
 * NX_PTR_ERROR. */
#define TX_SUCCESS ((UINT)0x00)
#define TX_DELETED ((UINT)0x01)
#define TX_PTR_ERROR ((UINT)0x03)
#define TX_WAIT_ERROR ((UINT)0x04)
#define TX_SIZE_ERROR ((UINT)0x05)
#define TX_GROUP_ERROR ((UINT)0x06)
#define TX_NO_EVENTS ((UINT)0x07)
#define TX_OPTION_ERROR ((UINT)0x08)
#define TX_SEMAPHORE_ERROR ((UINT)0x0C)
#define TX_NO_INSTANCE ((UINT)0x0D)
#define TX_THREAD_ERROR ((UINT)0x0E)
#define TX_PRIORITY_ERROR ((UINT)0x0F)
#define TX_NO_MEMORY ((UINT)0x10)
#define TX_START_ERROR ((UINT)0x10)
#define TX_DELETE_ERROR ((UINT)0x11)
#define TX_RESUME_ERROR ((UINT)0x12)
#define TX_CALLER_ERROR ((UINT)0x13)
#define TX_SUSPEND_ERROR ((UINT)0x14)
#define TX_THRESH_ERROR ((UINT)0x18)
#define TX_SUSPEND_LIFTED ((UINT)0x19)
#define TX_WAIT_ABORTED ((UINT)0x1A)
#define TX_WAIT_ABORT_ERROR ((UINT)0x1B)
#define TX_MUTEX_ERROR ((UINT)0x1C)
#define TX_NOT_AVAILABLE ((UINT)0x1D)
#define TX_NOT_OWNED ((UINT)0x1E)
#define TX_INHERIT_ERROR ((UINT)0x1F)

#define TX_THREAD_ID ((ULONG)0x54485244)
#define TX_MUTEX_ID ((ULONG)0x4D555445)
#define TX_SEMAPHORE_ID ((ULONG)0x53454D41)
#define TX_EVENT_FLAGS_ID ((ULONG)0x4456444E)

typedef struct TX_THREAD_STRUCT {
    ULONG tx_thread_id;
    CHAR *tx_thread_name;
    UINT tx_thread_state;
    UINT tx_thread_priority;
    UINT tx_thread_preempt_threshold;
    VOID *tx_thread_stack_start;
    ULONG tx_thread_stack_size;
    VOID (*tx_thread_entry)(ULONG id);
    ULONG tx_thread_entry_parameter;
    struct TX_THREAD_STRUCT *tx_thread_created_next;
    struct duva_nx_thread *tx_thread_host;
} TX_THREAD;

typedef struct TX_MUTEX_STRUCT {
    ULONG tx_mutex_id;
    CHAR *tx_mutex_name;
    UINT tx_mutex_ownership_count;
    TX_THREAD *tx_mutex_owner;
    UINT tx_mutex_inherit;
    struct TX_MUTEX_STRUCT *tx_mutex_created_next;
} TX_MUTEX;

typedef struct TX_SEMAPHORE_STRUCT {
    ULONG tx_semaphore_id;
    CHAR *tx_semaphore_name;
    ULONG tx_semaphore_count;
} TX_SEMAPHORE;

typedef struct TX_EVENT_FLAGS_GROUP_STRUCT {
    ULONG tx_event_flags_group_id;
    CHAR *tx_event_flags_group_name;
    ULONG tx_event_flags_group_current;
} TX_EVENT_FLAGS_GROUP;

/* Who has the CPU, as add-ons declare and read it: the running thread, and 0
 * or TX_INITIALIZE_IN_PROGRESS. The timer thread exists for comparing. */
extern TX_THREAD *_tx_thread_current_ptr;
extern volatile ULONG _tx_thread_system_state;
extern TX_THREAD _tx_timer_thread;
#define TX_THREAD_GET_SYSTEM_STATE() _tx_thread_system_state

/* Where the caller is: in a ThreadX thread, or in tx_application_define().
 * A thread of the host that ThreadX does not know is in neither, and the
 * checked calls refuse it like an interrupt. */
int duva_nx_in_thread(void);
int duva_nx_in_define(void);

/* Written by the application. It gets at least 64 KB of cleared memory. */
VOID tx_application_define(VOID *first_unused_memory);

/* Runs the application: calls tx_application_define(), then the threads.
 * It never returns. The process ends when the application calls exit(), or
 * with status 0 when every thread has completed or been terminated. With no
 * thread to run it says so on stderr and exits with status 70. */
VOID _tx_initialize_kernel_enter(VOID);
#define tx_kernel_enter _tx_initialize_kernel_enter

/* Threads run one at a time and change only in calls: there is nothing that
 * could interrupt them. */
#define TX_INTERRUPT_SAVE_AREA
#define TX_DISABLE
#define TX_RESTORE

#include "tx_host_calls.h"

#ifdef __cplusplus
}
#endif

#endif
