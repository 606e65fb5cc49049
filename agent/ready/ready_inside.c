/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is in the image. A crash meets the files as they were when the image was made, not
 * those of /etc.
 */
#include "ready_parts.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/io.h"
#include "config/config.h"
#include "config/config_files.h"
#include "host/check_result.h"
#include "image/image.h"
#include "image/static_program.h"
#include "kexec/bootimage.h"
#include "targets/target_kinds.h"

#define INSIDE "the image that is loaded"
#define RENEW "crashbox image, then crashbox load"

/* ---- programs --------------------------------------------------------------- */

static unsigned kernels_machine(const struct look *l)
{
	struct bootimage b;
	struct err ignored;
	unsigned machine;

	if (!bootimage_open(&b, kernel_in_use(l), &ignored))
		return EM_NONE;
	machine = b.kind->e_machine;
	bootimage_close(&b);
	return machine;
}

/* Can it start there? */
static bool is_program(struct look *l, const char *what, const char *name,
		       struct inside_file *file)
{
	unsigned machine, wanted = kernels_machine(l);
	struct err e;

	if (!inside_find(&l->inside, name, file)) {
		found(l->f, what, GRADE_FAIL, "/%s is not in %s: " RENEW, name, l->image);
		return false;
	}
	machine = static_program_machine_of(&file->data, name, &e);
	if (!machine)
		found(l->f, what, GRADE_FAIL, "in %s: %s", l->image, e.text);
	else if (wanted && machine != wanted)
		found(l->f, what, GRADE_FAIL, "/%s in %s is for another CPU than %s: " RENEW,
		      name, l->image, kernel_in_use(l));
	else if (!(file->mode & 0100))
		found(l->f, what, GRADE_FAIL, "/%s in %s may not be executed (mode %03o): "
		      RENEW, name, l->image, file->mode & 0777);
	else
		return true;
	return false;
}

/* "crashbox VERSION" stands in the program, for the option --version. */
static void version_of(const struct blob *program, char version[32])
{
	static const char mark[] = "\0crashbox ";
	const uint8_t *at = program->at, *end = at + program->len;
	size_t len = sizeof(mark) - 1, n = 0;

	version[0] = '\0';
	while ((at = memmem(at, end - at, mark, len))) {
		at += len;
		while (at + n < end && n < 31 && at[n] && strchr("0123456789.~+-", at[n]))
			n++;
		if (n && at + n < end && !at[n])
			break;
		n = 0;
	}
	if (at)
		snprintf(version, 32, "%.*s", (int)n, at);
}

static void check_init(struct look *l)
{
	struct inside_file init;
	char version[32];

	if (!is_program(l, "init", "init", &init))
		return;
	version_of(&init.data, version);
	if (strcmp(version, l->version))
		found(l->f, "init", GRADE_WARN, "crashbox %s is in %s, and this one is %s: "
		      RENEW, version[0] ? version : "of an unknown version", l->image,
		      l->version);
	else
		found(l->f, "init", GRADE_OK, "crashbox %s", version);
}

/* ---- the configuration ------------------------------------------------------ */

static void same_or_not(struct look *l, const struct blob *text)
{
	char own[CONFIG_FILE_MAX];
	struct blob now = { (uint8_t *)own, 0 };
	struct err e;

	if (!config_files_read(l->config_path, own, &now.len, &e))
		return;		/* the row of the file says so */
	if (image_config_is_of(text, &now))
		found(l->f, "inside", GRADE_OK, INSIDE " has the configuration %s",
		      l->config_path);
	else
		found(l->f, "inside", GRADE_WARN, INSIDE " has another configuration than %s: "
		      RENEW, l->config_path);
}

/* As PID 1 reads them: what is wrong is passed over. */
static void read_config(struct look *l)
{
	static const char name[] = DEFAULT_CONFIG " in the image";
	struct inside_file file = { .mode = 0 };
	char *text;
	struct err e;

	config_init(l->config);
	if (!l->has_image && l->file) {
		*l->config = *l->file;
		l->has_config = true;
	} else if (l->has_image) {
		inside_find(&l->inside, DEFAULT_CONFIG + 1, &file);
		text = arena_take(&l->arena, file.data.len + 1, 1, name, &e);
		l->has_config = text != NULL;
		if (text) {
			l->config->told = config_pass_over;
			memcpy(text, file.data.at, file.data.len);
			config_no_nul(text, file.data.len);
			config_text(l->config, text, name, &e);
		}
		if (file.mode)
			same_or_not(l, &file.data);
		if (file.data.len > CONFIG_LEN_MAX)
			found(l->f, "inside", GRADE_FAIL, INSIDE ": its configuration is "
			      "longer than %u bytes, and a crash would not read it",
			      CONFIG_LEN_MAX);
	}
	config_cmdline(l->config, l->is_known ? l->loaded.cmdline : l->plan.cmdline);
}

