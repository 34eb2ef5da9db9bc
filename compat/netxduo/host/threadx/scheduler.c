/* scheduler.c - ThreadX threads to POSIX threads that take turns on a CPU. */
/* SPDX-License-Identifier: MIT */

#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scheduler.h"

#define NS_PER_SECOND 1000000000u

#ifndef DUVA_NX_MEMORY
#define DUVA_NX_MEMORY 262144
#endif

/* What a TX_THREAD needs on POSIX. `on` is set while the thread waits;
 * `order` and `since` number the moments at which threads became ready and
 * began to wait. */
struct duva_nx_thread {
    pthread_cond_t turn;
    ULONG64 order;
    ULONG64 since;
    ULONG64 deadline;
    const void *on;
    void *slot;
    UINT status;
    UINT started;
    UINT gone;
    UINT suspend_later;
    UINT service;
};

void (*duva__tx_thread_ended)(TX_THREAD *thread);
void (*duva__tx_kernel_entered)(void);
TX_THREAD *_tx_thread_current_ptr;
volatile ULONG _tx_thread_system_state = TX_INITIALIZE_IN_PROGRESS;
TX_THREAD _tx_timer_thread;

/* The ThreadX thread that this thread of the host is. The names above say which
 * thread runs; these say which thread calls. */
static __thread TX_THREAD *me;
static __thread int defining;

/* Guards what follows and every duva_nx_thread. It is never held while
 * application code runs. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static TX_THREAD *threads;
static TX_THREAD *running;
static ULONG64 orders;
static ULONG64 epoch;

static ULONG64 now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (ULONG64)t.tv_sec * NS_PER_SECOND + (ULONG64)t.tv_nsec;
}

int duva_nx_in_thread(void)
{
    return me != NULL;
}

int duva_nx_in_define(void)
{
    return defining;
}

static int may_wait(void)
{
    return me != NULL && !me->tx_thread_host->service;
}

static ULONG64 ticks_passed(void)
{
    const ULONG64 rate = TX_TIMER_TICKS_PER_SECOND;
    const ULONG64 passed = now() - epoch;

    return passed / NS_PER_SECOND * rate
           + passed % NS_PER_SECOND * rate / NS_PER_SECOND;
}

/* A wait ends at a tick, as on a target, so that those who began to wait in
 * one tick are ready together and the most urgent of them runs first. */
ULONG64 duva__nx_deadline(ULONG ticks)
{
    const ULONG64 rate = TX_TIMER_TICKS_PER_SECOND;
    ULONG64 at;

    if (ticks == TX_NO_WAIT || !may_wait())
        return 0;
    if (ticks == TX_WAIT_FOREVER)
        return DUVA_NX_NEVER;
    at = ticks_passed() + ticks;
    return epoch + at / rate * NS_PER_SECOND
           + (at % rate * NS_PER_SECOND + rate - 1) / rate;
}

ULONG _tx_time_get(VOID)
{
    /* A loop that polls the time must not lock the others out. */
    duva__nx_resched();
    return (ULONG)ticks_passed();
}

static void make_ready(TX_THREAD *t)
{
    struct duva_nx_thread *host = t->tx_thread_host;

    host->on = NULL;
    host->order = ++orders;
    t->tx_thread_state = host->suspend_later ? TX_SUSPENDED : TX_READY;
    host->suspend_later = TX_FALSE;
    pthread_cond_signal(&host->turn);
}

/* Of those that wait on `on`, or on anything if that is NULL, and not beyond
 * `until`: the one that began first after the moment `since`. */
static TX_THREAD *first_waiter(const void *on, ULONG64 until, ULONG64 since)
{
    TX_THREAD *first = NULL;
    TX_THREAD *t;

    for (t = threads; t != NULL; t = t->tx_thread_created_next) {
        const struct duva_nx_thread *host = t->tx_thread_host;

        if (host->on == NULL || (on != NULL && host->on != on)
            || host->deadline > until || host->since <= since)
            continue;
        if (first == NULL || host->since < first->tx_thread_host->since)
            first = t;
    }
    return first;
}

static void end_late_waits(void)
{
    const ULONG64 present = now();
    TX_THREAD *t;

    while ((t = first_waiter(NULL, present, 0)) != NULL)
        make_ready(t);
}

static TX_THREAD *most_urgent(void)
{
    TX_THREAD *best = NULL;
    TX_THREAD *t;

    end_late_waits();
    for (t = threads; t != NULL; t = t->tx_thread_created_next) {
        if (t->tx_thread_state != TX_READY)
            continue;
        if (best == NULL || t->tx_thread_priority < best->tx_thread_priority
            || (t->tx_thread_priority == best->tx_thread_priority
                && t->tx_thread_host->order < best->tx_thread_host->order))
            best = t;
    }
    return best;
}

