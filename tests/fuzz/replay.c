/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands in for libFuzzer where only gcc is: runs a target over seeds, and over
 * mutations of them that are the same in every run. Arguments: files or folders. A seed
 * whose name ends in .hex is text: "OFFSET: XX XX ..." lines, hex, gaps are zero.
 * With libFuzzer: clang -fsanitize=fuzzer,address,undefined and no replay.c.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEED_MAX (1 << 20)
#define N_MUTATIONS 300

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned n_runs;

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

static void replay(const char *path)
{
	static uint8_t raw[SEED_MAX], data[SEED_MAX + 1];
	size_t len = strlen(path), size;
	FILE *in = fopen(path, "rb");

	if (!in) {
		perror(path);
		exit(1);
	}
	memset(data, 0, sizeof(data));
	memset(raw, 0, sizeof(raw));
	size = fread(raw, 1, SEED_MAX - 1, in);
	fclose(in);
	if (len > 4 && strcmp(path + len - 4, ".hex") == 0)
		size = from_hex((char *)raw, data);
	else
		memcpy(data, raw, size);
	run(data, size);
	mutate(data, size);
}

int main(int argc, char **argv)
{
	run((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++) {
		DIR *dir = opendir(argv[i]);
		struct dirent *entry;
		char path[4096];

		if (!dir) {
			replay(argv[i]);
			continue;
		}
		while ((entry = readdir(dir))) {
			if (entry->d_name[0] == '.')
				continue;
			snprintf(path, sizeof(path), "%s/%s", argv[i], entry->d_name);
			replay(path);
		}
		closedir(dir);
	}
	printf("%u inputs\n", n_runs);
	return n_runs > 1 ? 0 : 1;
}
