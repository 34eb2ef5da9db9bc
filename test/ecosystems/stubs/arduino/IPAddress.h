/* IPAddress.h - the documented class, as far as Client.h needs it. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_IPADDRESS_H
#define TEST_IPADDRESS_H

class IPAddress
{
};

#endif
