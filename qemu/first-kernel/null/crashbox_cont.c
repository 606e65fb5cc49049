/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A module whose init says lines in pieces: continued, interrupted by another line,
 * continued after that, and left open at the end. It never stays, so that it can be
 * loaded again.
 */
#include <linux/module.h>

static int __init crashbox_cont_init(void)
{
	pr_info("crashbox-cont: begun");
	pr_cont(", continued");
	pr_cont(", ended\n");
	pr_info("crashbox-cont: begun and");
	pr_info("crashbox-cont: interrupted\n");
	pr_cont("crashbox-cont: continued, but nothing was open\n");
	pr_warn("crashbox-cont: two\nlines");
	pr_cont(" and more\nthree\n");
	pr_info("crashbox-cont: left open");
	pr_cont(" at the end");
	return -EAGAIN;
}

module_init(crashbox_cont_init);
MODULE_DESCRIPTION("prints lines in pieces when it is loaded");
MODULE_LICENSE("GPL");
