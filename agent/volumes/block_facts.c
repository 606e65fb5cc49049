/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a disk is known by. Labels: LVM's in one of the first four sectors (lib/label/label.h
 * of LVM2), md's superblock 1.x at 0, at 4 KiB or 8 KiB before the end (Linux
 * include/uapi/linux/raid/md_p.h), LUKS' header at 0 (its on-disk format, version 2).
 */
#include "block_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "base/numbers.h"

#define MD_MAGIC 0xa92b4efc
#define SECTOR 512
#define MD_1_0_END 8192		/* at least that far before the end, aligned to 4 KiB */

static const char *const word_names[] = { "pv", "md", "member", "luks", "wwn", "serial" };
#define N_WORDS (sizeof(word_names) / sizeof(word_names[0]))

static char *word_of(struct block_facts *f, size_t i, size_t *size)
{
	char *const words[N_WORDS] = { f->pv, f->md, f->member, f->luks, f->wwn, f->serial };
	static const size_t sizes[N_WORDS] = {
		sizeof(f->pv), sizeof(f->md), sizeof(f->member), sizeof(f->luks),
		sizeof(f->wwn), sizeof(f->serial),
	};

	*size = sizes[i];
	return words[i];
}

static const char *const_word(const struct block_facts *f, size_t i)
{
	size_t ignored;

	return word_of((struct block_facts *)f, i, &ignored);
}

/* Letters that are one word in the text; what is none of them is left out. */
static void take_word(char *to, size_t size, const char *from, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len && from[i] && n < size - 1; i++)
		if (from[i] > ' ' && from[i] <= '~' && from[i] != '=')
			to[n++] = from[i];
	to[n] = '\0';
}

static bool take_md(struct block_facts *f, const uint8_t *sb, unsigned minor)
{
	if (get_u32(sb) != MD_MAGIC || get_u32(sb + 4) != 1)
		return false;
	format_hex(f->md, sb + 16, 16);
	format_hex(f->member, sb + 168, 16);
	f->minor_version = minor;
	return true;
}

void block_facts_parse(struct block_facts *f, const uint8_t *head, const uint8_t *end)
{
	if (take_md(f, head, 1) || take_md(f, head + 4096, 2) ||
	    (end && take_md(f, end, 0)))
		return;		/* below it may stand what was there before */
	for (unsigned i = 0; i < 4; i++) {
		const uint8_t *label = head + i * SECTOR;

		if (memcmp(label, "LABELONE", 8) || memcmp(label + 24, "LVM2 001", 8) ||
		    get_u32(label + 20) > SECTOR - 32)
			continue;
		take_word(f->pv, sizeof(f->pv), (const char *)label + get_u32(label + 20), 32);
		return;
	}
	if (!memcmp(head, "LUKS\xba\xbe", 6))
		take_word(f->luks, sizeof(f->luks), (const char *)head + 168, 40);
}

/* ---- of a device ------------------------------------------------------------ */

static bool sys_word(char *to, size_t size, const char *folder, const char *file)
{
	char path[PATH_MAX], text[256];
	struct err ignored;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	if (!read_text(path, text, sizeof(text), &ignored))
		return false;
	take_word(to, size, text, sizeof(text));
	return to[0];
}

/* By the disk's folder; a partition's is one below it. */
static void ask_sysfs(struct block_facts *f, const char *root, const char *name)
{
	char link[PATH_MAX], folder[PATH_MAX], number[24] = "";

	snprintf(link, sizeof(link), "%s/sys/class/block/%s", root, name);
	if (!realpath(link, folder))
		return;
	if (sys_word(number, sizeof(number), folder, "partition")) {
		f->part = strtoul(number, NULL, 10);
		*strrchr(folder, '/') = '\0';
	}
	if (!sys_word(f->wwn, sizeof(f->wwn), folder, "wwid"))
		sys_word(f->wwn, sizeof(f->wwn), folder, "device/wwid");
	if (!f->wwn[0] && !sys_word(f->serial, sizeof(f->serial), folder, "serial"))
		sys_word(f->serial, sizeof(f->serial), folder, "device/serial");
}

bool block_facts_read(struct block_facts *f, const char *root, const char *name,
		      struct err *e)
{
	uint8_t head[FACTS_HEAD], end[256];
	char path[PATH_MAX];
	cleanup_fd int fd = -1;
	off_t len, at;
	bool has_end;

	memset(f, 0, sizeof(*f));
	snprintf(path, sizeof(path), "%s/dev/%s", root, name);
	for (char *c = path + strlen(root) + 5; *c; c++)
		if (*c == '!')
			*c = '/';
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(e, errno, "%s: cannot be opened: %s", path, strerror(errno));
	if (!pread_all(fd, head, sizeof(head), 0, path, e))
		return false;
	len = lseek(fd, 0, SEEK_END);
	at = (len - MD_1_0_END) & ~4095LL;
	has_end = at >= FACTS_HEAD && pread_all(fd, end, sizeof(end), at, path, e);
	block_facts_parse(f, head, has_end ? end : NULL);
	f->sectors = len / SECTOR;
	ask_sysfs(f, root, name);
	return true;
}

/* ---- as words --------------------------------------------------------------- */

bool block_facts_suffice(const struct block_facts *f)
{
	for (size_t i = 0; i < N_WORDS; i++)
		if (const_word(f, i)[0])
			return true;
	return false;
}

/* What programs have written on it, which come first in word_of(). */
#define N_WRITTEN 4

/*
 * A disk that was enlarged meanwhile is the same one. What the hardware says may be silent
 * under another kernel, where something is written on the disk that it is known by.
 */
bool block_facts_match(const struct block_facts *wanted, const struct block_facts *is)
{
	bool is_known = false;

	for (size_t i = 0; i < N_WORDS; i++) {
		const char *want = const_word(wanted, i), *has = const_word(is, i);

		if (*want && strcmp(want, has) && (i < N_WRITTEN || *has || !is_known))
			return false;
		is_known |= *want && i < N_WRITTEN;
	}
	return wanted->sectors <= is->sectors && wanted->part == is->part;
}

void block_facts_format(const struct block_facts *f, char text[FACT_TEXT])
{
	size_t len = snprintf(text, FACT_TEXT, "sectors=%llu", (unsigned long long)f->sectors);

	for (size_t i = 0; i < N_WORDS; i++)
		if (const_word(f, i)[0])
			len += snprintf(text + len, FACT_TEXT - len, " %s=%s", word_names[i],
					const_word(f, i));
	if (f->part)
		snprintf(text + len, FACT_TEXT - len, " part=%u", f->part);
}

bool block_facts_take(struct block_facts *f, const char *word, struct err *e)
{
	size_t len = strcspn(word, "="), size;
	const char *value = word[len] ? word + len + 1 : word + len;
	unsigned long long number = strtoull(value, NULL, 10);

	for (size_t i = 0; i < N_WORDS; i++) {
		char *to = word_of(f, i, &size);

		if (strlen(word_names[i]) != len || strncmp(word, word_names[i], len))
			continue;
		if (!*value || strlen(value) >= size)
			return fail(e, EINVAL, "'%s' is not such a word", word);
		strcpy(to, value);
		return true;
	}
	if (!strncmp(word, "sectors=", 8) && number)
		f->sectors = number;
	else if (!strncmp(word, "part=", 5) && number && number < 1000)
		f->part = number;
	else
		return fail(e, EINVAL, "'%s' is nothing that a disk is known by", word);
	return true;
}
