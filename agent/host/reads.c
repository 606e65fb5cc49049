/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image lists its modules in /modules/order. A kernel may carry its configuration between
 * two marks (Linux kernel/configs.c), inside of what its file has packed; else a distribution
 * has it beside the kernel.
 */
#include "reads.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "bootimage.h"
#include "file.h"
#include "kmod.h"
#include "pack.h"
#include "root.h"

#define IMAGE_MAX (64u << 20)	/* unpacked */
#define KERNEL_MAX (160u << 20)
#define KCONFIG_MAX (1u << 20)
#define CPIO_HEADER 110

/* ---- the image -------------------------------------------------------------- */

static size_t hex8(const uint8_t *at)
{
	char text[9] = "";

	memcpy(text, at, 8);
	return strtoul(text, NULL, 16);
}

struct entry {
	const uint8_t *name, *data;
	size_t name_len, data_len;	/* that of the name with its NUL */
};

/* False at the end, and where the archive was cut or lies. */
static bool next_entry(struct cursor *c, struct entry *entry)
{
	const uint8_t *header, *filler;

	if (!cursor_take(c, CPIO_HEADER, &header) || memcmp(header, "070701", 6))
		return false;
	entry->name_len = hex8(header + 94);
	entry->data_len = hex8(header + 54);
	if (!cursor_take(c, round_up(CPIO_HEADER + entry->name_len, 4) - CPIO_HEADER,
			 &entry->name) || !cursor_take(c, entry->data_len, &entry->data))
		return false;
	cursor_take(c, round_up(entry->data_len, 4) - entry->data_len, &filler);
	return true;
}

bool reads_order(const uint8_t *archive, size_t len, const uint8_t **text, size_t *text_len)
{
	static const char order[] = "modules/order";
	struct cursor c = { archive, archive + len };
	struct entry entry;

	while (next_entry(&c, &entry)) {
		if (entry.name_len != sizeof(order) ||
		    memcmp(entry.name, order, sizeof(order)))
			continue;
		*text = entry.data;
		*text_len = entry.data_len;
		return true;
	}
	return false;
}

/* Each module says for which kernel it was built; all of an image are of the same one. */
void reads_release(const uint8_t *archive, size_t len, char release[RELEASE_MAX])
{
	static const char folder[] = "modules/", word[] = "vermagic=";
	struct cursor c = { archive, archive + len };
	struct entry entry;

	release[0] = '\0';
	while (!release[0] && next_entry(&c, &entry)) {
		const uint8_t *at, *end = entry.data + entry.data_len;
		size_t n = 0;

		if (entry.name_len <= sizeof(folder) ||
		    memcmp(entry.name, folder, sizeof(folder) - 1))
			continue;
		at = memmem(entry.data, entry.data_len, word, sizeof(word) - 1);
		if (!at)
			continue;
		at += sizeof(word) - 1;
		while (at < end && *at > ' ' && *at <= '~' && n + 1 < RELEASE_MAX)
			release[n++] = *at++;
		release[n] = '\0';
	}
}

/* Another archive may stand behind the first, which has the modules. */
static void first_frame(struct blob *b)
{
	size_t len;

	if (strcmp(unpack_codec(b), "zstd"))
		return;
	len = ZSTD_findFrameCompressedSize(b->at, b->len);
	if (!ZSTD_isError(len))
		b->len = len;
}

static bool read_image(struct reads *r, const char *path, struct arena *a, struct err *e)
{
	struct blob packed;
	const uint8_t *text;
	uint8_t *archive;
	size_t len, text_len;
	char *copy;

	if (!file_load(a, path, &packed, e))
		return false;
	first_frame(&packed);
	archive = arena_take(a, IMAGE_MAX, 1, "image", e);
	if (!archive || !unpack(path, &packed, archive, IMAGE_MAX, &len, a, e))
		return false;
	if (!reads_order(archive, len, &text, &text_len))
		return fail(e, EINVAL, "%s: not an image of crashbox, /modules/order is not "
			    "in it", path);
	copy = arena_take(a, text_len + 1, 1, "modules of the image", e);
	if (!copy)
		return false;
	memcpy(copy, text, text_len);
	r->modules = copy;
	reads_release(archive, len, r->of);
	return true;
}

/* ---- the kernel ------------------------------------------------------------- */

/* Behind a packed kernel stands its length, but for gzip, which has it anyway. */
static bool unpack_kernel(const struct bootimage *b, const char *path, struct arena *a,
			  struct blob *out, struct err *e)
{
	struct blob packed = { (uint8_t *)b->payload, b->payload_len };
	const char *codec = unpack_codec(&packed);

	*out = packed;
	if (b->kind == ARM64_IMAGE)
		return true;
	if (strcmp(codec, "zstd") && strcmp(codec, "gzip"))
		return fail(e, ENOTSUP, "%s: packed in another way", path);
	first_frame(&packed);
	out->at = arena_take(a, KERNEL_MAX, 1, "kernel", e);
	return out->at && unpack(path, &packed, out->at, KERNEL_MAX, &out->len, a, e);
}

static bool own_config(struct reads *r, const struct bootimage *b, const char *path,
		       struct arena *a, struct err *e)
{
	static const char start[] = "IKCFG_ST";
	struct blob kernel, gz;
	const uint8_t *at;
	char *text;
	size_t len;

