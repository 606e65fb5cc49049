/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making an image. First everything that may be wrong is looked at, then a list of parts
 * is made, then they are written in the order of their names.
 */
#include "image.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/known.h"
#include "capture_half.h"
#include "config/resolve.h"
#include "cpio.h"
#include "host/root.h"
#include "keyfile.h"
#include "network_freeze.h"
#include "pack.h"
#include "static_program.h"
#include "targets/target_kinds.h"
#include "volume_freeze.h"

#define ARCHIVE_MAX (96u << 20)

/* ---- the configuration ------------------------------------------------------ */

__attribute__((format(printf, 3, 4)))
static bool append(struct blob *text, struct err *e, const char *fmt, ...)
{
	size_t room = CONFIG_LEN_MAX + 1 - text->len;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf((char *)text->at + text->len, room, fmt, ap);
	va_end(ap);
	text->len += len;
	return (size_t)len < room ||
	       fail(e, EFBIG, "with what is added it would be longer than %u bytes",
		    CONFIG_LEN_MAX);
}

/* What the operator wrote: a file, of which so many names and interfaces came. */
struct written {
	struct blob text;
	unsigned n_names, n_nets;
};

/* That, then the names that it does not have, then such interfaces. */
static bool write_config(struct image *im, const struct written *own, struct err *e)
{
	bool ends = !own->text.len || own->text.at[own->text.len - 1] == '\n';
	struct blob *text = &im->config_text;
	const struct config *c = &im->config;
	char line[NAMES_LINE], net[NET_TEXT];

	memcpy(text->at, own->text.at, own->text.len);
	text->len = own->text.len;
	if (!ends && (own->n_names < c->names.n || own->n_nets < c->n_nets) &&
	    !append(text, e, "\n"))
		return false;
	for (unsigned i = own->n_names; i < c->names.n; i++)
		if (!append(text, e, "resolve %s\n", host_names_format(&c->names, i, line)))
			return false;
	for (unsigned i = own->n_nets; i < c->n_nets; i++) {
		netspec_format(&c->nets[i], net);
		if (!append(text, e, "net %s\n", net))
			return false;
	}
	return true;
}

/* Each line that write_config() adds begins so; what the operator wrote is not changed. */
static bool is_added(const struct blob *line)
{
	return !line->len || (line->len > 8 && !memcmp(line->at, "resolve ", 8)) ||
	       (line->len > 4 && !memcmp(line->at, "net ", 4));
}

bool image_config_is_of(const struct blob *text, const struct blob *own)
{
	struct blob rest, line;

	if (text->len < own->len || memcmp(text->at, own->at, own->len))
		return false;
	rest = (struct blob){ text->at + own->len, text->len - own->len };
	while (file_line(&rest, &line))
		if (!is_added(&line))
			return false;
	return true;
}

/* A net line, or ip= of the running kernel, which `crashbox load` hands on. */
static bool has_network(const struct image *im, struct err *e)
{
	const struct image_request *r = im->request;
	struct config c = im->config;
	struct remote server;
	char running[4096];
	struct err ignored;

	if (root_read(r->root, "/proc/cmdline", running, sizeof(running), &ignored))
		config_cmdline(&c, running);
	for (unsigned i = 0; i < c.n_targets; i++)
		if (!c.n_nets && target_host_of(im->config.targets[i], &server))
			return fail(e, EINVAL, "target %s: is a server, and nothing sets up a "
				    "network: add a net line to %s, or use --host",
				    im->config.targets[i], r->config);
	if (!c.n_nets && c.report[0])
		return fail(e, EINVAL, "report %s: is a server, and nothing sets up a network: "
			    "add a net line to %s, or use --host", c.report, r->config);
	return true;
}

/* In a crash it would be too late to hear that it does not work. */
static bool would_encrypt(const struct config *c, struct err *e)
{
	const struct age_recipients *to = encrypt_for_whom(&c->encrypt);

	return !to || age_works(to, e);
}

