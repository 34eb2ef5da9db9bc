/* Stream.h - the documented class that the library uses. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_STREAM_H
#define TEST_STREAM_H

#include "Print.h"

class Stream : public Print
{
public:
    virtual int available() = 0;
    virtual int read() = 0;
    virtual int peek() = 0;
    void setTimeout(unsigned long ms) { _timeout = ms; }
    size_t readBytes(char *buf, size_t len);

protected:
    unsigned long _timeout = 1000;
};

#endif
