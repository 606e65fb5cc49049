/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modules and what they depend on. Tables are searched from their front for each name: a
 * few dozen names are asked for.
 */
#include "kmod.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"

static bool ends_with(const struct blob *b, const char *end)
{
	size_t len = strlen(end);

	return b->len > len && !memcmp(b->at + b->len - len, end, len);
}

/* What is left of a path without folder and suffix. */
static struct blob stem(struct blob path)
{
	static const char *const suffixes[] = { ".ko", ".ko.xz", ".ko.zst", ".ko.gz" };
	const uint8_t *slash = memrchr(path.at, '/', path.len);

	if (slash) {
		path.len -= slash + 1 - path.at;
		path.at = (uint8_t *)slash + 1;
	}
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (ends_with(&path, suffixes[i])) {
			path.len -= strlen(suffixes[i]);
			break;
		}
	return path;
}

/* Files and people write '-' where the kernel has '_'. */
static char kernels(char c)
{
	return c == '-' ? '_' : c;
}

/* Is it the module that the kernel knows by that name? */
static bool is_named(struct blob path, const char *name)
{
	size_t i = 0;

	path = stem(path);
	while (i < path.len && name[i] && kernels(path.at[i]) == name[i])
		i++;
	return i == path.len && !name[i];
}

static void copy_name(struct blob path, char name[MODULE_NAME])
{
	size_t len;

	path = stem(path);
	len = path.len < MODULE_NAME ? path.len : MODULE_NAME - 1;
	for (size_t i = 0; i < len; i++)
		name[i] = kernels(path.at[i]);
	name[len] = '\0';
}

/* Its line of modules.dep: the path, and what stands behind the colon. */
static bool find_dep(const struct kmods *k, const char *name, struct blob *path,
		     struct blob *deps)
{
	struct blob at = k->dep;

	while (file_line(&at, deps)) {
		if (!file_word(deps, path) || path->at[path->len - 1] != ':')
			continue;
		path->len--;
		if (is_named(*path, name))
			return true;
	}
	return false;
}

bool kmod_list_has(struct blob list, const char *name)
{
	struct blob line, word;

	while (file_line(&list, &line))
		if (file_word(&line, &word) && is_named(word, name))
			return true;
	return false;
}

static bool was_asked(struct kmods *k, const char *name, struct err *e)
{
	*e = (struct err){ 0 };
	for (unsigned i = 0; i < k->n_asked; i++)
		if (!strcmp(k->asked[i], name))
			return true;
	if (k->n_asked == MAX_MODULES)
		return fail(e, E2BIG, "more than %u modules are needed", MAX_MODULES);
	snprintf(k->asked[k->n_asked++], MODULE_NAME, "%s", name);
	return false;
}

static bool emit(struct kmods *k, const struct blob *path, struct err *e)
{
	if (path->len >= MODULE_PATH)
		return fail(e, ENAMETOOLONG, "%s/modules.dep: a path of %zu characters",
			    k->dir, path->len);
	memcpy(k->paths[k->n], path->at, path->len);
	k->paths[k->n++][path->len] = '\0';
	return true;
}

static bool need(struct kmods *k, struct blob word, bool is_wish, struct err *e);

/* "softdep NAME pre: A B post: C": A and B are to be there before it. */
static bool need_soft(struct kmods *k, const char *name, struct err *e)
{
	struct blob at = k->softdep, line, word;

	while (file_line(&at, &line)) {
		bool pre = false;

		if (!file_word(&line, &word) || !blob_is(&word, "softdep") ||
		    !file_word(&line, &word) || !is_named(word, name))
			continue;
		while (file_word(&line, &word)) {
			if (word.at[word.len - 1] == ':')
				pre = blob_is(&word, "pre:");
			else if (pre && !need(k, word, true, e))
				return false;
		}
	}
	return true;
}

