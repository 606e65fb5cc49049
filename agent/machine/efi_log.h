/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a log in EFI variables: the last resort of a machine that could save it nowhere
 * else, and what the next boot finds. They have a GUID of our own, so that nothing else of
 * the firmware's is met, and a piece of the log each, with pstore's first line, as pstore's
 * own records have it (fs/pstore/platform.c).
 */
#ifndef MACHINE_EFI_LOG_H
#define MACHINE_EFI_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

#define EFI_VARIABLES "/sys/firmware/efi/efivars"
#define EFI_LOG_GUID "7c0a51c2-3f0e-4b62-9d6a-b1ac4b0c0de5"
#define EFI_LOG_PREFIX "crashbox-log-"

/*
 * Firmware's memory is small, and some does not come up again when it is full: so much of a
 * log at most, half of that where nobody tells how much is free (kernels before 6.6), and
 * never so much that less than half of it all is free.
 */
#define EFI_LOG_MAX (16u << 10)
#define EFI_LOG_PIECE 1024	/* bytes of a variable, as efi-pstore has them */
#define EFI_LOG_ATTRIBUTES 4	/* bytes before a variable's own, in its file */

/* What became of it. */
struct efi_log_kept {
	size_t len;		/* bytes of the log, from its end on */
	unsigned n;		/* variables */
	bool refused;		/* and then no more of them */
};

/*
 * Is that the name of a variable's file of ours? Then its name without the GUID is in `name`,
 * which ends in "-" and fifteen digits: the second of the crash, the piece, a count.
 */
bool efi_log_is_ours(const char *file, char name[64]);

/*
 * How many variables may be written where so many bytes of all are free, by what the firmware
 * says; of 0 it says nothing.
 */
unsigned efi_log_pieces(uint64_t all, uint64_t free_len);

/* The variables of this machine can be seen there, which is mounted if need be. */
bool efi_log_mount(const char *folder, struct err *e);

struct efi_log_text {
	const char *text;
	size_t len;
	int64_t when;		/* of the crash, in seconds since 1970 */
	double until;
	uint64_t *alive;
};

/*
 * Writes the end of a text, the last piece first, so that what there is no room for any more
 * is its beginning; until the monotonic second `until`, counting *alive up. EEXIST: the
 * variables of an earlier crash are there, which nobody has fetched, and stay. False when
 * nothing was written.
 */
bool efi_log_write(const char *folder, const struct efi_log_text *log,
		   struct efi_log_kept *kept, struct err *e);

/* Removes one, which efivarfs guards by a flag. */
bool efi_log_remove(const char *path, struct err *e);

#endif