/* Gives an idle CPU to the most urgent thread. */
static void dispatch(void)
{
    if (running != NULL)
        return;
    running = most_urgent();
    _tx_thread_current_ptr = running;
    if (running != NULL)
        pthread_cond_signal(&running->tx_thread_host->turn);
}

/* The last thing a thread does: after it, nothing of the TX_THREAD is used. */
static void leave_for_good(TX_THREAD *self)
{
    if (running == self)
        running = NULL;
    dispatch();
    self->tx_thread_host->gone = TX_TRUE;
    pthread_cond_broadcast(&ended);
    pthread_mutex_unlock(&mutex);
    pthread_exit(NULL);
}

/* Returns once the CPU is ours; never, if we are terminated meanwhile. */
static void take_cpu(TX_THREAD *self)
{
    dispatch();
    while (running != self) {
        if (self->tx_thread_state == TX_TERMINATED)
            leave_for_good(self);
        pthread_cond_wait(&self->tx_thread_host->turn, &mutex);
    }
}

static void await_wake(struct duva_nx_thread *host)
{
    const ULONG64 deadline = host->deadline;
    struct timespec at;

    at.tv_sec = (time_t)(deadline / NS_PER_SECOND);
    at.tv_nsec = (long)(deadline % NS_PER_SECOND);
    while (host->on != NULL) {
        if (deadline == DUVA_NX_NEVER)
            pthread_cond_wait(&host->turn, &mutex);
        else if (pthread_cond_timedwait(&host->turn, &mutex, &at) == ETIMEDOUT)
            end_late_waits();
    }
}

UINT duva__nx_wait(const void *on, void *slot, ULONG64 deadline, UINT late)
{
    TX_THREAD *self = me;
    struct duva_nx_thread *host;
    UINT status;

    if (deadline == 0 || !may_wait())
        return late;
    host = self->tx_thread_host;
    pthread_mutex_lock(&mutex);
    host->on = on;
    host->slot = slot;
    host->status = late;
    host->deadline = deadline;
    host->since = ++orders;
    self->tx_thread_state = on == self ? TX_SLEEP : TX_TCP_IP;
    running = NULL;
    dispatch();
    await_wake(host);
    take_cpu(self);
    status = host->status;
    pthread_mutex_unlock(&mutex);
    return status;
}

TX_THREAD *duva__nx_waiter(const void *on, const TX_THREAD *after)
{
    TX_THREAD *first;

    pthread_mutex_lock(&mutex);
    first = first_waiter(on, DUVA_NX_NEVER,
                         after != NULL ? after->tx_thread_host->since : 0);
    pthread_mutex_unlock(&mutex);
    return first;
}

void *duva__nx_slot(const TX_THREAD *thread)
{
    return thread->tx_thread_host->slot;
}

int duva__nx_wake(TX_THREAD *thread, UINT status)
{
    struct duva_nx_thread *host = thread->tx_thread_host;
    int waiting;

    pthread_mutex_lock(&mutex);
    waiting = host->on != NULL;
    if (waiting) {
        host->status = status;
        make_ready(thread);
    }
    pthread_mutex_unlock(&mutex);
    return waiting;
}

void duva__nx_wake_all(const void *on, UINT status)
{
    TX_THREAD *t;

    while ((t = duva__nx_waiter(on, NULL)) != NULL)
        duva__nx_wake(t, status);
}

void duva__nx_resched(void)
{
    TX_THREAD *self = me;
    const TX_THREAD *next;

    if (self == NULL)
        return;
    pthread_mutex_lock(&mutex);
    next = most_urgent();
    if (next != NULL
        && next->tx_thread_priority < self->tx_thread_preempt_threshold) {
        running = NULL;
        take_cpu(self);
    }
    pthread_mutex_unlock(&mutex);
}

void duva__nx_service(TX_THREAD *thread)
{
    pthread_mutex_lock(&mutex);
    thread->tx_thread_host->service = TX_TRUE;
    pthread_mutex_unlock(&mutex);
}

void duva__nx_leave(void)
{
    pthread_mutex_lock(&mutex);
    me->tx_thread_state = TX_IO_DRIVER;
    running = NULL;
    dispatch();
    pthread_mutex_unlock(&mutex);
}

void duva__nx_enter(void)
{
    pthread_mutex_lock(&mutex);
    make_ready(me);
    take_cpu(me);
    pthread_mutex_unlock(&mutex);
}

