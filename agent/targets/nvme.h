/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Disks of a server over NVMe/TCP, by the kernel's own client: words written to
 * /dev/nvme-fabrics are all that setting one up takes. To write them may block for as long as
 * the server does not answer, so it is a child's work.
 */
#ifndef TARGETS_NVME_H
#define TARGETS_NVME_H

#include <stdbool.h>

struct err;
struct ipaddr;

#define NVME_TCP_PORT 4420
#define NVME_NQN_LEN 224	/* with its NUL */
#define NVME_WORDS 800		/* likewise */

/* Who we are to a server that asks: of the healthy machine, and as they are in the image. */
#define NVME_HOST_NQN "/etc/nvme/hostnqn"
#define NVME_HOST_ID "/etc/nvme/hostid"

/* A subsystem at an address. All is borrowed. */
struct nvme_server {
	const struct ipaddr *ip;
	unsigned port;
	const char *nqn;
	const char *root;	/* our own names are read below it, "" for this machine */
};

struct nvme_link {
	bool is_ours;		/* else it was there already, and stays */
	unsigned nr;		/* of the controller in /sys/class/nvme */
};

/* What is written for it. False: one of our own names cannot be a word of it. */
bool nvme_words(char words[NVME_WORDS], const struct nvme_server *s, struct err *e);

bool nvme_connect(struct nvme_link *link, const struct nvme_server *s, struct err *e);

/* Ours only. Its disks are gone then. */
bool nvme_disconnect(const struct nvme_link *link, struct err *e);

/*
 * Is it a name of a subsystem: "nqn.", printable, and with nothing in it that would end it
 * here or in the words? EINVAL.
 */
bool nvme_nqn_check(const char *nqn, struct err *e);

/* Does a disk or partition, by its name in /sys/class/block, belong to that subsystem? */
bool nvme_is_of(const char *root, const char *name, const char *nqn);

#endif
