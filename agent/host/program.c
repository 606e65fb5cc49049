/* SPDX-License-Identifier: GPL-2.0-or-later */
/* As much of ELF as tells whether a program can start there. */
#include "program.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"

#define INSTALLED_SSH "/usr/lib/crashbox/ssh"
#define MAX_SEGMENTS 64

unsigned program_machine(const char *path, struct err *e)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf64_Ehdr head;
	Elf64_Phdr segment;

	if (fd < 0) {
		err_set(e, errno, "%s: %s", path, strerror(errno));
		return 0;
	}
	if (!pread_all(fd, &head, sizeof(head), 0, path, e))
		return 0;
	if (memcmp(head.e_ident, ELFMAG, SELFMAG) || head.e_ident[EI_CLASS] != ELFCLASS64 ||
	    head.e_phentsize != sizeof(segment) || head.e_phnum > MAX_SEGMENTS) {
		err_set(e, EINVAL, "%s: not a program", path);
		return 0;
	}
	for (unsigned i = 0; i < head.e_phnum; i++) {
		if (!pread_all(fd, &segment, sizeof(segment),
			       head.e_phoff + i * sizeof(segment), path, e))
			return 0;
		if (segment.p_type == PT_INTERP) {
			err_set(e, EINVAL, "%s: needs libraries, and the image has none: it "
				"must be a static program", path);
			return 0;
		}
	}
	return head.e_machine;
}

/* The program of that name in the folder of another. */
static bool beside(const char *program, const char *name, char path[PATH_MAX])
{
	char real[PATH_MAX], *slash;

	if (!realpath(program, real))
		return false;
	slash = strrchr(real, '/');
	*slash = '\0';
	return snprintf(path, PATH_MAX, "%s/%s", real, name) < PATH_MAX &&
	       !access(path, X_OK);
}

bool program_ssh(const char *asked, const char *agent, char path[PATH_MAX], struct err *e)
{
	unsigned wanted = program_machine(agent, e), machine;

	if (!wanted)
		return false;
	if (asked || !access(INSTALLED_SSH, X_OK))
		snprintf(path, PATH_MAX, "%s", asked ? asked : INSTALLED_SSH);
	else if (!beside(agent, "ssh", path))
		return fail(e, ENOENT, "no SSH client for the target sftp: neither "
			    INSTALLED_SSH " nor one beside %s is there: name it with --ssh "
			    "(make ssh builds it)", agent);
	machine = program_machine(path, e);
	if (!machine)
		return within(e, "SSH client for the target sftp");
	return machine == wanted || fail(e, EINVAL, "%s: for another CPU than %s", path, agent);
}
