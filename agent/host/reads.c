/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image lists its modules in /modules/order. A kernel may carry its configuration between
 * two marks (Linux kernel/configs.c), inside of what its file has packed; else a distribution
 * has it beside the kernel.
 */
#include "reads.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "bootimage.h"
#include "file.h"
#include "inside.h"
#include "kmod.h"
#include "pack.h"
#include "root.h"

#define KERNEL_MAX (160u << 20)
#define KCONFIG_MAX (1u << 20)

/* ---- the image -------------------------------------------------------------- */

static bool read_image(struct reads *r, const struct inside *in, struct arena *a,
		       struct err *e)
{
	struct inside_file order;
	char *copy;

	if (!inside_find(in, "modules/order", &order))
		return fail(e, EINVAL, "not an image of crashbox, /modules/order is not in it");
	copy = arena_take(a, order.data.len + 1, 1, "modules of the image", e);
	if (!copy)
		return false;
	memcpy(copy, order.data.at, order.data.len);
	r->modules = copy;
	inside_release(in, r->of);
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
	out->at = arena_take(a, KERNEL_MAX, 1, "kernel", e);
	return out->at && unpack_first(path, &packed, out->at, KERNEL_MAX, &out->len, a, e);
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

bool reads_open(struct reads *r, const char *root, const char *kernel,
		const struct inside *image, struct arena *a, struct err *e)
{
	*r = (struct reads){ .modules = NULL };
	read_kernel(r, root, kernel, a);
	if (!read_image(r, image, a, e))
		return false;
	r->is_foreign = r->of[0] && r->kernel[0] && strcmp(r->of, r->kernel);
	return true;
}

/* ---- answers ---------------------------------------------------------------- */

/* What targets, interfaces and watchdogs hang on, as Kconfig calls it. */
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
	{ "virtio_net", "VIRTIO_NET" },
	{ "e1000", "E1000" },
	{ "e1000e", "E1000E" },
	{ "igb", "IGB" },
	{ "ixgbe", "IXGBE" },
	{ "i40e", "I40E" },
	{ "ice", "ICE" },
	{ "tg3", "TIGON3" },
	{ "bnx2", "BNX2" },
	{ "bnx2x", "BNX2X" },
	{ "bnxt_en", "BNXT" },
	{ "mlx5_core", "MLX5_CORE_EN" },
	{ "vmxnet3", "VMXNET3" },
	{ "hv_netvsc", "HYPERV_NET" },
	{ "ena", "ENA_ETHERNET" },
	{ "xen_netfront", "XEN_NETDEV_FRONTEND" },
	{ "r8169", "R8169" },
	{ "af_packet", "PACKET" },
	{ "ipv6", "IPV6" },
	{ "bonding", "BONDING" },
	{ "8021q", "VLAN_8021Q" },
	{ "iTCO_wdt", "ITCO_WDT" },
	{ "hpwdt", "HP_WATCHDOG" },
	{ "i6300esb", "I6300ESB_WDT" },
	{ "ipmi_watchdog", "IPMI_WATCHDOG" },
	{ "sp5100_tco", "SP5100_TCO" },
	{ "wdat_wdt", "WDAT_WDT" },
	{ "sbsa_gwdt", "ARM_SBSA_WATCHDOG" },
};

static bool has_file(const char *list, const char *module)
{
	return list && kmod_list_has((struct blob){ (uint8_t *)list, strlen(list) }, module);
}

enum read_answer reads_symbol(const struct reads *r, const char *symbol)
{
	char line[80];

	snprintf(line, sizeof(line), "\nCONFIG_%s=y\n", symbol);
	return !r->kconfig ? READ_UNKNOWN : strstr(r->kconfig, line) ? READ_YES : READ_NO;
}

static enum read_answer in_config(const struct reads *r, const char *module)
{
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		if (!strcmp(symbols[i].module, module))
			return reads_symbol(r, symbols[i].symbol);
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
	answer = in_config(r, module);
	/* A list of all that is built in knows what the table does not. */
	return answer == READ_UNKNOWN && r->builtin ? READ_NO : answer;
}
