/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking at static programs. Can a program start there? */
#include "static_program.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "targets/remote.h"

#define MAX_SEGMENTS 64

/* For which CPU; 0 says in e why it cannot start without libraries. */
static unsigned machine_of(Elf *elf, const char *path, struct err *e)
{
	GElf_Ehdr head;
	GElf_Phdr segment;
	size_t n;

	if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &head) ||
	    gelf_getclass(elf) != ELFCLASS64 || elf_getphdrnum(elf, &n) ||
	    n > MAX_SEGMENTS) {
		err_set(e, EINVAL, "%s: not a program", path);
		return 0;
	}
	for (size_t i = 0; i < n; i++) {
		if (!gelf_getphdr(elf, i, &segment)) {
			err_set(e, EINVAL, "%s: not a program", path);
			return 0;
		}
		if (segment.p_type == PT_INTERP) {
			err_set(e, EINVAL, "%s: needs libraries, and the image has none: it "
				"must be a static program", path);
			return 0;
		}
	}
	return head.e_machine;
}

unsigned static_program_machine(const char *path, struct err *e)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	unsigned machine;
	struct stat st;
	Elf *elf;

	if (fd < 0 || fstat(fd, &st)) {
		err_set(e, errno, "%s: %s", path, strerror(errno));
		return 0;
	}
	if (!S_ISREG(st.st_mode)) {
		err_set(e, EINVAL, "%s: not a program, but %s", path,
			S_ISDIR(st.st_mode) ? "a folder" : "no file");
		return 0;
	}
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	machine = machine_of(elf, path, e);
	elf_end(elf);
	return machine;
}

unsigned static_program_machine_of(const struct blob *program, const char *name, struct err *e)
{
	unsigned machine;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_memory((char *)program->at, program->len);
	machine = machine_of(elf, name, e);
	elf_end(elf);
	return machine;
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

bool static_program_ssh(const char *asked, const char *agent, char path[PATH_MAX],
			struct err *e)
{
	unsigned wanted = static_program_machine(agent, e), machine;

	if (!wanted)
		return false;
	if (asked || !access(SSH_INSTALLED, X_OK))
		snprintf(path, PATH_MAX, "%s", asked ? asked : SSH_INSTALLED);
	else if (!beside(agent, "ssh", path))
		return fail(e, ENOENT, "no SSH client for the target sftp: neither "
			    SSH_INSTALLED " nor one beside %s is there: name it with --ssh "
			    "(make ssh builds it)", agent);
	machine = static_program_machine(path, e);
	if (!machine)
		return within(e, "SSH client for the target sftp");
	return machine == wanted || fail(e, EINVAL, "%s: for another CPU than %s", path, agent);
}
