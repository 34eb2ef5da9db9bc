/* txe.c - checks a caller's arguments, then calls ThreadX's core. */
/* SPDX-License-Identifier: MIT */

#include "scheduler.h"
#include "sync.h"

static int may_create(void)
{
    return duva_nx_in_thread() || duva_nx_in_define();
}

static int may_wait(ULONG wait_option)
{
    return wait_option == TX_NO_WAIT || duva_nx_in_thread();
}

static int is_thread(const TX_THREAD *t)
{
    return t != TX_NULL && t->tx_thread_id == TX_THREAD_ID;
}

static int is_mutex(const TX_MUTEX *m)
{
    return m != TX_NULL && m->tx_mutex_id == TX_MUTEX_ID;
}

static int is_semaphore(const TX_SEMAPHORE *s)
{
    return s != TX_NULL && s->tx_semaphore_id == TX_SEMAPHORE_ID;
}

static int is_group(const TX_EVENT_FLAGS_GROUP *g)
{
    return g != TX_NULL && g->tx_event_flags_group_id == TX_EVENT_FLAGS_ID;
}

UINT _txe_thread_create(TX_THREAD *thread_ptr, CHAR *name_ptr,
                        VOID (*entry_function)(ULONG id), ULONG entry_input,
                        VOID *stack_start, ULONG stack_size, UINT priority,
                        UINT preempt_threshold, ULONG time_slice,
                        UINT auto_start, UINT thread_control_block_size)
{
    UINT conflict;

    if (thread_ptr == TX_NULL || thread_control_block_size != sizeof(TX_THREAD))
        return TX_THREAD_ERROR;
    conflict = duva__nx_thread_conflict(thread_ptr, stack_start, stack_size);
    if (conflict != TX_SUCCESS)
        return conflict;
    if (stack_start == TX_NULL || entry_function == TX_NULL)
        return TX_PTR_ERROR;
    if (stack_size < TX_MINIMUM_STACK)
        return TX_SIZE_ERROR;
    if (priority >= TX_MAX_PRIORITIES)
        return TX_PRIORITY_ERROR;
    if (preempt_threshold > priority)
        return TX_THRESH_ERROR;
    if (auto_start > TX_AUTO_START)
        return TX_START_ERROR;
    if (!may_create())
        return TX_CALLER_ERROR;
    return _tx_thread_create(thread_ptr, name_ptr, entry_function, entry_input,
                             stack_start, stack_size, priority,
                             preempt_threshold, time_slice, auto_start);
}

UINT _txe_thread_delete(TX_THREAD *thread_ptr)
{
    if (!duva_nx_in_thread())
        return TX_CALLER_ERROR;
    if (!is_thread(thread_ptr))
        return TX_THREAD_ERROR;
    return _tx_thread_delete(thread_ptr);
}

VOID _txe_thread_relinquish(VOID)
{
    if (duva_nx_in_thread())
        _tx_thread_relinquish();
}

UINT _txe_thread_resume(TX_THREAD *thread_ptr)
{
    if (!is_thread(thread_ptr))
        return TX_THREAD_ERROR;
    return _tx_thread_resume(thread_ptr);
}

UINT _txe_thread_suspend(TX_THREAD *thread_ptr)
{
    if (!is_thread(thread_ptr))
        return TX_THREAD_ERROR;
    return _tx_thread_suspend(thread_ptr);
}

UINT _txe_thread_terminate(TX_THREAD *thread_ptr)
{
    if (!is_thread(thread_ptr))
        return TX_THREAD_ERROR;
    if (!duva_nx_in_thread())
        return TX_CALLER_ERROR;
    return _tx_thread_terminate(thread_ptr);
}

UINT _txe_thread_wait_abort(TX_THREAD *thread_ptr)
{
    if (!is_thread(thread_ptr))
        return TX_THREAD_ERROR;
    return _tx_thread_wait_abort(thread_ptr);
}

UINT _txe_mutex_create(TX_MUTEX *mutex_ptr, CHAR *name_ptr, UINT inherit,
                       UINT mutex_control_block_size)
{
    if (mutex_ptr == TX_NULL || mutex_control_block_size != sizeof(TX_MUTEX)
        || duva__nx_mutex_known(mutex_ptr))
        return TX_MUTEX_ERROR;
    if (inherit != TX_INHERIT && inherit != TX_NO_INHERIT)
        return TX_INHERIT_ERROR;
    if (!may_create())
        return TX_CALLER_ERROR;
    return _tx_mutex_create(mutex_ptr, name_ptr, inherit);
}

