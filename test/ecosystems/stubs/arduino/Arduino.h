/* Arduino.h - the documented calls of Arduino that library and examples make.
 *
 * What is random or measured comes from the environment: see arduino.cpp. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_ARDUINO_H
#define TEST_ARDUINO_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "Print.h"

#define A0 0

unsigned long millis();
void delay(unsigned long ms);
int  analogRead(uint8_t pin);
void configTime(long offset, int daylight, const char *server);

class HardwareSerial : public Print
{
public:
    void begin(unsigned long) {}
    size_t write(uint8_t c) override;
    using Print::write;
};
extern HardwareSerial Serial;

void setup();
void loop();

#endif
