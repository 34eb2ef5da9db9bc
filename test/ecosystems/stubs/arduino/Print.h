/* Print.h - the documented class that the library uses. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_PRINT_H
#define TEST_PRINT_H

#include <stddef.h>
#include <stdint.h>

class Print
{
public:
    virtual ~Print() {}
    virtual size_t write(uint8_t c) = 0;
    virtual size_t write(const uint8_t *buf, size_t len)
    {
        size_t i;

        for (i = 0; i < len && write(buf[i]) == 1; i++)
            ;
        return i;
    }
    size_t print(const char *text);
    size_t print(char c);
    size_t print(int n);
    size_t println();
};

#endif
