/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb decrypt: a file that was saved encrypted, or all of a folder's, in the clear. */
#include "verb.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "crypt/age.h"
#include "crypt/hybrid_open.h"
#include "inspect.h"
#include "targets/crash_files.h"

#define KEY_FILE_MAX 16384
#define KEYS_MAX 16
#define CUT_OFF "%s: it is cut off or damaged behind %llu bytes"

struct decrypting {
	struct age_identity keys[KEYS_MAX];
	unsigned n_keys;
	uint8_t chunk[AGE_SEALED_CHUNK + 1];
	unsigned n_done, n_cut;
};

struct decrypt_words {
	const char *identity;
};

static bool read_key(const char *text, struct age_identity *key, struct err *e)
{
	return !strncmp(text, "AGE-SECRET-KEY-PQ-", 18) ? hybrid_identity_parse(text, key, e)
							: age_identity_parse(text, key, e);
}

/* Lines of it that are none of a comment are keys. */
static bool read_keys(struct decrypting *d, const char *path, struct err *e)
{
	char text[KEY_FILE_MAX];
	char *at, *next = text;

	if (!read_text(path, text, sizeof(text), e))
		return false;
	while ((at = strsep(&next, "\r\n"))) {
		if (!at[0] || at[0] == '#')
			continue;
		if (d->n_keys == KEYS_MAX)
			return fail(e, EINVAL, "%s: more than %u keys", path, KEYS_MAX);
		if (!read_key(at, &d->keys[d->n_keys++], e))
			return within(e, "%s", path);
	}
	age_wipe(text, sizeof(text));
	return d->n_keys || fail(e, EINVAL, "%s: no key is in it", path);
}

/* As many bytes as there are, up to len. */
static bool fill(int fd, uint8_t *to, size_t len, size_t *n_ret, const char *path,
		 struct err *e)
{
	size_t n = 0;