/* What only this machine knows, and only now, goes behind what the operator wrote. */
static bool complete_config(struct image *im, struct err *e)
{
	const struct image_request *r = im->request;
	struct config *c = &im->config;
	struct written own;

	config_init(c);
	own.text.at = arena_take(im->arena, CONFIG_FILE_MAX, 1, r->config, e);
	/* What is checked is what goes in. */
	if (!own.text.at ||
	    !config_files_read(r->config, (char *)own.text.at, &own.text.len, e) ||
	    !config_text(c, (char *)own.text.at, r->config, e))
		return false;
	own.n_names = c->names.n;
	own.n_nets = c->n_nets;
	if (!resolve_targets(c, e) ||
	    (r->network_freeze && !network_freeze(c, r->interfaces, r->n_interfaces, e)) ||
	    !has_network(im, e))
		return false;
	im->config_text.at = arena_take(im->arena, CONFIG_FILE_MAX, 1, r->config, e);
	return im->config_text.at &&
	       ((config_check(c, e) && would_encrypt(c, e) && write_config(im, &own, e)) ||
		within(e, "%s", r->config));
}

/* ---- parts ------------------------------------------------------------------ */

static bool add_base(struct image *im, struct err *e)
{
	static const char *const folders[] = { "dev", "etc", "proc", "sys", "mnt", "modules" };
	static const struct cpio_file nodes[] = {
		{ "dev/console", S_IFCHR | 0600, 5, 1, .data = { NULL, 0 } },
		{ "dev/null", S_IFCHR | 0666, 1, 3, .data = { NULL, 0 } },
	};
	static const struct cpio_file init = { .name = "init", .mode = S_IFREG | 0755 };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (!parts_dir(&im->parts, folders[i], e))
			return false;
	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
		if (!parts_add(&im->parts, &nodes[i], e))
			return false;
	return static_program_machine(im->request->agent, e) &&
	       parts_file(&im->parts, &init, im->request->agent, e) &&
	       capture_half(parts_data(&im->parts, init.name), im->request->agent, e);
}

/* What the targets' volumes are now; their keys never go into an image that is a file. */
static bool add_volumes(struct image *im, struct err *e)
{
	struct volume_freeze f = { .root = im->request->root };
	struct cpio_file file = { .name = VOLUMES_FILE, .mode = S_IFREG | 0600 };
	bool ok = volume_freeze_config(&f, &im->config, e);

	if (!ok || !f.len)
		return ok;
	file.data.at = arena_take(im->arena, f.len + 1, 1, VOLUMES_FILE, e);
	if (!file.data.at)
		return false;
	memcpy(file.data.at, f.text, f.len + 1);
	file.data.len = f.len;
	return parts_add(&im->parts, &file, e);
}

/* Who we are to servers that ask, of a kind of target: small files, each if it is there. */
static bool add_files_of(struct image *im, const char *target, struct err *e)
{
	for (const char *const *at = target_files(target); *at; at++) {
		struct cpio_file file = { .name = *at + 1, .mode = S_IFREG | 0600 };
		char path[HOST_PATH_MAX];

		if (!root_exists(im->request->root, *at) || parts_have(&im->parts, file.name))
			continue;
		if (!root_path(path, im->request->root, *at, e) ||
		    !file_load(im->arena, path, &file.data, e) ||
		    !parts_folders_of(&im->parts, file.name, e) ||
		    !parts_add(&im->parts, &file, e))
			return false;
	}
	return true;
}

static bool add_files(struct image *im, struct err *e)
{
	for (unsigned i = 0; i < im->config.n_targets; i++)
		if (!add_files_of(im, im->config.targets[i], e))
			return false;
	return true;
}

static bool add_config(struct image *im, struct err *e)
{
	const struct cpio_file file = {
		"etc/crashbox.conf", S_IFREG | 0600, .data = im->config_text,
	};

	return parts_dir(&im->parts, "etc", e) && parts_add(&im->parts, &file, e) &&
	       add_files(im, e) && add_volumes(im, e);
}

