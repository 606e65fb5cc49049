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
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "config/resolve.h"
#include "cpio.h"
#include "host/root.h"
#include "keyfile.h"
#include "network_freeze.h"
#include "pack.h"
#include "static_program.h"
#include "targets/target_kinds.h"

#define ARCHIVE_MAX (96u << 20)

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
		if (!append(text, e, "resolve %s\n",
			    host_names_format(&c->names, n_names, line)))
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
		config_cmdline(&c, running);
	for (unsigned i = 0; i < config->n_targets; i++)
		if (!c.n_nets && target_host_of(config->targets[i], &server))
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
	if (!config_file(c, r->config, e) || !file_load(a, r->config, &own, e))
		return false;
	n_names = c->names.n;
	n_nets = c->n_nets;
	if (!resolve_targets(c, e) ||
	    (r->network_freeze && !network_freeze(c, r->interfaces, r->n_interfaces, e)) ||
	    !has_network(r, c, e))
		return false;
	im->config_text.at = arena_take(a, CONFIG_FILE_MAX, 1, r->config, e);
	return im->config_text.at &&
	       ((config_check(c, e) &&
		 write_config(c, &own, n_names, n_nets, &im->config_text, e)) ||
		within(e, "%s", r->config));
}

/* ---- parts ------------------------------------------------------------------ */

static bool add_base(struct image *im, const char *agent, struct arena *a, struct err *e)
{
	static const char *const folders[] = { "dev", "etc", "proc", "sys", "mnt", "modules" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (!parts_dir(&im->parts, folders[i], e))
			return false;
	return static_program_machine(agent, e) &&
	       parts_file(&im->parts, "init", 0755, agent, a, e) &&
	       parts_node(&im->parts, "dev/console", 0600, 5, 1, e) &&
	       parts_node(&im->parts, "dev/null", 0666, 1, 3, e);
}

static bool add_config(struct image *im, struct err *e)
{
	return parts_dir(&im->parts, "etc", e) &&
	       parts_text(&im->parts, "etc/crashbox.conf", 0600, &im->config_text, e);
}

static bool add_client(struct image *im, const struct image_request *r, struct arena *a,
		       struct err *e)
{
	const struct blob text = { (uint8_t *)SSH_CLIENT_PASSWD,
				   strlen(SSH_CLIENT_PASSWD) };
	char path[PATH_MAX];

	/* Who cannot read a program may not look into a process that runs it. */
	return static_program_ssh(r->ssh, r->agent, path, e) &&
	       parts_dir(&im->parts, "bin", e) &&
	       parts_dir(&im->parts, "etc", e) &&
	       parts_file(&im->parts, "bin/ssh", 0711, path, a, e) &&
	       parts_text(&im->parts, "etc/passwd", 0644, &text, e);
}

/* Our private key, where the configuration says it is. */
static bool add_key(struct image *im, const char *key, struct arena *a, struct err *e)
{
	struct blob text;

	if (!keyfile_check(key, key, e) || !file_load(a, key, &text, e))
		return false;
	return parts_folders_of(&im->parts, key + 1, e) &&
	       parts_text(&im->parts, key + 1, 0600, &text, e);
}

/* ---- the archive ------------------------------------------------------------ */

static bool write_archive(struct image *im, struct arena *a, struct err *e)
{
	void *mem = arena_take(a, ARCHIVE_MAX, 1, "the image", e);
	struct cpio c;

	if (!mem)
		return false;
	cpio_init(&c, mem, ARCHIVE_MAX);
	if (!parts_write(&im->parts, &c, e))
		return false;
	for (unsigned i = 0; i < im->parts.n; i++)
		if (!strncmp(im->parts.part[i].name, "modules/", 8))
			im->modules_len += im->parts.part[i].data.len;
	im->archive = (struct blob){ c.at, c.len };
	return true;
}

static bool add_parts(struct image *im, const struct image_request *r, struct arena *a,
		      struct err *e)
{
	bool sftp = !r->generic && config_needs(&im->config, NEEDS_CLIENT);

	if (!r->config_only && !(add_base(im, r->agent, a, e) &&
				 equip(&im->equipment, r, &im->config, &im->parts, a, e)))
		return false;
	if ((r->generic ? r->ssh != NULL : sftp && !r->config_only) &&
	    !add_client(im, r, a, e))
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
