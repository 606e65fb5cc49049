/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connecting NVMe/TCP: Linux drivers/nvme/host/fabrics.c reads the words, and answers with the
 * number of the controller on the same descriptor. The kernel asks the subsystem itself for
 * its name, and shows the answer as `subsysnqn`: what we compare is what the server said.
 */
#include "nvme.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "base/numbers.h"
#include "machine/netaddr.h"

#define FABRICS "/dev/nvme-fabrics"
/*
 * One queue that holds little, for memory is short. A server that is silent for five seconds
 * is called anew each second for half a minute; then what waits for it fails, as it does for a
 * disk that is gone.
 */
#define MODEST "nr_io_queues=1,queue_size=32,keep_alive_tmo=5,reconnect_delay=1," \
	       "ctrl_loss_tmo=30"

bool nvme_nqn_check(const char *nqn, struct err *e)
{
	size_t len = strlen(nqn);

	if (strncmp(nqn, "nqn.", 4))
		return fail(e, EINVAL, "'%s' is not the name of an NVMe subsystem, "
			    "nqn.YEAR-MONTH.DOMAIN:NAME", nqn);
	if (len >= NVME_NQN_LEN)
		return fail(e, EINVAL, "a name of %zu characters, and %u are what NVMe allows",
			    len, NVME_NQN_LEN - 1);
	for (const char *c = nqn; *c; c++)
		if (*c <= ' ' || *c > '~' || *c == ',' || *c == '/')
			return fail(e, EINVAL, "a blank, comma, slash or what is not ASCII in "
				    "'%s'", nqn);
	return true;
}

/* "nvme connect" keeps them in files of a line. False: there is none, or e says why. */
static bool own_name(char text[NVME_NQN_LEN], const char *root, const char *file,
		     struct err *e)
{
	char path[PATH_MAX];
	struct err ignored;

	*e = (struct err){ .code = 0 };
	snprintf(path, sizeof(path), "%s%s", root, file);
	if (!read_text(path, text, NVME_NQN_LEN, &ignored))
		return false;
	return (text[0] && !strpbrk(text, ", \t\n")) ||
	       fail(e, EINVAL, "%s: '%s' is no name of a host", file, text);
}

/*
 * Linux from 6.5 on refuses a name without an id of its own, and one that comes with another
 * id than before. That which it has made up goes with the name that it has made up; of another
 * name it is made of that, the same each time.
 */
static const char *id_of(char id[NVME_NQN_LEN], const char *name)
{
	static const char of_uuid[] = "nqn.2014-08.org.nvmexpress:uuid:";
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx sha;
	char hex[33];

	if (!strncmp(name, of_uuid, strlen(of_uuid)))
		return name + strlen(of_uuid);
	sha256_init(&sha);
	sha256_update(&sha, strlen(name), (const uint8_t *)name);
	sha256_digest(&sha, sizeof(digest), digest);
	format_hex(hex, digest, 16);
	snprintf(id, NVME_NQN_LEN, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
		 hex + 16, hex + 20);
	return id;
}

/* Who we are: without a name the kernel makes one up. */
static bool add_own(char words[NVME_WORDS], const char *root, struct err *e)
{
	char name[NVME_NQN_LEN], id[NVME_NQN_LEN];
	size_t len = strlen(words), room = NVME_WORDS - len;
	bool has_id;

	if (!own_name(name, root, NVME_HOST_NQN, e))
		return !e->code;
	has_id = own_name(id, root, NVME_HOST_ID, e);
	if (e->code)
		return false;
	if ((size_t)snprintf(words + len, room, ",hostnqn=%s,hostid=%s", name,
			     has_id ? id : id_of(id, name)) < room)
		return true;
	return fail(e, ENAMETOOLONG, NVME_HOST_NQN ", " NVME_HOST_ID ": too long");
}

bool nvme_words(char words[NVME_WORDS], const struct nvme_server *s, struct err *e)
{
	char address[IP_TEXT];

	snprintf(words, NVME_WORDS, "transport=tcp,traddr=%s,trsvcid=%u,nqn=%s," MODEST,
		 ip_format(s->ip, address), s->port, s->nqn);
	return add_own(words, s->root, e);
}

/* ECONNREFUSED and such are told by reach.h before. Another time it may be let in. */
static bool refused(const char *nqn, int code, struct err *e)
{
	if (code != EINVAL && code != EIO)
		return fail(e, code, "%s: cannot be connected to: %s", nqn, strerror(code));
	return fail(e, EIO, "%s: cannot be connected to: the server has no such name, or does "
		    "not let this host in (the kernel's log tells)", nqn);
}

bool nvme_connect(struct nvme_link *link, const struct nvme_server *s, struct err *e)
{
	char words[NVME_WORDS], said[100];
	cleanup_fd int fd = -1;
	ssize_t n;

	*link = (struct nvme_link){ .is_ours = false };
	if (!nvme_words(words, s, e))
		return false;
	fd = open(FABRICS, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return fail(e, errno, FABRICS ": %s%s", strerror(errno),
			    errno == ENOENT ? " (the module nvme_tcp is not loaded)" : "");
	if (write(fd, words, strlen(words)) != (ssize_t)strlen(words))
		return errno == EALREADY || refused(s->nqn, errno, e);
	n = read(fd, said, sizeof(said) - 1);
	said[n > 0 ? n : 0] = '\0';
	link->is_ours = sscanf(said, "instance=%u", &link->nr) == 1;
	return link->is_ours ||
	       fail(e, EIO, FABRICS ": '%s' in place of the controller's number", said);
}

bool nvme_disconnect(const struct nvme_link *link, struct err *e)
{
	char path[80];

	snprintf(path, sizeof(path), "/sys/class/nvme/nvme%u/delete_controller", link->nr);
	return !link->is_ours || write_text(path, "1", e);
}

/* A partition stands in the folder of its disk, and a disk in that of what has the name. */
bool nvme_is_of(const char *root, const char *name, const char *nqn)
{
	char path[PATH_MAX], at[PATH_MAX], file[PATH_MAX + 16], text[NVME_NQN_LEN + 1];
	struct err ignored;
	char *slash;

	snprintf(path, sizeof(path), "%s/sys/class/block/%s", root, name);
	if (!realpath(path, at))
		return false;
	for (unsigned up = 0; up < 2 && (slash = strrchr(at, '/')); up++) {
		*slash = '\0';
		snprintf(file, sizeof(file), "%s/subsysnqn", at);
		if (read_text(file, text, sizeof(text), &ignored))
			return !strcmp(text, nqn);
	}
	return false;
}
