/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which role this is: PID 1 of a capture kernel, or a verb on an ordinary host. An image has
 * only the half of the program that PID 1 needs (image/capture_half.h): nothing in this file
 * may touch the other one before it was seen to be there.
 */
#include <elf.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "base/version.h"
#include "dispatch.h"
#include "supervise/init.h"
#include "vm/guest_words.h"

/* Where the other half begins: the linker's script says so, if there was one. */
extern const char host_half[] __attribute__((weak));

/* Our own program headers: those of a half that was left out are no longer PT_LOAD. */
static bool host_half_is_there(void)
{
	const Elf64_Phdr *segment = (const Elf64_Phdr *)getauxval(AT_PHDR);
	unsigned long n = getauxval(AT_PHNUM), at = (unsigned long)host_half;

	for (unsigned long i = 0; segment && i < n; i++)
		if (segment[i].p_type == PT_LOAD && at >= segment[i].p_vaddr &&
		    at - segment[i].p_vaddr < segment[i].p_memsz)
			return true;
	return !at;
}

/*
 * The first process of a kernel is called /init here; in an image there are no verbs anyway.
 * With them, and another name, it is that of a guest of `crashbox vm`, or of a container.
 */
static bool is_first_of_kernel(int argc, char **argv)
{
	return getpid() == 1 &&
	       (!argc || !strcmp(argv[0], "/init") || !host_half_is_there());
}

int main(int argc, char **argv)
{
	/* `status` looks for these words in a program that it does not run. */
	static const char version[] = "crashbox " CRASHBOX_VERSION;

	if (is_first_of_kernel(argc, argv))
		init_main(argc, argv);
	if (argc > 1 && !strcmp(argv[1], "--version")) {
		puts(version);
		return 0;
	}
	if (host_half_is_there())
		return dispatch(argc, argv);
	fprintf(stderr, "%s: this is the half of it that a capture image has, and knows no "
		"verbs; run the installed one\n", version);
	return 2;
}
