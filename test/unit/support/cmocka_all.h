/* cmocka_all.h - cmocka, with the headers that it needs before it. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_CMOCKA_ALL_H
#define DUVA_TEST_CMOCKA_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#endif
