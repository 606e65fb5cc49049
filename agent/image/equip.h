/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the targets hang on, for the kernel that will run: modules and firmware that go into
 * an image, and what that kernel has to have built in.
 */
#ifndef IMAGE_EQUIP_H
#define IMAGE_EQUIP_H

#include <stdbool.h>

#include "builtin.h"
#include "config/config.h"
#include "drivers.h"
#include "kmod.h"
#include "parts.h"

struct arena;
struct err;

#define NOTES_LEN 2048

struct image_request {
	const char *root;	/* of /sys and /dev, "" */
	const char *agent;
	const char *config;
	const char *ssh;	/* the client; NULL: the one beside the agent, or installed */
	const char *kernel;	/* the capture kernel; NULL: not known */
	const char *modules;	/* folder of its modules; NULL: drivers are built in */
	const char *drivers;	/* names with blanks between them; NULL: they are looked up */
	const char *interfaces[MAX_NETS];
	unsigned n_interfaces;
	bool network_freeze;		/* this machine's addresses and routes go in */
	bool generic;		/* no configuration */
	bool config_only;	/* nothing else */
};

struct equipment {
	struct drivers drivers;		/* asked for, or found */
	struct kmods kmods;
	struct builtin builtin;
	char notes[NOTES_LEN];	/* sentences for the operator, each on a line */
};

/* What is equipped, and by what. */
struct outfit {
	struct equipment *q;
	const struct image_request *r;
	const struct config *config;
	struct parts *parts;
	struct arena *a;
};

/*
 * Adds modules, their order and the firmware that they or what is built in may ask for. What
 * the capture kernel cannot mount is an error. What cannot be looked up here is one only if
 * it decides what goes in: drivers that are built in are checked as far as may be.
 */
bool equip(const struct outfit *o, struct err *e);

#endif
