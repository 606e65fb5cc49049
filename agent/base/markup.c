/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Characters that mean something in XML and HTML. */
#include "markup.h"

#include "bytes.h"

const char *markup_of(char c, char own[2])
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\r':
		return "";
	default:
		own[0] = c == '\n' || c == '\t' ? c : printable(c);
		own[1] = '\0';
		return own;
	}
}
