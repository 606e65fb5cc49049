/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 9p: a folder of a virtual machine's host. Nothing is cached, so that what is read back is the
 * host's, and fsync(2) is the host's as well: Tfsync of 9P2000.L.
 */
#include <errno.h>

#include "base/err.h"
#include "mounted.h"
#include "share.h"
#include "target_kinds.h"

static const struct share_kind share = {
	.type = "9p", .tag_max = 31, .absent = ENOENT,
	.options = "trans=virtio,version=9p2000.L,cache=none,msize=262144",
};

static bool modules(const char *names[TARGET_MODULES_MAX], const char *words, struct err *e)
{
	names[0] = "virtio_pci";
	names[1] = "9pnet_virtio";
	names[2] = "9p";
	return share_check(words, e);
}

const struct target_kind kind_9p = {
	.name = "9p",
	.needs = NEEDS_MOUNT,
	.can = CAN_ALL,
	.share = &share,
	.called = (const char *const []){ "9p", NULL },
	.check = share_check,
	.modules = modules,
	.reach = share_reach,
	.probe = share_probe,
	.sink = mounted_sink,
	.store = mounted_store,
	.unmake = mounted_unmake,
	.leave = mounted_leave,
};
