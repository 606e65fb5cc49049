/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a capture kernel can read. An image lists its modules in /modules/order; the rest
 * is asked of image/builtin.
 */
#include "kernel_reads.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "host/root.h"
#include "image/firmware.h"
#include "image/inside.h"
#include "image/kmod.h"

/* ---- the image -------------------------------------------------------------- */

static bool read_image(struct kernel_reads *r, struct err *e)
{
	struct inside_file order;
	char *copy;

	if (!inside_find(r->image, "modules/order", &order))
		return fail(e, EINVAL, "not an image of crashbox, /modules/order is not in it");
	copy = arena_take(r->builtin.arena, order.data.len + 1, 1, "modules of the image", e);
	if (!copy)
		return false;
	memcpy(copy, order.data.at, order.data.len);
	r->modules = copy;
	inside_release(r->image, r->of);
	return true;
}

/* ---- both ------------------------------------------------------------------- */

static void read_kernel(struct kernel_reads *r, const char *path)
{
	const char *root = r->builtin.root;
	char release[RELEASE_MAX];
	struct err ignored;

	builtin_of_kernel(&r->builtin, path);
	if (root_read(root, "/proc/sys/kernel/osrelease", release, sizeof(release), &ignored) &&
	    !strcmp(release, r->builtin.release))
		r->root = root;
}

bool kernel_reads_open(struct kernel_reads *r, const char *kernel, struct err *e)
{
	read_kernel(r, kernel);
	if (!read_image(r, e))
		return false;
	r->is_foreign = r->of[0] && r->builtin.release[0] &&
			strcmp(r->of, r->builtin.release);
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
	{ "nvme_tcp", "NVME_TCP" },
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
	{ "virtiofs", "VIRTIO_FS" },
	{ "9p", "9P_FS" },
	{ "9pnet_virtio", "NET_9P_VIRTIO" },
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

enum read_answer kernel_reads_symbol(const struct kernel_reads *r, const char *symbol)
{
	switch (builtin_option(&r->builtin, symbol)) {
	case OPTION_YES: return READ_YES;
	case OPTION_UNKNOWN: return READ_UNKNOWN;
	default: return READ_NO;
	}
}

static enum read_answer in_config(const struct kernel_reads *r, const char *module)
{
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		if (!strcmp(symbols[i].module, module))
			return kernel_reads_symbol(r, symbols[i].symbol);
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

enum read_answer kernel_reads_module(const struct kernel_reads *r, const char *module)
{
	enum read_answer answer;

	if ((!r->is_foreign && has_file(r->modules, module)) ||
	    builtin_has(&r->builtin, module) || (r->root && is_built_in(r->root, module)))
		return READ_YES;
	answer = in_config(r, module);
	/* A list of all that is built in knows what the table does not. */
	return answer == READ_UNKNOWN && r->builtin.modules ? READ_NO : answer;
}

enum read_answer kernel_reads_need(const struct kernel_reads *r, const struct fs_need *need)
{
	if (need->module && kernel_reads_module(r, need->module) == READ_YES)
		return READ_YES;
	switch (fsneeds_built_in(need, &r->builtin)) {
	case NEED_MET: return READ_YES;
	case NEED_NOT_MET: return READ_NO;
	default: return READ_UNKNOWN;
	}
}

/* ---- firmware --------------------------------------------------------------- */

struct lost { const struct kernel_reads *reads; char *names; size_t size; };

static void add_lost(struct lost *l, struct blob info, const char *driver)
{
	const struct kernel_reads *r = l->reads;
	char name[FIRMWARE_NAME], path[HOST_PATH_MAX], in_image[FIRMWARE_NAME + 16];

	while (firmware_next(&info, driver, name)) {
		size_t len = strlen(l->names);

		snprintf(in_image, sizeof(in_image), "lib/firmware/%s", name);
		if (firmware_find(r->builtin.root, r->builtin.release, name, path) &&
		    !inside_find(r->image, in_image, NULL))
			snprintf(l->names + len, l->size - len, " %s", name);
	}
}

void kernel_reads_lost_firmware(const struct kernel_reads *r, const struct drivers *d,
				char *names, size_t size)
{
	struct lost lost = { r, names, size };
	struct inside_file file;
	struct blob info;
	size_t at = 0;

	names[0] = '\0';
	while (inside_next(r->image, "modules/", &at, &file))
		if (firmware_modinfo(&file.data, &info))
			add_lost(&lost, info, NULL);
	for (unsigned i = 0; i < d->n; i++)
		add_lost(&lost, r->builtin.modinfo, d->names[i]);
}
