/* Duva.h - Duva for Arduino: mail over any Client. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_ARDUINO_H
#define DUVA_ARDUINO_H

#include "duva_arduino.h"

#include "DuvaMail.h"
#include "DuvaSmtp.h"
#include "DuvaTls.h"

#endif
