/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs that go into an image, which has no libraries. */
#ifndef IMAGE_STATIC_PROGRAM_H
#define IMAGE_STATIC_PROGRAM_H

#include <limits.h>
#include <stdbool.h>

#include "host/whole_file.h"

struct err;

/* For which CPU a static program is, EM_...; 0 and an error when it is none. */
unsigned static_program_machine(const char *path, struct err *e);

/* The same for one whose bytes are at hand. */
unsigned static_program_machine_of(const struct blob *program, const char *name, struct err *e);

/*
 * Finds the SSH client: `asked`, if that is not NULL, else the installed one or that
 * beside the agent. It has to be static, and for the agent's CPU.
 */
bool static_program_ssh(const char *asked, const char *agent, char path[PATH_MAX],
			struct err *e);

#endif
