/* sync.c - ThreadX mutexes, semaphores and event flags on the one CPU. */
/* SPDX-License-Identifier: MIT */

#include "scheduler.h"
#include "sync.h"

static TX_MUTEX *mutexes;

int duva__nx_mutex_known(const TX_MUTEX *mutex)
{
    const TX_MUTEX *m = mutexes;

    while (m != NULL && m != mutex)
        m = m->tx_mutex_created_next;
    return m != NULL;
}

/* Hands the mutex to the thread that has waited longest, so that its former
 * owner cannot take it again first. */
static void pass_on(TX_MUTEX *mutex)
{
    TX_THREAD *next;

    while ((next = duva__nx_waiter(mutex, NULL)) != NULL) {
        if (duva__nx_wake(next, TX_SUCCESS)) {
            mutex->tx_mutex_owner = next;
            mutex->tx_mutex_ownership_count = 1;
            return;
        }
    }
    mutex->tx_mutex_owner = NULL;
    mutex->tx_mutex_ownership_count = 0;
}

/* Releases what a thread that ends still owns. */
static void drop_mutexes(TX_THREAD *thread)
{
    TX_MUTEX *m;

    for (m = mutexes; m != NULL; m = m->tx_mutex_created_next) {
        if (m->tx_mutex_ownership_count != 0 && m->tx_mutex_owner == thread)
            pass_on(m);
    }
}

UINT _tx_mutex_create(TX_MUTEX *mutex_ptr, CHAR *name_ptr, UINT inherit)
{
    memset(mutex_ptr, 0, sizeof *mutex_ptr);
    mutex_ptr->tx_mutex_name = name_ptr;
    mutex_ptr->tx_mutex_inherit = inherit;
    mutex_ptr->tx_mutex_created_next = mutexes;
    mutex_ptr->tx_mutex_id = TX_MUTEX_ID;
    mutexes = mutex_ptr;
    duva__tx_thread_ended = drop_mutexes;
    return TX_SUCCESS;
}

UINT _tx_mutex_delete(TX_MUTEX *mutex_ptr)
{
    TX_MUTEX **link = &mutexes;

    while (*link != NULL && *link != mutex_ptr)
        link = &(*link)->tx_mutex_created_next;
    if (*link == NULL)
        return TX_MUTEX_ERROR;
    *link = mutex_ptr->tx_mutex_created_next;
    mutex_ptr->tx_mutex_id = 0;
    duva__nx_wake_all(mutex_ptr, TX_DELETED);
    duva__nx_resched();
    return TX_SUCCESS;
}

UINT _tx_mutex_get(TX_MUTEX *mutex_ptr, ULONG wait_option)
{
    TX_THREAD *self = _tx_thread_identify();

    if (mutex_ptr->tx_mutex_ownership_count != 0
        && mutex_ptr->tx_mutex_owner != self)
        return duva__nx_wait(mutex_ptr, NULL, duva__nx_deadline(wait_option),
                             TX_NOT_AVAILABLE);
    mutex_ptr->tx_mutex_owner = self;
    mutex_ptr->tx_mutex_ownership_count++;
    return TX_SUCCESS;
}

UINT _tx_mutex_put(TX_MUTEX *mutex_ptr)
{
    if (mutex_ptr->tx_mutex_ownership_count == 0
        || mutex_ptr->tx_mutex_owner != _tx_thread_identify())
        return TX_NOT_OWNED;
    if (--mutex_ptr->tx_mutex_ownership_count == 0)
        pass_on(mutex_ptr);
    duva__nx_resched();
    return TX_SUCCESS;
}

UINT _tx_semaphore_create(TX_SEMAPHORE *semaphore_ptr, CHAR *name_ptr,
                          ULONG initial_count)
{
    semaphore_ptr->tx_semaphore_name = name_ptr;
    semaphore_ptr->tx_semaphore_count = initial_count;
    semaphore_ptr->tx_semaphore_id = TX_SEMAPHORE_ID;
    return TX_SUCCESS;
}

