/* errno.h - the codes of lwIP are those of this machine. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
