/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line as log servers take it by UDP: RFC 5424, a message a datagram (RFC 5426). */
#ifndef MACHINE_SYSLOG_LINE_H
#define MACHINE_SYSLOG_LINE_H

#include <stdint.h>

#define SYSLOG_LINE 481		/* with its NUL: any receiver has to take 480 bytes */
#define SYSLOG_TEXT 375		/* of it, at least, are text's, with its NUL */

/*
 * Of a kernel's death, which is facility kern, severity crit. What cannot stand in a host's
 * name becomes '?'; when is in seconds since 1970, <= 0 is not known.
 */
void syslog_line(char line[SYSLOG_LINE], const char *host, int64_t when, const char *text);

#endif
