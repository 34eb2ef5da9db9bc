/* LittleFS.h - the documented classes of a file system: one of this machine, in
 * the folder DUVA_FILES. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_LITTLEFS_H
#define TEST_LITTLEFS_H

#include <stdio.h>

#include "Stream.h"

class File : public Stream
{
public:
    explicit File(FILE *file = NULL) : _file(file) {}
    operator bool() const { return _file != NULL; }
    size_t write(uint8_t) override { return 0; }
    int available() override;
    int read() override { return fgetc(_file); }
    int peek() override { return -1; }
    size_t size();
    void close();

private:
    FILE *_file;
};

class LittleFSClass
{
public:
    bool begin() { return true; }
    File open(const char *name, const char *mode);
};
extern LittleFSClass LittleFS;

#endif
