/* date.h - the date of a message (RFC 5322 3.3). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_FIELD_DATE_H
#define DUVA_MIME_FIELD_DATE_H

#include "out.h"

/* What follows "Date:", with the line end. */
void duva__put_date(duva__out *o, const duva_message *m);

#endif
