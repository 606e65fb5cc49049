/* SPDX-License-Identifier: GPL-2.0-or-later */
/* virtiofs: a folder of a virtual machine's host, by its virtiofsd. */
#include <errno.h>

#include "base/err.h"
#include "mounted.h"
#include "share.h"
#include "target_kinds.h"

static const struct share_kind share = { .type = "virtiofs", .tag_max = 36, .absent = EINVAL };

static bool modules(const char *names[TARGET_MODULES_MAX], const char *words, struct err *e)
{
	names[0] = "virtio_pci";
	names[1] = "virtiofs";
	return share_check(words, e);
}

const struct target_kind kind_virtiofs = {
	.name = "virtiofs",
	.needs = NEEDS_MOUNT,
	.can = CAN_ALL,
	.share = &share,
	.called = (const char *const []){ "virtiofs", NULL },
	.check = share_check,
	.modules = modules,
	.reach = share_reach,
	.probe = share_probe,
	.sink = mounted_sink,
	.store = mounted_store,
	.unmake = mounted_unmake,
	.leave = mounted_leave,
};