	while (n < len) {
		ssize_t got = read(fd, to + n, len - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(e, errno, "%s: cannot read: %s", path, strerror(errno));
		if (!got)
			break;
		n += got;
	}
	*n_ret = n;
	return true;
}

static bool open_header(struct decrypting *d, int fd, struct age_payload *payload,
			const char *path, struct err *e)
{
	size_t n, len;
	bool ok = false;

	if (!fill(fd, d->chunk, AGE_HEADER_READ_MAX, &n, path, e))
		return false;
	for (unsigned i = 0; i < d->n_keys && !ok; i++) {
		ok = age_open(d->chunk, n, &d->keys[i], payload, &len, e);
		if (!ok && e->code != EACCES)
			break;
	}
	if (!ok)
		return within(e, "%s", path);
	return lseek(fd, len, SEEK_SET) == (off_t)len ||
	       fail(e, errno, "%s: cannot be read from %zu on", path, len);
}

/*
 * A whole chunk opens also where the file ends behind it though it is not the last one, or
 * goes on though it is: nothing is known of what would come, but what it holds is true.
 */
static bool unseal(struct decrypting *d, const struct age_payload *payload, uint64_t nr,
		   bool *is_last, size_t n)
{
	if (age_unseal(payload, nr, *is_last, d->chunk, n))
		return !*is_last || n > AGE_TAG || !nr;
	*is_last = !*is_last;
	return n == AGE_SEALED_CHUNK && age_unseal(payload, nr, *is_last, d->chunk, n);
}

/* Chunk by chunk, up to where it was cut off, or damaged. */
static bool open_chunks(struct decrypting *d, int from, int to, struct age_payload *payload,
			const char *path, struct err *e)
{
	size_t n, have = 0;

	/* One byte more tells whether a full chunk is the last one. */
	for (uint64_t nr = 0;; nr++) {
		bool at_end, is_last;

		if (!fill(from, d->chunk + have, sizeof(d->chunk) - have, &n, path, e))
			return false;
		have += n;
		is_last = at_end = have <= AGE_SEALED_CHUNK;
		n = at_end ? have : AGE_SEALED_CHUNK;
		if (!unseal(d, payload, nr, &is_last, n))
			return fail(e, ENODATA, CUT_OFF, path,
				    (unsigned long long)nr * AGE_CHUNK);
		if (!write_all(to, d->chunk, n - AGE_TAG, path, e))
			return false;
		if (is_last != at_end)
			return fail(e, ENODATA, CUT_OFF, path,
				    (unsigned long long)(nr + 1) * AGE_CHUNK);
		if (is_last)
			return true;
		d->chunk[0] = d->chunk[AGE_SEALED_CHUNK];
		have = 1;
	}
}

/* Beside it, without ".age". What is cut off stays, as far as it goes. */
static bool decrypt_file(struct decrypting *d, const char *path, struct err *e)
{
	char plain[4096];
	cleanup_fd int from = open(path, O_RDONLY | O_CLOEXEC), to = -1;
	struct age_payload payload;
	size_t len = crash_file_plain(path, plain, sizeof(plain));
	bool ok;

	if (from < 0)
		return fail(e, errno, "%s: cannot open: %s", path, strerror(errno));
	if (!path[len] || len >= sizeof(plain))
		return fail(e, EINVAL, "%s: its name does not end with " CRASH_SEALED, path);
	if (!open_header(d, from, &payload, path, e))
		return false;
	to = open(plain, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (to < 0)
		return fail(e, errno, "%s: cannot create: %s", plain,
			    errno == EEXIST ? "it is already there" : strerror(errno));
	ok = open_chunks(d, from, to, &payload, path, e);
	age_wipe(&payload, sizeof(payload));
	if (ok && fsync(to))
		ok = fail(e, errno, "%s: not all of it reached the disk: %s", plain,
			  strerror(errno));
	if (!ok && e->code == ENODATA) {
		log_info("%s", e->text);
		d->n_cut++;
		return true;
	}
	if (!ok)
		unlink(plain);
	d->n_done += ok;
	return ok;
}

/* The whole manifest takes the place of the small one, which is about the same. */
static bool small_manifest_stays(const char *folder, const char *name)
{
	char plain[256], path[4096];

	crash_file_plain(name, plain, sizeof(plain));
	snprintf(path, sizeof(path), "%s/%s", folder, plain);
	return !strcmp(plain, crash_files[CRASH_MANIFEST].name) && !access(path, F_OK) &&
	       unlink(path);
}

static bool decrypt_folder(struct decrypting *d, const char *path, struct err *e)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	char name[4096], plain[256];
	bool ok = true, any = false;

	if (!dir)
		return fail(e, errno, "%s: cannot open: %s", path, strerror(errno));
	while (ok && (entry = readdir(dir))) {
		if (!entry->d_name[crash_file_plain(entry->d_name, plain, sizeof(plain))])
			continue;
		any = true;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		if (small_manifest_stays(path, entry->d_name))
			ok = fail(e, errno, "%s: the manifest cannot be replaced", path);
		ok = ok && decrypt_file(d, name, e);
	}
	closedir(dir);
	return ok && (any || fail(e, ENOENT, "%s: nothing that ends with " CRASH_SEALED
				  " is in it", path));
}

static const struct option_row options[] = {
	OPTION_TEXT("identity", "FILE", struct decrypt_words, identity, .letter = 'i',
		.help = "the key, as age-keygen writes it: lines of AGE-SECRET-KEY-..."),
	OPTION_END
};

static int run(int argc, char **argv)
{
	struct decrypt_words w = { .identity = NULL };
	struct decrypting d = { .n_keys = 0 };
	struct operands words;
	struct stat st;
	struct err e;
	bool ok;

	if (!verb_options(&verb_decrypt, &w, argc, argv, &words))
		return 1;
	if (words.n != 1 || !w.identity)
		return usage("decrypt takes -i KEY and a FILE or a folder");
	ok = read_keys(&d, w.identity, &e);
	if (ok && stat(words.words[0], &st))
		ok = fail(&e, errno, "%s: %s", words.words[0], strerror(errno));
	ok = ok && (S_ISDIR(st.st_mode) ? decrypt_folder(&d, words.words[0], &e)
					: decrypt_file(&d, words.words[0], &e));
	age_wipe(d.keys, sizeof(d.keys));
	if (!ok)
		log_info("%s", e.text);
	return !ok ? 1 : d.n_cut ? 2 : 0;
}

const struct verb verb_decrypt = {
	.name = "decrypt",
	.operands = "-i KEY FILE.age|FOLDER",
	.summary = "what was saved encrypted, in the clear beside it",
	.options = options,
	.about =
"Each file NAME.age becomes NAME, which must not be there. The dump is then a flattened one.\n",
	.more =
"Exit status: 0 whole, 1 failed, 2 cut off: what came before that is there.\n",
	.run = run,
};
