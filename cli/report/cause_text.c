/* cause_text.c - an error and its cause into plain English. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <netdb.h>
#include <string.h>

#include "report/cause_text.h"

const char *cli_cause_text(const duva_result *r)
{
    switch (r->err) {
    case DUVA_ERR_RESOLVE:
        return gai_strerror(r->cause);
    case DUVA_ERR_CONNECT:
    case DUVA_ERR_IO:
        return strerror(r->cause);
    case DUVA_ERR_RESOURCES:
        return r->cause != 0 ? strerror(r->cause) : duva_err_text(r->err);
    default:
        return duva_err_text(r->err);
    }
}
