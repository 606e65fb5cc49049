/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * First everything that may be wrong is looked at, then a list of parts is made, then
 * they are written in the order of their names.
 */
#include "image.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "machine/modules.h"
#include "cpio.h"
#include "freeze.h"
#include "keyfile.h"
#include "net_drivers.h"
#include "pack.h"
#include "program.h"
#include "resolve.h"
#include "root.h"

#define ARCHIVE_MAX (96u << 20)
#define PASSWD "nobody:x:65534:65534::/:/\n"	/* who the client runs as */

/* ---- the configuration ------------------------------------------------------ */

__attribute__((format(printf, 3, 4)))
static bool append(struct blob *text, struct err *e, const char *fmt, ...)
{
	size_t room = CONFIG_FILE_MAX - text->len;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf((char *)text->at + text->len, room, fmt, ap);
	va_end(ap);
	text->len += len;
	return (size_t)len < room ||
	       fail(e, EFBIG, "with what is added it would be longer than %u bytes",
		    CONFIG_FILE_MAX - 2);
}

/* What the operator wrote, then the names from the n_names-th on, then such interfaces. */
static bool write_config(const struct config *c, const struct blob *own, unsigned n_names,
			 unsigned n_nets, struct blob *text, struct err *e)
{
	bool ends = !own->len || own->at[own->len - 1] == '\n';
	char line[NAMES_LINE], net[NET_TEXT];

	memcpy(text->at, own->at, own->len);
	text->len = own->len;
	if (!ends && (n_names < c->names.n || n_nets < c->n_nets) && !append(text, e, "\n"))
		return false;
	for (; n_names < c->names.n; n_names++)
		if (!append(text, e, "resolve %s\n", names_format(&c->names, n_names, line)))
			return false;
	for (; n_nets < c->n_nets; n_nets++) {
		netspec_format(&c->nets[n_nets], net);
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
static bool has_network(const struct image_request *r, const struct config *config,
			struct err *e)
{
	struct config c = *config;
	struct remote server;
	char running[4096];
	struct err ignored;

	if (root_read(r->root, "/proc/cmdline", running, sizeof(running), &ignored))
		config_cmdline(&c, running, NULL);
	for (unsigned i = 0; i < config->n_targets; i++)
		if (!c.n_nets && resolve_host_of(config->targets[i], &server))
			return fail(e, EINVAL, "target %s: is a server, and nothing sets up a "
				    "network: add a net line to %s, or use --host",
				    config->targets[i], r->config);
	return true;
}

/* What only this machine knows, and only now, goes behind what the operator wrote. */
static bool complete_config(struct image *im, const struct image_request *r,
			    struct arena *a, struct err *e)
{
	struct config *c = &im->config;
	unsigned n_names, n_nets;
	struct blob own;

	config_init(c);
	if (!config_file(c, r->config, NULL, e) || !file_load(a, r->config, &own, e))
		return false;
	n_names = c->names.n;
	n_nets = c->n_nets;
	if (!resolve_targets(c, e) ||
	    (r->freeze && !freeze(c, r->interfaces, r->n_interfaces, e)) ||
	    !has_network(r, c, e))
		return false;
	im->config_text.at = arena_take(a, CONFIG_FILE_MAX, 1, r->config, e);
	return im->config_text.at &&
	       ((config_check(c, e) &&
		 write_config(c, &own, n_names, n_nets, &im->config_text, e)) ||
		within(e, "%s", r->config));
}

/* ---- parts ------------------------------------------------------------------ */

static bool add(struct image *im, const struct image_part *part, const char *name,
		struct err *e)
{
	struct image_part *to = &im->parts[im->n_parts];

	for (unsigned i = 0; i < im->n_parts; i++)
		if (!strcmp(im->parts[i].name, name))
			return true;
	if (strlen(name) >= sizeof(to->name))
		return fail(e, ENAMETOOLONG, "%s: too long a name", name);
	if (im->n_parts == MAX_PARTS)
		return fail(e, E2BIG, "more than %u files", MAX_PARTS);
	*to = *part;
	snprintf(to->name, sizeof(to->name), "%s", name);
	im->n_parts++;
	return true;
}

static bool add_dir(struct image *im, const char *name, struct err *e)
{
	const struct image_part part = { .kind = PART_DIR, .mode = 0755 };

	return add(im, &part, name, e);
}

static bool add_node(struct image *im, const char *name, unsigned mode, unsigned major,
		     unsigned minor, struct err *e)
{
	const struct image_part part = { .kind = PART_NODE, .mode = mode, .major = major,
					 .minor = minor };

	return add(im, &part, name, e);
}

static bool add_file(struct image *im, const char *name, unsigned mode, const char *source,
		     struct err *e)
{
	struct image_part part = { .kind = PART_FILE, .mode = mode };

	if (snprintf(part.source, sizeof(part.source), "%s", source) >=
	    (int)sizeof(part.source))
		return fail(e, ENAMETOOLONG, "%s: too long a name", source);
	return add(im, &part, name, e);
}

static bool add_text(struct image *im, const char *name, unsigned mode,
		     const struct blob *text, struct err *e)
{
	const struct image_part part = { .kind = PART_FILE, .mode = mode, .data = *text };

	return add(im, &part, name, e);
}

static bool add_base(struct image *im, const char *agent, struct err *e)
{
	static const char *const folders[] = { "dev", "etc", "proc", "sys", "mnt", "modules" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (!add_dir(im, folders[i], e))
			return false;
	return program_machine(agent, e) && add_file(im, "init", 0755, agent, e) &&
	       add_node(im, "dev/console", 0600, 5, 1, e) &&
	       add_node(im, "dev/null", 0666, 1, 3, e);
}

static bool add_config(struct image *im, struct err *e)
{
	return add_dir(im, "etc", e) &&
	       add_text(im, "etc/crashbox.conf", 0600, &im->config_text, e);
}

static bool add_client(struct image *im, const struct image_request *r, struct err *e)
{
	const struct blob text = { (uint8_t *)PASSWD, strlen(PASSWD) };
	char path[PATH_MAX];

	/* Who cannot read a program may not look into a process that runs it. */
	return program_ssh(r->ssh, r->agent, path, e) && add_dir(im, "bin", e) &&
	       add_dir(im, "etc", e) && add_file(im, "bin/ssh", 0711, path, e) &&
	       add_text(im, "etc/passwd", 0644, &text, e);
}

/* Our private key, where the configuration says it is. */
static bool add_key(struct image *im, const char *key, struct arena *a, struct err *e)
{
	char folder[PATH_MAX];
	struct blob text;

	if (!keyfile_check(key, key, e) || !file_load(a, key, &text, e))
		return false;
	for (const char *at = key + 1; (at = strchr(at, '/')); at++) {
		snprintf(folder, sizeof(folder), "%.*s", (int)(at - key - 1), key + 1);
		if (!add_dir(im, folder, e))
			return false;
	}
	return add_text(im, key + 1, 0600, &text, e);
}

static bool add_order(struct image *im, char *order, struct err *e)
{
	struct blob text = { (uint8_t *)order, strlen(order) };

	return add_text(im, "modules/order", 0644, &text, e);
}

static bool add_modules(struct image *im, struct arena *a, struct err *e)
{
	char *order = arena_take(a, MODULES_ORDER_MAX, 1, "modules/order", e);
	size_t len = 0;

	if (!order)
		return false;
	for (unsigned i = 0; i < im->kmods.n; i++) {
		char path[2 * MODULE_PATH], to[MODULE_NAME + 8], name[MODULE_NAME];

		snprintf(path, sizeof(path), "%s/%s", im->kmods.dir, im->kmods.paths[i]);
		if (!kmod_file_name(path, name))
			return fail(e, EINVAL, "%s: not a module (.ko, .ko.xz, .ko.zst, "
				    ".ko.gz)", path);
		if (len + strlen(name) + 2 > MODULES_ORDER_MAX)
			return fail(e, E2BIG, "%u modules are more than the agent loads",
				    im->kmods.n);
		len += sprintf(order + len, "%s\n", name);
		snprintf(to, sizeof(to), "modules/%s", name);
		if (!add_file(im, to, 0644, path, e))
			return false;
	}
	return add_order(im, order, e);
}

/* ---- drivers ---------------------------------------------------------------- */

static bool look_up(struct drivers *d, const struct config *c, struct err *e)
{
	if (!drivers_watchdogs(d, e))
		return false;
	for (unsigned i = 0; i < c->n_targets; i++)
		if (!drivers_target(d, c->targets[i], e))
			return false;
	return true;
}

/* The drivers of interfaces, also beside those that are named: --net asks for them. */
static bool look_up_net(struct drivers *d, const struct image_request *r,
			const struct config *c, struct err *e)
{
	if (r->drivers && !r->n_interfaces)
		return true;
	for (unsigned i = 0; i < r->n_interfaces; i++)
		if (!net_drivers_add(d, r->interfaces[i], e))
			return false;
	for (unsigned i = 0; i < c->n_nets; i++)
		if (!net_drivers_add_spec(d, &c->nets[i], r->n_interfaces, e))
			return false;
	/* Without a net line there may be ip= on the command line, which may be dhcp. */
	return !r->n_interfaces || drivers_add(d, "af_packet", e);
}

static bool choose_modules(struct image *im, const struct image_request *r,
			   struct arena *a, struct err *e)
{
	im->drivers = (struct drivers){ .root = r->root };
	if (!r->modules)
		return true;
	if (r->drivers ? !drivers_add_list(&im->drivers, r->drivers, e)
		       : !look_up(&im->drivers, &im->config, e))
		return false;
	if (!look_up_net(&im->drivers, r, &im->config, e))
		return false;
	if (im->drivers.n && !kmod_open(&im->kmods, a, r->modules, e))
		return false;
	for (unsigned i = 0; i < im->drivers.n; i++)
		if (!kmod_need(&im->kmods, im->drivers.names[i], e))
			return false;
	return true;
}

/* ---- the archive ------------------------------------------------------------ */

static bool write_module(struct cpio *c, struct image_part *p, struct arena *a,
			 struct err *e)
{
	size_t mark = arena_mark(a), room;
	uint8_t *to = cpio_file_begin(c, p->name, p->mode, &room, e);
	struct blob packed;
	bool ok = to && file_load(a, p->source, &packed, e) &&
		  unpack(p->source, &packed, to, room, &p->len, a, e) &&
		  cpio_file_end(c, p->len, e);

	arena_release(a, mark);
	return ok;
}

static bool write_part(struct cpio *c, struct image_part *p, struct arena *a, struct err *e)
{
	switch (p->kind) {
	case PART_DIR:
		return cpio_dir(c, p->name, p->mode, e);
	case PART_NODE:
		return cpio_node(c, p->name, p->mode, p->major, p->minor, e);
	case PART_FILE:
		break;
	}
	if (p->source[0])
		return write_module(c, p, a, e);
	p->len = p->data.len;
	return cpio_file(c, p->name, p->mode, p->data.at, p->data.len, e);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct image_part *)a)->name,
		      ((const struct image_part *)b)->name);
}

