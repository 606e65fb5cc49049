/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cache of a slab tells what an object should be; what is in it must agree: a dentry leads
 * to a file system with a name, a socket to its protocol, a bio to a disk that knows itself.
 */
#include "objects.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"
#include "glob.h"

#define STACK_WORDS 4096u	/* that are looked at */

#define AT(member) offsetof(struct object_facts, member)

static const struct wish wishes[] = {
	WISH_FIELD("sock_common.skc_family", AT(family)),
	WISH_FIELD("sock_common.skc_prot", AT(prot)),
	WISH_FIELD("sock_common.skc_num", AT(port)),
	WISH_FIELD("sock_common.skc_dport", AT(peer_port)),
	WISH_FIELD("sock_common.skc_rcv_saddr", AT(address)),
	WISH_FIELD("sock_common.skc_daddr", AT(peer)),
	WISH_FIELD("sock_common.skc_v6_rcv_saddr", AT(address6)),
	WISH_FIELD("sock_common.skc_v6_daddr", AT(peer6)),
	WISH_FIELD("bio.bi_bdev", AT(bio_bdev)),
	WISH_FIELD("bio.bi_iter.bi_sector", AT(bio_sector)),
	WISH_FIELD("block_device.bd_disk", AT(bdev_disk)),
	WISH_FIELD("gendisk.disk_name", AT(disk_name)),
	WISH_FIELD("gendisk.part0", AT(disk_part0)),
};

const struct wish_set object_wishes = WISH_SET(wishes, struct object_facts);

/* ---- each kind in words ---------------------------------------------------------------- */

typedef bool describe_fn(struct object_reader *o, vaddr_t at, char text[STACK_OBJECT_TEXT]);

static bool put_place(const struct file_place *place, char text[STACK_OBJECT_TEXT])
{
	if (!place->path[0] || !place->fs[0])
		return false;
	return snprintf(text, STACK_OBJECT_TEXT, "%s (%s%s%s)", place->path, place->fs,
			place->device[0] && strcmp(place->device, place->fs) ? ", " : "",
			strcmp(place->device, place->fs) ? place->device : "");
}

static bool a_file(struct object_reader *o, vaddr_t at, char text[STACK_OBJECT_TEXT])
{
	struct file_place place;

	return path_of_file(o->values->paths, at, &place) && put_place(&place, text);
}

static bool a_dentry(struct object_reader *o, vaddr_t at, char text[STACK_OBJECT_TEXT])
{
	struct file_place place;

	return path_of_dentry(o->values->paths, at, &place) && put_place(&place, text);
}

static bool an_inode(struct object_reader *o, vaddr_t at, char text[STACK_OBJECT_TEXT])
{
	struct file_place place;
	uint64_t number;

	return path_of_inode(o->values->paths, at, &place, &number) && put_place(&place, text);
}

static bool a_task(struct object_reader *o, vaddr_t at, char text[STACK_OBJECT_TEXT])
{
	const struct proc *p = at == o->self ? NULL : procs_by_address(o->values->procs, at);

	return p && snprintf(text, STACK_OBJECT_TEXT, "%s (pid %u)", p->comm, p->pid);
}

/* An address of 4 or 16 bytes with its port. */
static bool put_end(struct object_reader *o, vaddr_t sock, struct field f, unsigned port,
		    char text[INET6_ADDRSTRLEN + 8])
{
	bool is_six = f.size == 16;
	char address[INET6_ADDRSTRLEN];
	uint8_t bytes[16];
	struct err ignored;

	if (!has(f.off) || (f.size != 4 && !is_six) ||
	    !space_read(o->values->space, sock + f.off, bytes, f.size, &ignored) ||
	    !inet_ntop(is_six ? AF_INET6 : AF_INET, bytes, address, sizeof(address)))
		return false;
	return snprintf(text, INET6_ADDRSTRLEN + 8, is_six ? "[%s]:%u" : "%s:%u", address,
			port);
}

