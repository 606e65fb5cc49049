/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file about what was loaded. "key value" lines; /run does not outlive the kernel
 * that the image was loaded into.
 */
#include "loaded.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "base/numbers.h"

bool file_fact(struct file_fact *f, const char *path, struct err *e)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	uint8_t buf[16384], digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx sha;
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st))
		return fail(e, errno, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(e, EINVAL, "%s: not a file", path);
	snprintf(f->path, sizeof(f->path), "%s", path);
	f->size = st.st_size;
	sha256_init(&sha);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		sha256_update(&sha, n, buf);
	if (n < 0)
		return fail(e, errno, "%s: cannot read: %s", path, strerror(errno));
	sha256_digest(&sha, sizeof(digest), digest);
	format_hex(f->sha256, digest, sizeof(digest));
	return true;
}

bool loaded_write(const struct loaded *l, const char *root, struct err *e)
{
	char dir[HOST_PATH_MAX], path[HOST_PATH_MAX], text[LOADED_TEXT];
	cleanup_fd int fd = -1;
	int len;

	if (!root_path(dir, root, LOADED_DIR, e) || !root_path(path, root, LOADED_FILE, e))
		return false;
	len = snprintf(text, sizeof(text),
		       "kernel %s\nkernel_size %" PRIu64 "\nkernel_sha256 %s\n"
		       "image %s\nimage_size %" PRIu64 "\nimage_sha256 %s\n"
		       "how %s\nwhen %" PRId64 "\ncmdline %s\n",
		       l->kernel.path, l->kernel.size, l->kernel.sha256,
		       l->initrd.path, l->initrd.size, l->initrd.sha256,
		       l->how, l->when, l->cmdline);
	if (l->keys_sha256[0])
		len += snprintf(text + len, sizeof(text) - len, "keys_sha256 %s\n",
				l->keys_sha256);
	if (mkdir(dir, 0755) && errno != EEXIST)
		return fail(e, errno, "%s: cannot make it: %s", dir, strerror(errno));
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return fail(e, errno, "%s: cannot write: %s", path, strerror(errno));
	return write_all(fd, text, len, path, e);
}

static void set(struct loaded *l, const char *key, const char *value)
{
	static const struct { const char *key; size_t at, size; } texts[] = {
#define TEXT(key, member) { key, offsetof(struct loaded, member), \
			    sizeof(((struct loaded *)0)->member) }
		TEXT("kernel", kernel.path), TEXT("kernel_sha256", kernel.sha256),
		TEXT("image", initrd.path), TEXT("image_sha256", initrd.sha256),
		TEXT("how", how), TEXT("cmdline", cmdline),
		TEXT("keys_sha256", keys_sha256),
#undef TEXT
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!strcmp(key, texts[i].key))
			snprintf((char *)l + texts[i].at, texts[i].size, "%s", value);
	if (!strcmp(key, "kernel_size"))
		l->kernel.size = strtoull(value, NULL, 10);
	if (!strcmp(key, "image_size"))
		l->initrd.size = strtoull(value, NULL, 10);
	if (!strcmp(key, "when"))
		l->when = strtoll(value, NULL, 10);
}

bool loaded_read(struct loaded *l, const char *root, struct err *e)
{
	char text[LOADED_TEXT], *rest = text, *line;

	memset(l, 0, sizeof(*l));
	if (!root_read(root, LOADED_FILE, text, sizeof(text), e))
		return false;
	while ((line = strsep(&rest, "\n"))) {
		char *value = strchr(line, ' ');

		if (!value)
			continue;
		*value++ = '\0';
		set(l, line, value);
	}
	if (!l->kernel.path[0] || !l->initrd.path[0])
		return fail(e, EINVAL, "%s%s: not what `crashbox load` writes", root,
			    LOADED_FILE);
	return true;
}

void loaded_forget(const char *root)
{
	char path[HOST_PATH_MAX];
	struct err ignored;

	if (root_path(path, root, LOADED_FILE, &ignored))
		unlink(path);
	if (root_path(path, root, LOADED_IMAGE, &ignored))
		unlink(path);
}

void loaded_keep(const char *root, const char *image)
{
	char path[HOST_PATH_MAX];
	struct err ignored;
	struct stat a, b;

	if (!root_path(path, root, LOADED_IMAGE, &ignored) ||
	    (!stat(path, &a) && !stat(image, &b) && a.st_ino == b.st_ino &&
	     a.st_dev == b.st_dev))
		return;
	unlink(path);
	/* Not to another file system, and not of a file that others own: then there is none. */
	if (link(image, path))
		unlink(path);
}

bool file_is_still(const struct file_fact *then, const char *path)
{
	struct file_fact now;
	struct err ignored;

	return file_fact(&now, path, &ignored) && now.size == then->size &&
	       !strcmp(now.sha256, then->sha256);
}

bool loaded_image(const struct loaded *l, const char *root, char path[HOST_PATH_MAX])
{
	struct err ignored;

	if (file_is_still(&l->initrd, l->initrd.path))
		return root_path(path, "", l->initrd.path, &ignored);
	return root_path(path, root, LOADED_IMAGE, &ignored) &&
	       file_is_still(&l->initrd, path);
}