UINT _tx_semaphore_delete(TX_SEMAPHORE *semaphore_ptr)
{
    semaphore_ptr->tx_semaphore_id = 0;
    duva__nx_wake_all(semaphore_ptr, TX_DELETED);
    duva__nx_resched();
    return TX_SUCCESS;
}

UINT _tx_semaphore_get(TX_SEMAPHORE *semaphore_ptr, ULONG wait_option)
{
    if (semaphore_ptr->tx_semaphore_count == 0)
        return duva__nx_wait(semaphore_ptr, NULL,
                             duva__nx_deadline(wait_option), TX_NO_INSTANCE);
    semaphore_ptr->tx_semaphore_count--;
    return TX_SUCCESS;
}

UINT _tx_semaphore_put(TX_SEMAPHORE *semaphore_ptr)
{
    TX_THREAD *next;
    int passed = 0;

    while (!passed && (next = duva__nx_waiter(semaphore_ptr, NULL)) != NULL)
        passed = duva__nx_wake(next, TX_SUCCESS);
    if (!passed)
        semaphore_ptr->tx_semaphore_count++;
    duva__nx_resched();
    return TX_SUCCESS;
}

/* What a thread waits for in an event flags group, and what it got. */
struct flags_wanted {
    ULONG flags;
    UINT option;
    ULONG actual;
};

static int satisfied(const struct flags_wanted *wanted, ULONG current)
{
    if (wanted->option == TX_AND || wanted->option == TX_AND_CLEAR)
        return (current & wanted->flags) == wanted->flags;
    return (current & wanted->flags) != 0;
}

static ULONG consumed(const struct flags_wanted *wanted)
{
    if (wanted->option == TX_OR_CLEAR || wanted->option == TX_AND_CLEAR)
        return wanted->flags;
    return 0;
}

UINT _tx_event_flags_create(TX_EVENT_FLAGS_GROUP *group_ptr, CHAR *name_ptr)
{
    group_ptr->tx_event_flags_group_name = name_ptr;
    group_ptr->tx_event_flags_group_current = 0;
    group_ptr->tx_event_flags_group_id = TX_EVENT_FLAGS_ID;
    return TX_SUCCESS;
}

UINT _tx_event_flags_delete(TX_EVENT_FLAGS_GROUP *group_ptr)
{
    group_ptr->tx_event_flags_group_id = 0;
    duva__nx_wake_all(group_ptr, TX_DELETED);
    duva__nx_resched();
    return TX_SUCCESS;
}

UINT _tx_event_flags_get(TX_EVENT_FLAGS_GROUP *group_ptr, ULONG requested_flags,
                         UINT get_option, ULONG *actual_flags_ptr,
                         ULONG wait_option)
{
    struct flags_wanted wanted;
    UINT status;

    wanted.flags = requested_flags;
    wanted.option = get_option;
    wanted.actual = group_ptr->tx_event_flags_group_current;
    if (satisfied(&wanted, wanted.actual)) {
        group_ptr->tx_event_flags_group_current &= ~consumed(&wanted);
        *actual_flags_ptr = wanted.actual;
        return TX_SUCCESS;
    }
    status = duva__nx_wait(group_ptr, &wanted, duva__nx_deadline(wait_option),
                           TX_NO_EVENTS);
    if (status == TX_SUCCESS)
        *actual_flags_ptr = wanted.actual;
    return status;
}

UINT _tx_event_flags_set(TX_EVENT_FLAGS_GROUP *group_ptr, ULONG flags_to_set,
                         UINT set_option)
{
    ULONG *current = &group_ptr->tx_event_flags_group_current;
    TX_THREAD *t = NULL;
    ULONG used = 0;

    if (set_option == TX_AND) {
        *current &= flags_to_set;
        return TX_SUCCESS;
    }
    *current |= flags_to_set;
    /* All who wait see the same flags; only then are any cleared. */
    while ((t = duva__nx_waiter(group_ptr, t)) != NULL) {
        struct flags_wanted *wanted = duva__nx_slot(t);

        if (!satisfied(wanted, *current) || !duva__nx_wake(t, TX_SUCCESS))
            continue;
        wanted->actual = *current;
        used |= consumed(wanted);
    }
    *current &= ~used;
    duva__nx_resched();
    return TX_SUCCESS;
}