UINT _txe_mutex_delete(TX_MUTEX *mutex_ptr)
{
    if (!is_mutex(mutex_ptr))
        return TX_MUTEX_ERROR;
    if (!duva_nx_in_thread())
        return TX_CALLER_ERROR;
    return _tx_mutex_delete(mutex_ptr);
}

UINT _txe_mutex_get(TX_MUTEX *mutex_ptr, ULONG wait_option)
{
    if (!is_mutex(mutex_ptr))
        return TX_MUTEX_ERROR;
    if (!may_wait(wait_option))
        return TX_WAIT_ERROR;
    if (!may_create())
        return TX_CALLER_ERROR;
    return _tx_mutex_get(mutex_ptr, wait_option);
}

UINT _txe_mutex_put(TX_MUTEX *mutex_ptr)
{
    if (!is_mutex(mutex_ptr))
        return TX_MUTEX_ERROR;
    if (!may_create())
        return TX_CALLER_ERROR;
    return _tx_mutex_put(mutex_ptr);
}

UINT _txe_semaphore_create(TX_SEMAPHORE *semaphore_ptr, CHAR *name_ptr,
                           ULONG initial_count,
                           UINT semaphore_control_block_size)
{
    if (semaphore_ptr == TX_NULL
        || semaphore_control_block_size != sizeof(TX_SEMAPHORE))
        return TX_SEMAPHORE_ERROR;
    if (!may_create())
        return TX_CALLER_ERROR;
    return _tx_semaphore_create(semaphore_ptr, name_ptr, initial_count);
}

UINT _txe_semaphore_delete(TX_SEMAPHORE *semaphore_ptr)
{
    if (!is_semaphore(semaphore_ptr))
        return TX_SEMAPHORE_ERROR;
    if (!duva_nx_in_thread())
        return TX_CALLER_ERROR;
    return _tx_semaphore_delete(semaphore_ptr);
}

UINT _txe_semaphore_get(TX_SEMAPHORE *semaphore_ptr, ULONG wait_option)
{
    if (!is_semaphore(semaphore_ptr))
        return TX_SEMAPHORE_ERROR;
    if (!may_wait(wait_option))
        return TX_WAIT_ERROR;
    return _tx_semaphore_get(semaphore_ptr, wait_option);
}

UINT _txe_semaphore_put(TX_SEMAPHORE *semaphore_ptr)
{
    if (!is_semaphore(semaphore_ptr))
        return TX_SEMAPHORE_ERROR;
    return _tx_semaphore_put(semaphore_ptr);
}

UINT _txe_event_flags_create(TX_EVENT_FLAGS_GROUP *group_ptr, CHAR *name_ptr,
                             UINT event_control_block_size)
{
    if (group_ptr == TX_NULL
        || event_control_block_size != sizeof(TX_EVENT_FLAGS_GROUP))
        return TX_GROUP_ERROR;
    if (!may_create())
        return TX_CALLER_ERROR;
    return _tx_event_flags_create(group_ptr, name_ptr);
}

UINT _txe_event_flags_delete(TX_EVENT_FLAGS_GROUP *group_ptr)
{
    if (!is_group(group_ptr))
        return TX_GROUP_ERROR;
    if (!duva_nx_in_thread())
        return TX_CALLER_ERROR;
    return _tx_event_flags_delete(group_ptr);
}

UINT _txe_event_flags_get(TX_EVENT_FLAGS_GROUP *group_ptr,
                          ULONG requested_flags, UINT get_option,
                          ULONG *actual_flags_ptr, ULONG wait_option)
{
    if (!is_group(group_ptr))
        return TX_GROUP_ERROR;
    if (actual_flags_ptr == TX_NULL)
        return TX_PTR_ERROR;
    if (!may_wait(wait_option))
        return TX_WAIT_ERROR;
    if (get_option > TX_AND_CLEAR)
        return TX_OPTION_ERROR;
    return _tx_event_flags_get(group_ptr, requested_flags, get_option,
                               actual_flags_ptr, wait_option);
}

UINT _txe_event_flags_set(TX_EVENT_FLAGS_GROUP *group_ptr, ULONG flags_to_set,
                          UINT set_option)
{
    if (!is_group(group_ptr))
        return TX_GROUP_ERROR;
    if (set_option != TX_OR && set_option != TX_AND)
        return TX_OPTION_ERROR;
    return _tx_event_flags_set(group_ptr, flags_to_set, set_option);
}