static bool write_archive(struct image *im, struct arena *a, struct err *e)
{
	void *mem = arena_take(a, ARCHIVE_MAX, 1, "the image", e);
	struct cpio c;

	if (!mem)
		return false;
	cpio_init(&c, mem, ARCHIVE_MAX);
	qsort(im->parts, im->n_parts, sizeof(im->parts[0]), by_name);
	for (unsigned i = 0; i < im->n_parts; i++) {
		if (!write_part(&c, &im->parts[i], a, e))
			return false;
		if (!strncmp(im->parts[i].name, "modules/", 8))
			im->modules_len += im->parts[i].len;
	}
	if (!cpio_end(&c, e))
		return false;
	im->archive = (struct blob){ c.at, c.len };
	return true;
}

static bool needs_client(const struct config *c)
{
	for (unsigned i = 0; i < c->n_targets; i++)
		if (!strncmp(c->targets[i], "sftp:", 5))
			return true;
	return false;
}

static bool add_parts(struct image *im, const struct image_request *r, struct arena *a,
		      struct err *e)
{
	bool sftp = !r->generic && needs_client(&im->config);

	if (!r->config_only && !(add_base(im, r->agent, e) && choose_modules(im, r, a, e) &&
				 add_modules(im, a, e)))
		return false;
	if ((r->generic ? r->ssh != NULL : sftp && !r->config_only) && !add_client(im, r, e))
		return false;
	return r->generic || (add_config(im, e) &&
			      (!sftp || add_key(im, im->config.ssh.key, a, e)));
}

struct image *image_make(const struct image_request *r, struct arena *a, struct err *e)
{
	struct image *im = arena_take(a, 1, sizeof(*im), "the image", e);

	return im && (r->generic || complete_config(im, r, a, e)) && add_parts(im, r, a, e) &&
	       write_archive(im, a, e) ? im : NULL;
}

bool image_is_at(const struct image *im, const char *path, const char *codec,
		 struct arena *scratch)
{
	size_t mark = arena_mark(scratch), len = 0;
	struct blob there;
	struct err ignored;
	uint8_t *plain = NULL;
	bool is;

	if (file_load(scratch, path, &there, &ignored) && !strcmp(unpack_codec(&there), codec))
		plain = arena_take(scratch, im->archive.len, 1, path, &ignored);
	is = plain && unpack(path, &there, plain, im->archive.len, &len, scratch, &ignored) &&
	     len == im->archive.len && !memcmp(plain, im->archive.at, len);
	arena_release(scratch, mark);
	return is;
}
