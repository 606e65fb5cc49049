/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a log in records of ramoops: memory that is kept over a reboot, which the running
 * kernel has set aside for pstore (Documentation/admin-guide/ramoops.rst). The capture kernel
 * is told where it lies, and writes there as ramoops itself would, so that the next boot's
 * finds it.
 */
#ifndef MACHINE_RAMOOPS_H
#define MACHINE_RAMOOPS_H

#include <stdbool.h>
#include <stdint.h>

struct err;
struct log_end;
struct log_end_kept;

/* Of a record, before what is in it: a mark, where its text begins, its length. */
#define RAMOOPS_HEAD 12u
#define RAMOOPS_MARK 0x43474244u	/* "DBGC", PERSISTENT_RAM_SIG of fs/pstore/ram_core.c */
#define RAMOOPS_ZONES_MAX 1024u
#define RAMOOPS_TEXT 64

/* The records of crashes, each as long as the next; zone_len 0: there are none. */
struct ramoops_zones {
	uint64_t address, zone_len;
	unsigned n;
};

/* "0xADDRESS,LENGTH,N": of each record its length, and how many. */
bool ramoops_parse(struct ramoops_zones *z, const char *text, struct err *e);
void ramoops_format(const struct ramoops_zones *z, char text[RAMOOPS_TEXT]);

/*
 * Writes the end of a log into records that are free, through `mem`, which is /dev/mem but in
 * tests, and reads it back. What has no mark of ramoops is not written to, and a record of an
 * earlier crash stays: EEXIST when all are. False when nothing was written.
 */
bool ramoops_write(const char *mem, const struct ramoops_zones *z, const struct log_end *log,
		   struct log_end_kept *kept, struct err *e);

#endif
