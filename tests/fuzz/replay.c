/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands in for libFuzzer where only gcc is: runs a target over seeds, and over
 * mutations of them that are the same in every run.
 *
 *	TARGET PATH... [--once PATH...]		files or folders; --once: no mutations of these
 *	TARGET --bin FOLDER PATH...		writes them there as libFuzzer takes them
 *	TARGET --pack FILE LEN FOLDER		of the files in there the smallest, LEN bytes
 *						in all, but for slow ones, as one file
 *
 * A file whose name ends in .hex is text: "OFFSET: XX XX ..." lines, hex, gaps are zero; one
 * that ends in .pack is many inputs, each behind its length in 32 bits.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bytes.h"

#define SEED_MAX (1 << 20)
#define N_MUTATIONS 300
#define N_FILES 20000
#define SLOW_S 0.1	/* of a CPU: all of a corpus is to be a blink */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned n_runs;
static int once;		/* no mutations */
static const char *bin;		/* folder to write to, in place of running */

static void run(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);	/* its end is watched */

	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	n_runs++;
}

static size_t from_hex(const char *text, uint8_t *to)
{
	size_t end = 0;

	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line != 0) {
		char *at;
		size_t off = strtoul(line, &at, 16);

		if (*at++ != ':')
			continue;
		while (off < SEED_MAX && *at == ' ' && at[1] > ' ') {
			to[off++] = strtoul(at, &at, 16);
			end = off > end ? off : end;
		}
	}
	return end;
}

static void mutate(const uint8_t *seed, size_t size)
{
	static const uint64_t numbers[] = {
		0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
		0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff,
	};
	uint64_t x = size * 0x9e3779b97f4a7c15 + 1;
	uint8_t *copy = malloc(size + 8);

	for (int i = 0; i < N_MUTATIONS && size; i++) {
		size_t len = size;

		memcpy(copy, seed, size);
		for (int n = i % 5; n >= 0; n--) {
			size_t at, width;

			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			at = (x >> 8) % size;
			width = 1U << (x & 3);
			if ((x >> 4 & 3) == 0)
				len = at;
			else if ((x >> 4 & 3) == 1)
				copy[at] ^= 1 << (x >> 61);
			else
				memcpy(copy + at, &numbers[(x >> 40) % 12], width);
		}
		run(copy, len);
	}
	free(copy);
}

static void write_file(const char *path, const char *mode, const void *data, size_t size)
{
	FILE *to = fopen(path, mode);

	if (!to || fwrite(data, 1, size, to) != size || fclose(to)) {
		perror(path);
		exit(1);
	}
}

static void input(const char *path, unsigned nr, const uint8_t *data, size_t size)
{
	const char *name = strrchr(path, '/');
	char to[4096];

	if (bin) {
		snprintf(to, sizeof(to), "%s/%s.%u", bin, name ? name + 1 : path, nr);
		write_file(to, "w", data, size);
		return;
	}
	run(data, size);
	if (!once)
		mutate(data, size);
}

static size_t load(const char *path, uint8_t *raw)
{
	FILE *in = fopen(path, "rb");
	size_t size;

	if (!in) {
		perror(path);
		exit(1);
	}
	memset(raw, 0, SEED_MAX);
	size = fread(raw, 1, SEED_MAX - 1, in);
	fclose(in);
	return size;
}

static int ends_in(const char *path, const char *end)
{
	size_t len = strlen(path), end_len = strlen(end);

	return len > end_len && strcmp(path + len - end_len, end) == 0;
}

static void replay(const char *path)
{
	static uint8_t raw[SEED_MAX], data[SEED_MAX + 1];
	size_t size = load(path, raw);
	unsigned nr = 0;

	if (ends_in(path, ".pack")) {
		for (size_t at = 0, len; at + 4 <= size; at += len) {
			len = get_u32(raw + at);
			at += 4;
			if (len > size - at) {
				fprintf(stderr, "%s: is cut\n", path);
				exit(1);
			}
			input(path, nr++, raw + at, len);
		}
	} else if (ends_in(path, ".hex")) {
		memset(data, 0, sizeof(data));
		input(path, 0, data, from_hex((char *)raw, data));
	} else {
		input(path, 0, raw, size);
	}
}

/* Calls fn for a file, or for each in a folder. */
static void each(const char *path, void (*fn)(const char *path))
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	char name[4096];

	if (!dir) {
		fn(path);
		return;
	}
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		fn(name);
	}
	closedir(dir);
}

/* ---- --pack ---- */

static struct candidate {
	char *path;
	size_t size;
} files[N_FILES];
static unsigned n_files;

static void note(const char *path)
{
	static uint8_t raw[SEED_MAX];

	if (n_files < N_FILES)
		files[n_files++] = (struct candidate){ strdup(path), load(path, raw) };
}

/* By name where sizes are the same, so that the same folder makes the same file. */
static int by_size(const void *a, const void *b)
{
	const struct candidate *one = a, *other = b;

	if (one->size != other->size)
		return one->size < other->size ? -1 : 1;
	return strcmp(one->path, other->path);
}

static int pack(const char *to, size_t room, const char *folder)
{
	static uint8_t raw[SEED_MAX];
	unsigned n = 0;

	each(folder, note);
	qsort(files, n_files, sizeof(files[0]), by_size);
	write_file(to, "w", "", 0);
	for (unsigned i = 0; i < n_files && files[i].size + 4 <= room; i++) {
		size_t size = load(files[i].path, raw);
		clock_t begun = clock();
		uint8_t head[4];

		run(raw, size);
		if (clock() - begun > SLOW_S * CLOCKS_PER_SEC)
			continue;
		put_u32(head, size);
		write_file(to, "a", head, sizeof(head));
		write_file(to, "a", raw, size);
		room -= size + 4;
		n++;
	}
	printf("%s: %u of %u inputs\n", to, n, n_files);
	return n ? 0 : 1;
}

int main(int argc, char **argv)
{
	int i = 1;

	if (argc == 5 && strcmp(argv[1], "--pack") == 0)
		return pack(argv[2], strtoul(argv[3], NULL, 0), argv[4]);
	if (argc > 2 && strcmp(argv[1], "--bin") == 0) {
		bin = argv[2];
		i = 3;
	} else {
		run((const uint8_t *)"", 0);
	}
	for (; i < argc; i++)
		if (strcmp(argv[i], "--once") == 0)
			once = 1;
		else
			each(argv[i], replay);
	if (bin)
		return 0;
	printf("%u inputs\n", n_runs);
	return n_runs > 1 ? 0 : 1;
}
