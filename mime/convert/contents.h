/* contents.h - contents of a finished message: inspected, then encoded. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_CONTENTS_H
#define DUVA_MIME_CONTENTS_H

#include "../field/out.h"
#include "converter.h"

/* With blame, the name of what must not be changed, it is kept as it is. */
void duva__convert_body_start(duva_convert *c, const char *blame,
                              duva_reason reason);
/* The next octets of a content: inspects them, or writes them. */
void duva__convert_inspect(duva_convert *c, const uint8_t *s, size_t n);
void duva__convert_write(duva_convert *c, duva__out *o, const uint8_t *s,
                         size_t n);
/* The end of a content; its last line end belongs to what follows, if
 * something does. */
void duva__convert_body_end(duva_convert *c, duva__out *o, int follows);

#endif
