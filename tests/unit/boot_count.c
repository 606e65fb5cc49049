/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kexec/boot_count: which boot of a made-up machine it is, and that loading twice is one. */
#include "kexec/boot_count.h"

#include "base/err.h"
#include "folder.h"
#include "t.h"

static void make(const char *path)
{
	char command[500];

	snprintf(command, sizeof(command), "mkdir -p %s", at(path));
	if (system(command))
		abort();
}

static void boot(const char *id)
{
	put_file("proc/sys/kernel/random/boot_id", id);
}

int main(void)
{
	static const char *const odd[] = { "", "x", "7", "-1 one\n", "0 one\n",
					   "99999999999999999999 one\n" };
	char command[64];
	struct err e;

	if (!mkdtemp(root))
		abort();
	T_EQUAL("a machine that does not tell", 0, boot_count(root));
	T_CHECK("a machine that does not tell", boot_count_remember(root, &e));
	make("proc/sys/kernel/random");
	boot("one\n");
	T_EQUAL("the first", 1, boot_count(root));
	T_CHECK("no folder to write it to", !boot_count_remember(root, &e));
	make("var/lib");
	T_CHECK("written", boot_count_remember(root, &e));
	T_EQUAL("the same boot", 1, boot_count(root));
	boot("two\n");
	T_EQUAL("the second", 2, boot_count(root));
	T_EQUAL("looking counts nothing", 2, boot_count(root));
	T_CHECK("written", boot_count_remember(root, &e) && boot_count_remember(root, &e));
	boot("three\n");
	T_EQUAL("one that is not written", 3, boot_count(root));
	boot("four\n");
	T_EQUAL("does not count", 3, boot_count(root));
	for (size_t i = 0; i < T_SIZE(odd); i++) {
		put_file("var/lib/crashbox/boots", odd[i]);
		boot("one\n");
		T_EQUAL(odd[i], 1, boot_count(root));
	}
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) || t_done();
}
