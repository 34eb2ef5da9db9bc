/* duva_arduino.h - what the library is built with on each board. */
/* SPDX-License-Identifier: MIT */
/* The lowest header of Duva includes this one in the Arduino library, so that
 * each file has the same values.  Change them here. */
#ifndef DUVA_ARDUINO_CONFIG_H
#define DUVA_ARDUINO_CONFIG_H

#if defined(__AVR__)
#ifndef DUVA_PROFILE           /* no TLS and no extensions in the engine */
#define DUVA_PROFILE DUVA_CLASSIC
#define DUVA_WITH_INITIAL 1
#define DUVA_WITH_MAILS 1
#define DUVA_WITH_RECIPIENTS 1
#endif
#ifndef DUVA_MIME_SMALL
#define DUVA_MIME_SMALL 1      /* a text and attachments */
#endif
#ifndef DUVA_TEXT_SIZE
#define DUVA_TEXT_SIZE 48      /* octets of a reply that a result keeps */
#endif
#endif

#endif
