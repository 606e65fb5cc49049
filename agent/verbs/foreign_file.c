/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are no dump. Each by the magic number that its makers have written down. */
#include "foreign_file.h"

#include <string.h>

#define VMWARE "a snapshot of VMware's: vmss2core -N6 makes a core of it"
#define NO_DUMP_OF_GUEST "from which a guest goes on, and no dump: virsh dump --memory-only " \
			 "makes one, or QEMU's monitor with dump-guest-memory"

const char *foreign_file(const void *head, size_t len)
{
	static const struct foreign {
		const char *magic;
		size_t len;
		const char *what;
	} all[] = {
		{ "\x1f\x8b", 2, "a gzip file: unpack it first (gzip -d)" },
		{ "\xfd" "7zXZ\0", 6, "an xz file: unpack it first (xz -d)" },
		{ "\x28\xb5\x2f\xfd", 4, "a zstd file: unpack it first (zstd -d)" },
		{ "BZh", 3, "a bzip2 file: unpack it first (bzip2 -d)" },
		{ "\x04\x22\x4d\x18", 4, "an lz4 file: unpack it first (lz4 -d)" },
		{ "PK\x03\x04", 4, "a zip archive: unpack it first (unzip)" },
		/* libvirt, src/qemu/qemu_saveimage.h: whole, and while it is written. */
		{ "LibvirtQemudSave", 16, "what `virsh save` writes, " NO_DUMP_OF_GUEST },
		{ "LibvirtQemudPart", 16,
		  "what `virsh save` began to write, " NO_DUMP_OF_GUEST },
		{ "QEVM", 4, "a migration's stream, as `virsh dump` writes it if no more "
		  "is said, " NO_DUMP_OF_GUEST },
		{ "QFI\xfb", 4, "a disk of QEMU's (qcow2): no memory is in it" },
		{ "PAGEDU64", 8, "a crash dump of Windows" },
		/* VMware's .vmsn and .vmss, of four versions. */
		{ "\xd0\xbe\xd2\xbe", 4, VMWARE },
		{ "\xd1\xbe\xd2\xbe", 4, VMWARE },
		{ "\xd2\xbe\xd2\xbe", 4, VMWARE },
		{ "\xd3\xbe\xd2\xbe", 4, VMWARE },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (len >= all[i].len && !memcmp(head, all[i].magic, all[i].len))
			return all[i].what;
	return NULL;
}
