/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * By the module's parameters, into which it writes what it has taken, wherever that came from
 * (fs/pstore/ram.c): records of crashes first, behind them the console's, ftrace's and pmsg's.
 */
#include "ramoops_zones.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "host/root.h"

#define PARAMETERS "/sys/module/ramoops/parameters/"

/* 0: there is none. */
static uint64_t parameter(const char *root, const char *name)
{
	char path[sizeof(PARAMETERS) + 32], text[32];
	struct err ignored;

	snprintf(path, sizeof(path), PARAMETERS "%s", name);
	if (!root_read(root, path, text, sizeof(text), &ignored))
		return 0;
	return strtoull(text, NULL, 0);
}

bool ramoops_zones_read(const char *root, struct ramoops_zones *z)
{
	uint64_t address = parameter(root, "mem_address"), all = parameter(root, "mem_size");
	uint64_t record = parameter(root, "record_size"), others;
	struct ramoops_zones seen;
	char text[RAMOOPS_TEXT];
	struct err ignored;

	others = parameter(root, "console_size") + parameter(root, "ftrace_size") +
		 parameter(root, "pmsg_size");
	if (!address || !record || all > UINT32_MAX || others > all ||
	    all - others < record || (all - others) / record > RAMOOPS_ZONES_MAX ||
	    parameter(root, "ecc"))
		return false;
	seen.address = address;
	seen.n = (all - others) / record;
	seen.zone_len = (all - others) / seen.n;
	/* What could not be read there is not handed on. */
	ramoops_format(&seen, text);
	return ramoops_parse(z, text, &ignored);
}