/* Its protocol is a variable of the kernel's or a module's, "tcp_prot". */
static bool a_socket(struct object_reader *o, vaddr_t at, char text[STACK_OBJECT_TEXT])
{
	const struct object_facts *f = o->facts;
	struct space *s = o->values->space;
	uint64_t family = field_value(s, at, f->family);
	char here[INET6_ADDRSTRLEN + 8], there[INET6_ADDRSTRLEN + 8], *end;
	struct symbol sym;

	if (!symbol_at(o->values->symbols, field_value(s, at, f->prot), &sym) || sym.off ||
	    !(end = strstr(sym.name, "_prot")))
		return false;
	*end = '\0';
	if (family == AF_UNIX)
		return snprintf(text, STACK_OBJECT_TEXT, "%s", sym.name);
	if ((family != AF_INET && family != AF_INET6) ||
	    !put_end(o, at, family == AF_INET ? f->address : f->address6,
		     (unsigned)field_value(s, at, f->port), here) ||
	    !put_end(o, at, family == AF_INET ? f->peer : f->peer6,
		     ntohs((uint16_t)field_value(s, at, f->peer_port)), there))
		return false;
	return snprintf(text, STACK_OBJECT_TEXT, "%s %s, peer %s", sym.name, here, there);
}

static bool a_bio(struct object_reader *o, vaddr_t at, char text[STACK_OBJECT_TEXT])
{
	const struct object_facts *f = o->facts;
	struct space *s = o->values->space;
	vaddr_t disk = field_value(s, field_value(s, at, f->bio_bdev), f->bdev_disk);
	char name[33];

	if (!disk || field_value(s, field_value(s, disk, f->disk_part0), f->bdev_disk) != disk)
		return false;
	field_text(s, disk, f->disk_name, name, sizeof(name));
	return name[0] &&
	       snprintf(text, STACK_OBJECT_TEXT, "for disk %s, at sector %" PRIu64
			" of its device", name, field_value(s, at, f->bio_sector));
}

static const struct kind {
	const char *caches[5];
	const char *what;
	bool within;		/* the word itself points to it, not the object's start */
	describe_fn *describe;
} kinds[] = {
	{ { "filp", NULL }, "file", false, a_file },
	{ { "dentry", NULL }, "dentry", false, a_dentry },
	{ { "*inode*", NULL }, "inode", true, an_inode },
	{ { "task_struct", NULL }, "task", false, a_task },
	{ { "TCP*", "UDP*", "UNIX*", "RAW*", NULL }, "socket", false, a_socket },
	{ { "bio-*", NULL }, "bio", false, a_bio },
};

/* ---- words of a stack -------------------------------------------------------------------- */

static bool is_there(const struct objects *out, vaddr_t at)
{
	for (unsigned i = 0; i < out->n; i++)
		if (out->list[i].at == at)
			return true;
	return false;
}

bool object_at(struct object_reader *o, uint64_t word, struct object *out)
{
	struct slab_object in;

	if (!o->values->slabs || word & 7 || !(word >> 55) ||
	    !slab_object_at(o->values->slabs, word, &in))
		return false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!glob_any(kinds[i].caches, in.cache))
			continue;
		out->what = kinds[i].what;
		out->at = kinds[i].within ? word : in.at;
		return kinds[i].describe(o, out->at, out->text);
	}
	return false;
}

void objects_read(struct object_reader *o, vaddr_t at, uint64_t len, struct objects *out)
{
	struct err ignored;
	uint64_t word, last = 0;

	out->n = 0;
	for (unsigned i = 0; i < STACK_WORDS && i < len / 8; i++) {
		if (out->n == OBJECTS_MAX || bounds_over(o->bounds))
			return;
		if (!space_read_u64(o->values->space, at + 8ULL * i, &word, &ignored))
			return;
		if (word != last && object_at(o, word, &out->list[out->n]) &&
		    !is_there(out, out->list[out->n].at))
			out->n++;
		last = word;
	}
}
