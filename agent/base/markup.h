/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text as XML and HTML have it. */
#ifndef BASE_MARKUP_H
#define BASE_MARKUP_H

/*
 * What stands for a character: itself, in `own`, or how it is written. What XML 1.0 has no way
 * to say is "?", a carriage return is nothing.
 */
const char *markup_of(char c, char own[2]);

#endif
