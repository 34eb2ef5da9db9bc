/* sys_arch.h - the threads of an operating system that is not there. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_LWIP_THREADS_SYS_ARCH_H
#define TEST_LWIP_THREADS_SYS_ARCH_H

typedef int   sys_prot_t;
typedef void *sys_sem_t;
typedef void *sys_mutex_t;
typedef void *sys_mbox_t;
typedef void *sys_thread_t;

#endif