	if (!unpack_kernel(b, path, a, &kernel, e))
		return false;
	at = memmem(kernel.at, kernel.len, start, sizeof(start) - 1);
	if (!at)
		return fail(e, ENOENT, "%s: CONFIG_IKCONFIG is off", path);
	gz = (struct blob){ (uint8_t *)at + 8, kernel.at + kernel.len - at - 8 };
	text = arena_take(a, KCONFIG_MAX, 1, "configuration of the kernel", e);
	if (!text || strcmp(unpack_codec(&gz), "gzip") ||
	    !unpack(path, &gz, (uint8_t *)text, KCONFIG_MAX - 1, &len, a, e))
		return false;
	r->kconfig = text;
	return true;
}

/* A distribution's file, whose name has the release in it. */
static const char *beside(const char *root, const char *format, const char *release,
			  struct arena *a)
{
	char name[HOST_PATH_MAX], path[HOST_PATH_MAX];
	struct blob text;
	struct err ignored;

	snprintf(name, sizeof(name), format, release);
	return release[0] && root_path(path, root, name, &ignored) &&
	       file_load(a, path, &text, &ignored) ? (char *)text.at : NULL;
}

static void read_kernel(struct reads *r, const char *root, const char *path, struct arena *a)
{
	char release[RELEASE_MAX];
	struct bootimage b;
	struct err ignored;

	if (!bootimage_open(&b, path, &ignored))
		return;
	snprintf(r->kernel, sizeof(r->kernel), "%s", b.version);
	if (root_read(root, "/proc/sys/kernel/osrelease", release, sizeof(release), &ignored) &&
	    !strcmp(release, b.version))
		r->root = root;
	if (!own_config(r, &b, path, a, &ignored)) {
		r->kconfig = beside(root, "/boot/config-%s", b.version, a);
		r->builtin = beside(root, "/lib/modules/%s/modules.builtin", b.version, a);
	}
	bootimage_close(&b);
}

bool reads_open(struct reads *r, const char *root, const char *kernel, const char *image,
		struct arena *a, struct err *e)
{
	*r = (struct reads){ .modules = NULL };
	read_kernel(r, root, kernel, a);
	if (!read_image(r, image, a, e))
		return false;
	r->is_foreign = r->of[0] && r->kernel[0] && strcmp(r->of, r->kernel);
	return true;
}

/* ---- answers ---------------------------------------------------------------- */

/* What the targets' disks and file systems hang on, as Kconfig calls it. */
static const struct {
	const char *module, *symbol;
} symbols[] = {
	{ "virtio_scsi", "SCSI_VIRTIO" },
	{ "sd_mod", "BLK_DEV_SD" },
	{ "nvme", "BLK_DEV_NVME" },
	{ "ahci", "SATA_AHCI" },
	{ "mpt3sas", "SCSI_MPT3SAS" },
	{ "smartpqi", "SCSI_SMARTPQI" },
	{ "hpsa", "SCSI_HPSA" },
	{ "aacraid", "SCSI_AACRAID" },
	{ "vmw_pvscsi", "VMWARE_PVSCSI" },
	{ "xen_blkfront", "XEN_BLKDEV_FRONTEND" },
	{ "hv_storvsc", "HYPERV_STORAGE" },
	{ "ext4", "EXT4_FS" },
	{ "xfs", "XFS_FS" },
	{ "btrfs", "BTRFS_FS" },
	{ "nfs", "NFS_FS" },
	{ "nfsv3", "NFS_V3" },
	{ "nfsv4", "NFS_V4" },
	{ "virtio_pci", "VIRTIO_PCI" },
	{ "virtio_blk", "VIRTIO_BLK" },
	{ "virtio_mmio", "VIRTIO_MMIO" },
	{ "ata_piix", "ATA_PIIX" },
	{ "megaraid_sas", "MEGARAID_SAS" },
};

static bool has_file(const char *list, const char *module)
{
	return list && kmod_list_has((struct blob){ (uint8_t *)list, strlen(list) }, module);
}

static enum read_answer in_config(const char *kconfig, const char *module)
{
	char line[80];

	for (size_t i = 0; kconfig && i < sizeof(symbols) / sizeof(symbols[0]); i++) {
		if (strcmp(symbols[i].module, module))
			continue;
		snprintf(line, sizeof(line), "\nCONFIG_%s=y\n", symbols[i].symbol);
		return strstr(kconfig, line) ? READ_YES : READ_NO;
	}
	return READ_UNKNOWN;
}

/* Only what was loaded has a state; what is built in may have a folder, for its parameters. */
static bool is_built_in(const char *root, const char *module)
{
	char path[HOST_PATH_MAX], text[4096], line[80];
	struct err ignored;

	snprintf(path, sizeof(path), "/sys/module/%s/initstate", module);
	if (root_exists(root, path))
		return false;
	path[strlen(path) - strlen("/initstate")] = '\0';
	if (root_exists(root, path))
		return true;
	snprintf(line, sizeof(line), "\t%s\n", module);
	return root_read(root, "/proc/filesystems", text, sizeof(text) - 1, &ignored) &&
	       strstr(strcat(text, "\n"), line);
}

enum read_answer reads_module(const struct reads *r, const char *module)
{
	enum read_answer answer;

	if ((!r->is_foreign && has_file(r->modules, module)) || has_file(r->builtin, module) ||
	    (r->root && is_built_in(r->root, module)))
		return READ_YES;
	answer = in_config(r->kconfig, module);
	/* A list of all that is built in knows what the table does not. */
	return answer == READ_UNKNOWN && r->builtin ? READ_NO : answer;
}