static void *thread_body(void *argument)
{
    TX_THREAD *self = argument;

    pthread_mutex_lock(&mutex);
    me = self;
    take_cpu(self);
    pthread_mutex_unlock(&mutex);

    self->tx_thread_entry(self->tx_thread_entry_parameter);

    if (duva__tx_thread_ended != NULL)
        duva__tx_thread_ended(self);
    pthread_mutex_lock(&mutex);
    self->tx_thread_state = TX_COMPLETED;
    leave_for_good(self);
    return NULL;
}

/* Makes a suspended thread ready; its POSIX thread is born the first time. */
static UINT start(TX_THREAD *t)
{
    pthread_attr_t attributes;
    pthread_t unused;
    int failed;

    if (!t->tx_thread_host->started) {
        pthread_attr_init(&attributes);
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        failed = pthread_create(&unused, &attributes, thread_body, t);
        pthread_attr_destroy(&attributes);
        if (failed)
            return TX_NO_MEMORY;
        t->tx_thread_host->started = TX_TRUE;
    }
    make_ready(t);
    return TX_SUCCESS;
}

static struct duva_nx_thread *new_host(void)
{
    struct duva_nx_thread *host = calloc(1, sizeof *host);
    pthread_condattr_t attributes;

    if (host == NULL)
        return NULL;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&host->turn, &attributes);
    pthread_condattr_destroy(&attributes);
    return host;
}

static int overlaps(const TX_THREAD *t, const UCHAR *start, ULONG size)
{
    const UCHAR *its = t->tx_thread_stack_start;

    return its != NULL && start < its + t->tx_thread_stack_size
           && its < start + size;
}

UINT duva__nx_thread_conflict(const TX_THREAD *thread, const void *stack,
                              ULONG size)
{
    UINT conflict = TX_SUCCESS;
    const TX_THREAD *t;

    pthread_mutex_lock(&mutex);
    for (t = threads; t != NULL; t = t->tx_thread_created_next) {
        if (t == thread)
            conflict = TX_THREAD_ERROR;
        else if (conflict == TX_SUCCESS && stack != NULL
                 && overlaps(t, stack, size))
            conflict = TX_PTR_ERROR;
    }
    pthread_mutex_unlock(&mutex);
    return conflict;
}

UINT _tx_thread_create(TX_THREAD *thread_ptr, CHAR *name_ptr,
                       VOID (*entry_function)(ULONG id), ULONG entry_input,
                       VOID *stack_start, ULONG stack_size, UINT priority,
                       UINT preempt_threshold, ULONG time_slice,
                       UINT auto_start)
{
    UINT status = TX_SUCCESS;

    (void)time_slice;
    memset(thread_ptr, 0, sizeof *thread_ptr);
    thread_ptr->tx_thread_host = new_host();
    if (thread_ptr->tx_thread_host == NULL)
        return TX_NO_MEMORY;
    thread_ptr->tx_thread_name = name_ptr;
    thread_ptr->tx_thread_entry = entry_function;
    thread_ptr->tx_thread_entry_parameter = entry_input;
    thread_ptr->tx_thread_stack_start = stack_start;
    thread_ptr->tx_thread_stack_size = stack_size;
    thread_ptr->tx_thread_priority = priority;
    thread_ptr->tx_thread_preempt_threshold = preempt_threshold;
    thread_ptr->tx_thread_state = TX_SUSPENDED;
    thread_ptr->tx_thread_id = TX_THREAD_ID;

    pthread_mutex_lock(&mutex);
    thread_ptr->tx_thread_created_next = threads;
    threads = thread_ptr;
    if (auto_start == TX_AUTO_START)
        status = start(thread_ptr);
    pthread_mutex_unlock(&mutex);
    duva__nx_resched();
    return status;
}

UINT _tx_thread_resume(TX_THREAD *thread_ptr)
{
    UINT status = TX_RESUME_ERROR;

    pthread_mutex_lock(&mutex);
    if (thread_ptr->tx_thread_state == TX_SUSPENDED) {
        status = start(thread_ptr);
    } else if (thread_ptr->tx_thread_host->suspend_later) {
        thread_ptr->tx_thread_host->suspend_later = TX_FALSE;
        status = TX_SUSPEND_LIFTED;
    }
    pthread_mutex_unlock(&mutex);
    duva__nx_resched();
    return status;
}

