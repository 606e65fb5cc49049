/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A module whose init writes through a null pointer: the commonest of real bugs.
 * The panic's trace must name crashbox_null_deref, so it is not inlined, and the
 * pointer is volatile so that no compiler may reason about it.
 */
#include <linux/module.h>

static int * volatile nowhere;

static noinline void crashbox_null_deref(void)
{
	*nowhere = 1;
}

static int __init crashbox_null_init(void)
{
	crashbox_null_deref();
	return 0;
}

module_init(crashbox_null_init);
MODULE_DESCRIPTION("dereferences a null pointer when it is loaded");
MODULE_LICENSE("GPL");