/* "alias crc32c crc32c_intel": a task that several modules do. */
static bool need_aliases(struct kmods *k, const char *name, struct err *e)
{
	struct blob at = k->alias, line, word;

	while (file_line(&at, &line)) {
		if (!file_word(&line, &word) || !blob_is(&word, "alias") ||
		    !file_word(&line, &word) || memchr(word.at, ':', word.len) ||
		    !is_named(word, name))
			continue;
		if (file_word(&line, &word) && !need(k, word, true, e))
			return false;
	}
	return true;
}

/*
 * What a device needs besides the driver that sysfs names for it: the module that makes its
 * interface (asked for with request_module(), where there is a modprobe), or that drives the
 * card of which it is a part. Nothing that depmod writes tells it.
 */
static const struct {
	const char *name, *asks_for;
} asking[] = {
	{ "mlx4_core", "mlx4_en" },
	{ "hns3", "hclge" },
	{ "hns3", "hclgevf" },
	{ "nicvf", "nicpf" },
	{ "rvu_nicpf", "rvu_af" },
};

static bool need_asked_for(struct kmods *k, const char *name, struct err *e)
{
	for (size_t i = 0; i < sizeof(asking) / sizeof(asking[0]); i++) {
		struct blob word = { (uint8_t *)asking[i].asks_for,
				     strlen(asking[i].asks_for) };

		if (!strcmp(asking[i].name, name) && !need(k, word, true, e))
			return false;
	}
	return true;
}

/* modules.dep names the whole closure, what must be loaded first standing last. */
static bool need_all(struct kmods *k, struct blob deps, struct err *e)
{
	struct blob first, rest = deps;

	if (!file_word(&rest, &first))
		return true;
	return need_all(k, rest, e) && need(k, first, false, e);
}

static bool need(struct kmods *k, struct blob word, bool is_wish, struct err *e)
{
	char name[MODULE_NAME];
	struct blob path, deps;

	copy_name(word, name);
	if (was_asked(k, name, e) || e->code)
		return !e->code;
	if (find_dep(k, name, &path, &deps))
		return need_soft(k, name, e) && need_all(k, deps, e) &&
		       emit(k, &path, e) && need_asked_for(k, name, e);
	if (kmod_list_has(k->builtin, name))
		return true;
	return is_wish ? need_aliases(k, name, e)
		       : fail(e, ENOENT, "%s has no module %s", k->dir, name);
}

bool kmod_need(struct kmods *k, const char *name, struct err *e)
{
	return need(k, (struct blob){ (uint8_t *)name, strlen(name) }, false, e);
}

bool kmod_wish(struct kmods *k, const char *name, bool *has, struct err *e)
{
	struct blob path, deps;

	*has = find_dep(k, name, &path, &deps) || kmod_list_has(k->builtin, name);
	return !*has || kmod_need(k, name, e);
}

bool kmod_open(struct kmods *k, struct arena *a, const char *dir, struct err *e)
{
	const struct { const char *name; struct blob *to; } tables[] = {
		{ "modules.softdep", &k->softdep }, { "modules.alias", &k->alias },
		{ "modules.builtin", &k->builtin },
	};
	char path[MODULE_PATH];

	k->dir = dir;
	k->n = k->n_asked = 0;
	snprintf(path, sizeof(path), "%s/modules.dep", dir);
	if (!file_load(a, path, &k->dep, e))
		return e->code == ENOENT
		       ? fail(e, ENOENT, "%s: not there (run depmod for this kernel, or give "
			      "another --modules)", path)
		       : false;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, tables[i].name);
		if (!file_load_if_there(a, path, tables[i].to, e))
			return false;
	}
	return true;
}

bool kmod_file_name(const char *path, char name[MODULE_NAME])
{
	const char *base = strrchr(path, '/');
	const char *suffix;

	base = base ? base + 1 : path;
	suffix = strstr(base, ".ko");
	if (!suffix || suffix + 3 - base >= MODULE_NAME ||
	    (strcmp(suffix, ".ko") && strcmp(suffix, ".ko.xz") && strcmp(suffix, ".ko.zst") &&
	     strcmp(suffix, ".ko.gz")))
		return false;
	snprintf(name, MODULE_NAME, "%.*s", (int)(suffix + 3 - base), base);
	return true;
}