static void check_config(struct look *l)
{
	struct err e;

	read_config(l);
	if (!l->has_config)
		return;
	if (l->config->n_bad)
		found(l->f, "inside", GRADE_WARN, "%s: passed over in a crash",
		      l->config->first_bad.text);
	if (l->has_image && !config_check(l->config, &e)) {
		found(l->f, "inside", GRADE_FAIL, INSIDE ": %s", e.text);
		l->has_config = l->config->n_targets > 0;
	}
}

/* A file of the operator's that was packed: is the one that is here now another? */
static bool is_other_now(struct look *l, const char *name, const struct inside_file *packed)
{
	char path[HOST_PATH_MAX];
	struct err ignored;
	struct blob now;

	return root_path(path, l->root, name, &ignored) &&
	       file_load(&l->arena, path, &now, &ignored) &&
	       (now.len != packed->data.len || memcmp(now.at, packed->data.at, now.len));
}

/* What was appended for good or for once, and takes the capture out of our hands. */
static void check_cmdline(struct look *l)
{
	const char *line = l->is_known ? l->loaded.cmdline : l->plan.cmdline;
	struct inside_file modules = { .data.len = 0 };
	char word[CMDLINE_SHOWN];
	const char *why;

	if (l->has_image)
		inside_find(&l->inside, "modules/order", &modules);
	why = cmdline_lost(line, modules.data.len > 0, word);
	if (why)
		found(l->f, "cmdline", GRADE_FAIL, "'%s' is on the capture kernel's command "
		      "line, and nothing would be saved: %s: take it out of append, then "
		      "crashbox load", word, why);
}

/* Without it the report says less, and that is all. */
static void check_known(struct look *l)
{
	const char *path = l->config->known_file;
	struct inside_file file;

	if (!path[0])
		return;
	if (!inside_find(&l->inside, path + 1, &file))
		found(l->f, "known", GRADE_WARN, "the known faults of %s are not in %s: " RENEW,
		      path, l->image);
	else if (is_other_now(l, path, &file))
		found(l->f, "known", GRADE_WARN, "%s was changed after %s was made: " RENEW,
		      path, l->image);
	else
		found(l->f, "known", GRADE_OK, INSIDE " has the known faults of %s", path);
}

/* ---- who we are ------------------------------------------------------------- */

/* A server that lets only some in knows us by these. */
static void check_file(struct look *l, const char *name)
{
	struct inside_file packed;
	bool is_packed = inside_find(&l->inside, name + 1, &packed);

	if (!is_packed && root_exists(l->root, name))
		found(l->f, "files", GRADE_WARN, "%s is not in %s, and a server that asks who "
		      "we are may not let a capture in: " RENEW, name, l->image);
	else if (is_packed && is_other_now(l, name, &packed))
		found(l->f, "files", GRADE_WARN, "%s was changed after %s was made: " RENEW,
		      name, l->image);
}

static void check_files(struct look *l)
{
	for (unsigned i = 0; i < l->config->n_targets; i++)
		for (const char *const *at = target_files(l->config->targets[i]); *at; at++)
			check_file(l, *at);
}

/* ---- SSH -------------------------------------------------------------------- */

static void check_key(struct look *l)
{
	const char *key = l->config->ssh.key;
	struct inside_file file;

	if (!key[0])
		return;		/* config_check() says so */
	if (!inside_find(&l->inside, key + 1, &file))
		found(l->f, "ssh", GRADE_FAIL, "the key %s is not in %s: " RENEW, key,
		      l->image);
	else if (!memmem(file.data.at, file.data.len, "PRIVATE KEY", 11))
		found(l->f, "ssh", GRADE_FAIL, "%s in %s is not a private key: " RENEW, key,
		      l->image);
	else if (is_other_now(l, key, &file))
		found(l->f, "ssh", GRADE_WARN, "%s was changed after %s was made: " RENEW, key,
		      l->image);
	else
		found(l->f, "ssh", GRADE_OK, INSIDE " has the client and the key %s", key);
}

static void check_ssh(struct look *l)
{
	struct inside_file client;

	if (!config_needs(l->config, NEEDS_CLIENT) ||
	    !is_program(l, "ssh", SSH_PROGRAM + 1, &client))
		return;
	if (!inside_find(&l->inside, "etc/passwd", NULL))
		found(l->f, "ssh", GRADE_FAIL, "/etc/passwd is not in %s, and the client wants "
		      "one: " RENEW, l->image);
	else
		check_key(l);
}

void ready_inside(struct look *l)
{
	if (l->has_image)
		check_init(l);
	check_cmdline(l);
	check_config(l);
	if (l->has_image && l->has_config) {
		check_known(l);
		check_files(l);
		check_ssh(l);
	}
}
