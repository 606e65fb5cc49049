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
struct log_end;
struct log_end_kept;

#define EFI_VARIABLES "/sys/firmware/efi/efivars"
#define EFI_LOG_GUID "7c0a51c2-3f0e-4b62-9d6a-b1ac4b0c0de5"
#define EFI_LOG_PREFIX "crashbox-log-"

/*
 * Firmware's memory is small, and some does not come up again when it is full: LOG_END_MAX
 * of a log at most, half of that where nobody tells how much is free (kernels before 6.6), and
 * never so much that less than half of it all is free.
 */
#define EFI_LOG_PIECE 1024	/* bytes of a variable, as efi-pstore has them */
#define EFI_LOG_ATTRIBUTES 4	/* bytes before a variable's own, in its file */

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

/*
 * Writes the end of a text, the last piece first, so that what there is no room for any more
 * is its beginning. EEXIST: the variables of an earlier crash are there, which nobody has
 * fetched, and stay. False when nothing was written.
 */
bool efi_log_write(const char *folder, const struct log_end *log,
		   struct log_end_kept *kept, struct err *e);

/* Removes one, which efivarfs guards by a flag. */
bool efi_log_remove(const char *path, struct err *e);

#endif