UINT _tx_thread_suspend(TX_THREAD *thread_ptr)
{
    UINT status = TX_SUCCESS;

    pthread_mutex_lock(&mutex);
    if (thread_ptr->tx_thread_state == TX_COMPLETED
        || thread_ptr->tx_thread_state == TX_TERMINATED) {
        status = TX_SUSPEND_ERROR;
    } else if (thread_ptr->tx_thread_state == TX_READY) {
        thread_ptr->tx_thread_state = TX_SUSPENDED;
        if (thread_ptr == running) {
            running = NULL;
            take_cpu(thread_ptr);
        }
    } else if (thread_ptr->tx_thread_state != TX_SUSPENDED) {
        thread_ptr->tx_thread_host->suspend_later = TX_TRUE;
    }
    pthread_mutex_unlock(&mutex);
    return status;
}

UINT _tx_thread_terminate(TX_THREAD *thread_ptr)
{
    struct duva_nx_thread *host = thread_ptr->tx_thread_host;

    if (duva__tx_thread_ended != NULL)
        duva__tx_thread_ended(thread_ptr);
    pthread_mutex_lock(&mutex);
    if (thread_ptr->tx_thread_state != TX_COMPLETED
        && thread_ptr->tx_thread_state != TX_TERMINATED) {
        thread_ptr->tx_thread_state = TX_TERMINATED;
        host->on = NULL;
        if (thread_ptr == me)
            leave_for_good(thread_ptr);
        host->gone = !host->started;
        pthread_cond_signal(&host->turn);
        pthread_cond_broadcast(&ended);
    }
    pthread_mutex_unlock(&mutex);
    duva__nx_resched();
    return TX_SUCCESS;
}

UINT _tx_thread_delete(TX_THREAD *thread_ptr)
{
    TX_THREAD **link = &threads;

    pthread_mutex_lock(&mutex);
    if (thread_ptr->tx_thread_state != TX_COMPLETED
        && thread_ptr->tx_thread_state != TX_TERMINATED) {
        pthread_mutex_unlock(&mutex);
        return TX_DELETE_ERROR;
    }
    /* The application may reuse the memory as soon as we return. */
    while (!thread_ptr->tx_thread_host->gone)
        pthread_cond_wait(&ended, &mutex);
    while (*link != thread_ptr)
        link = &(*link)->tx_thread_created_next;
    *link = thread_ptr->tx_thread_created_next;
    thread_ptr->tx_thread_id = 0;
    pthread_mutex_unlock(&mutex);
    pthread_cond_destroy(&thread_ptr->tx_thread_host->turn);
    free(thread_ptr->tx_thread_host);
    thread_ptr->tx_thread_host = NULL;
    return TX_SUCCESS;
}

TX_THREAD *_tx_thread_identify(VOID)
{
    return me;
}

VOID _tx_thread_relinquish(VOID)
{
    TX_THREAD *self = me;

    if (self == NULL)
        return;
    pthread_mutex_lock(&mutex);
    make_ready(self);
    running = NULL;
    take_cpu(self);
    pthread_mutex_unlock(&mutex);
}

UINT _tx_thread_sleep(ULONG timer_ticks)
{
    if (me == NULL)
        return TX_CALLER_ERROR;
    if (timer_ticks == 0)
        return TX_SUCCESS;
    return duva__nx_wait(me, NULL, duva__nx_deadline(timer_ticks), TX_SUCCESS);
}

UINT _tx_thread_wait_abort(TX_THREAD *thread_ptr)
{
    if (!duva__nx_wake(thread_ptr, TX_WAIT_ABORTED))
        return TX_WAIT_ABORT_ERROR;
    duva__nx_resched();
    return TX_SUCCESS;
}

static int all_ended(void)
{
    const TX_THREAD *t;

    for (t = threads; t != NULL; t = t->tx_thread_created_next) {
        if (t->tx_thread_state != TX_COMPLETED
            && t->tx_thread_state != TX_TERMINATED
            && !t->tx_thread_host->service)
            return 0;
    }
    return 1;
}

VOID _tx_initialize_kernel_enter(VOID)
{
    static TX_THREAD boot;
    VOID *memory = calloc(1, DUVA_NX_MEMORY);

    if (duva__tx_kernel_entered != NULL)
        duva__tx_kernel_entered();
    if (memory == NULL) {
        fputs("host: no memory for the application\n", stderr);
        exit(70);
    }
    epoch = now();
    running = &boot;
    defining = 1;
    tx_application_define(memory);
    defining = 0;
    _tx_thread_system_state = 0;

    pthread_mutex_lock(&mutex);
    if (threads == NULL) {
        fputs("host: the application has created no thread\n", stderr);
        exit(70);
    }
    running = NULL;
    dispatch();
    while (!all_ended())
        pthread_cond_wait(&ended, &mutex);
    pthread_mutex_unlock(&mutex);
    exit(EXIT_SUCCESS);
}
