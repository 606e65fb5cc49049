/* SPDX-License-Identifier: GPL-2.0-or-later */
/* virtiofs: a folder of a virtual machine's host, by its virtiofsd. */
#include <errno.h>

#include "base/err.h"
#include "mounted.h"
#include "share.h"
#include "target.h"
#include "target_kinds.h"

static const struct share_kind share = { .type = "virtiofs", .tag_max = 36, .absent = EINVAL };

static bool check(const char *words, struct err *e)
{
	return share_check(&share, words, e);
}

static bool modules(const char *names[TARGET_MODULES_MAX], const char *words, struct err *e)
{
	names[0] = "virtio_pci";
	names[1] = "virtiofs";
	return check(words, e);
}

static bool reach(struct target *t, struct err *e)
{
	return share_reach(&share, t, e);
}

static bool probe(struct target *t, struct target_probe *p, struct err *e)
{
	return share_probe(&share, t, p, e);
}

const struct target_kind kind_virtiofs = {
	.name = "virtiofs",
	.needs = NEEDS_MOUNT,
	.can = CAN_ALL,
	.called = (const char *const []){ "virtiofs", NULL },
	.check = check,
	.modules = modules,
	.reach = reach,
	.probe = probe,
	.sink = mounted_sink,
	.store = mounted_store,
	.unmake = mounted_unmake,
	.leave = mounted_leave,
};
