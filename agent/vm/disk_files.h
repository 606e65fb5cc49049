/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files out of the target's disk, which a guest has written: by debugfs, which mounts nothing.
 * The disk may say anything. Only what has a plain name and fits into the guest's memory
 * comes over, to a place that is not the disk's to choose.
 */
#ifndef VM_DISK_FILES_H
#define VM_DISK_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "want.h"

#define DISK_NAME 128

struct disk_file {
	char name[DISK_NAME];
	bool is_folder;
	uint64_t len;
};

/*
 * A line of debugfs's `ls -p`: "/13/100644/0/0/manifest.json/6/". False for what is neither
 * file nor folder, and for a name that has other than letters, digits and "-_.:()".
 */
bool disk_file_parse(struct disk_file *f, const char *line);

/*
 * The files of the crash that is whole, to at->out. False: there is none. *is_read: what the
 * disk has was to be read, and each file has come as a whole; what is cut is removed again. No
 * file is written over that was there before, but of an earlier crash.
 */
bool disk_files_take(const struct vm_folders *at, uint64_t len_max, bool *is_read);

#endif