static bool add_client(struct image *im, struct err *e)
{
	/* Who cannot read a program may not look into a process that runs it. */
	static const struct cpio_file program = { .name = "bin/ssh", .mode = S_IFREG | 0711 };
	const struct cpio_file passwd = {
		"etc/passwd", S_IFREG | 0644,
		.data = { (uint8_t *)SSH_CLIENT_PASSWD, strlen(SSH_CLIENT_PASSWD) },
	};
	char path[PATH_MAX];

	return static_program_ssh(im->request->ssh, im->request->agent, path, e) &&
	       parts_dir(&im->parts, "bin", e) &&
	       parts_dir(&im->parts, "etc", e) &&
	       parts_file(&im->parts, &program, path, e) &&
	       parts_add(&im->parts, &passwd, e);
}

/* Our private key, where the configuration says it is. */
static bool add_key(struct image *im, struct err *e)
{
	const char *key = im->config.ssh.key;
	struct cpio_file file = { .name = key + 1, .mode = S_IFREG | 0600 };

	return keyfile_check(key, key, e) && file_load(im->arena, key, &file.data, e) &&
	       parts_folders_of(&im->parts, file.name, e) &&
	       parts_add(&im->parts, &file, e);
}

/* The list of known faults, likewise. */
static bool add_known(struct image *im, struct err *e)
{
	const char *path = im->config.known_file;
	struct cpio_file file = { .name = path + 1, .mode = S_IFREG | 0600 };
	struct known_list list;

	return known_load(&list, path, im->arena, e) &&
	       file_load(im->arena, path, &file.data, e) &&
	       parts_folders_of(&im->parts, file.name, e) &&
	       parts_add(&im->parts, &file, e);
}

/* ---- the archive ------------------------------------------------------------ */

static bool write_archive(struct image *im, struct err *e)
{
	void *mem = arena_take(im->arena, ARCHIVE_MAX, 1, "the image", e);
	struct cpio c;

	if (!mem)
		return false;
	cpio_init(&c, mem, ARCHIVE_MAX);
	if (!parts_write(&im->parts, &c, e))
		return false;
	for (unsigned i = 0; i < im->parts.n; i++)
		if (!strncmp(im->parts.part[i].file.name, "modules/", 8))
			im->modules_len += im->parts.part[i].file.data.len;
	im->archive = (struct blob){ c.at, c.len };
	return true;
}

static bool add_parts(struct image *im, struct err *e)
{
	const struct image_request *r = im->request;
	const struct outfit outfit = { &im->equipment, r, &im->config, &im->parts, im->arena };
	bool sftp = !r->generic && config_needs(&im->config, NEEDS_CLIENT);

	if (!r->config_only && !(add_base(im, e) && equip(&outfit, e)))
		return false;
	if ((r->generic ? r->ssh != NULL : sftp && !r->config_only) && !add_client(im, e))
		return false;
	return r->generic || (add_config(im, e) && (!sftp || add_key(im, e)) &&
			      (!im->config.known_file[0] || add_known(im, e) ||
			       within(e, "known_file")));
}

struct image *image_make(const struct image_request *r, struct arena *a, struct err *e)
{
	struct image *im = arena_take(a, 1, sizeof(*im), "the image", e);

	if (!im)
		return NULL;
	im->request = r;
	im->arena = im->parts.arena = a;
	return (r->generic || complete_config(im, e)) && add_parts(im, e) &&
	       write_archive(im, e) ? im : NULL;
}

bool image_is_at(const struct image *im, const char *path, const char *codec)
{
	size_t mark = arena_mark(im->arena), len = im->archive.len;
	struct unpacking u = { .path = path, .to.len = len, .scratch = im->arena };
	struct err ignored;
	bool is;

	if (file_load(u.scratch, path, &u.from, &ignored) &&
	    !strcmp(unpack_codec(&u.from), codec))
		u.to.at = arena_take(u.scratch, len, 1, path, &ignored);
	is = u.to.at && unpack(&u, &ignored) && u.to.len == len &&
	     !memcmp(u.to.at, im->archive.at, len);
	arena_release(im->arena, mark);
	return is;
}
