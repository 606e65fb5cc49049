/* SPDX-License-Identifier: GPL-2.0-or-later */
/* image/inside: archives that were cut or lie, or stand one behind the other. */
#include "image/inside.h"

#include "base/arena.h"
#include "base/err.h"
#include "folder.h"
#include "image/pack.h"
#include "t.h"

static size_t add_file(char *to, const char *name, const char *data)
{
	size_t n = sprintf(to, "070701%048x%08zx%032x%08zx%08x", 0, strlen(data), 0,
			   strlen(name) + 1, 0);

	strcpy(to + n, name);
	n += strlen(name) + 1;
	while (n % 4)
		to[n++] = '\0';
	memcpy(to + n, data, strlen(data));
	n += strlen(data);
	while (n % 4)
		to[n++] = '\0';
	return n;
}

static bool find(void *archive, size_t len, struct inside_file *f)
{
	const struct inside in = { { archive, len }, "" };

	return inside_find(&in, "modules/order", f);
}

static void check_archive(void)
{
	static const char order[] = "a.ko\nb.ko\n";
	char archive[2048];
	struct inside_file f;
	size_t len;

	len = add_file(archive, "init", "binary");
	len += add_file(archive + len, "modules/order", order);
	T_CHECK("the second file", find(archive, len, &f));
	T_EQUAL("the second file", strlen(order), f.data.len);
	T_CHECK("the second file", !memcmp(f.data.at, order, f.data.len));
	/* Two zeroes that fill up the last word are nobody's. */
	for (size_t cut = 0; cut < len - 2; cut++) {
		uint8_t *exact = malloc(cut ? cut : 1);

		memcpy(exact, archive, cut);
		T_CHECK("cut off", !find(exact, cut, &f));
		free(exact);
	}
	memcpy(archive + 54, "ffffffff", 8);
	T_CHECK("a file of 4 GiB", !find(archive, len, &f));
	memcpy(archive + 54, "00000006", 8);
	memcpy(archive + 94, "ffffffff", 8);
	T_CHECK("a name of 4 GiB", !find(archive, len, &f));
}

static void check_release(void)
{
	static const char long_one[] = "vermagic=0123456789012345678901234567890123456789012345"
				       "678901234567890123456789";
	static const struct {
		const char *row, *name, *data, *wanted;
	} rows[] = {
		{ "a module", "modules/a.ko", "ELF vermagic=6.1.0-56 SMP", "6.1.0-56" },
		{ "to the end of the file", "modules/a.ko", "vermagic=6", "6" },
		{ "nothing behind it", "modules/a.ko", "vermagic=", "" },
		{ "no module", "init", "vermagic=6.1.0-56", "" },
		{ "does not tell", "modules/order", "a.ko", "" },
		{ "too long", "modules/a.ko", long_one,
		  "0123456789012345678901234567890123456789012345678901234567890123" },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		char archive[1024], release[RELEASE_MAX] = "left";
		size_t len = add_file(archive, rows[i].name, rows[i].data);

		len += add_file(archive + len, "modules/order", "a.ko\n");
		inside_release(&(struct inside){ { (uint8_t *)archive, len }, "" }, release);
		T_CHECK(rows[i].row, !strcmp(release, rows[i].wanted));
	}
}

/* Two archives, the first one packed: the second one's file counts, and zeroes do not. */
static void check_several(const char *codec, const char *codecs)
{
	char one[1024], two[1024];
	const char *path = at("image");
	struct blob plain = { (uint8_t *)one, 0 }, packed;
	struct inside_file f;
	struct inside in;
	struct arena a;
	struct err e;
	FILE *to;

	T_CHECK(codec, arena_init(&a, 512u << 20, &e));
	plain.len = add_file(one, "init", "binary");
	plain.len += add_file(one + plain.len, "etc/crashbox.conf", "first");
	plain.len += add_file(one + plain.len, "TRAILER!!!", "");
	packed = plain;
	T_CHECK(codec, pack(codec, &packed, &a, &e));
	to = fopen(path, "w");
	fwrite(packed.at, packed.len, 1, to);
	fwrite("\0\0\0\0\0\0\0\0", 8, 1, to);
	fwrite(two, add_file(two, "etc/crashbox.conf", "second"), 1, to);
	fwrite(two, add_file(two, "TRAILER!!!", ""), 1, to);
	fclose(to);
	T_CHECK(codec, inside_open(&in, path, &a, &e));
	T_CHECK(codec, !strcmp(in.codecs, codecs));
	T_CHECK(codec, inside_find(&in, "etc/crashbox.conf", &f) && f.data.len == 6 &&
		!memcmp(f.data.at, "second", 6));
	T_CHECK(codec, inside_find(&in, "init", &f) && f.data.len == 6);
	T_CHECK(codec, !inside_find(&in, "modules/order", NULL));
	arena_deinit(&a);
}

/* The kernel takes any number, and what was not looked at is not known. */
static void check_many(unsigned n, bool wanted)
{
	char one[1024];
	size_t len = add_file(one, "init", "binary");
	FILE *to = fopen(at("image"), "w");
	struct inside in;
	struct arena a;
	struct err e;

	len += add_file(one + len, "TRAILER!!!", "");
	while (n--)
		fwrite(one, len, 1, to);
	fclose(to);
	T_CHECK("many archives", arena_init(&a, 512u << 20, &e));
	T_CHECK("many archives", inside_open(&in, at("image"), &a, &e) == wanted);
	T_CHECK("many archives", wanted || strstr(e.text, "more than 16 archives"));
	arena_deinit(&a);
}

int main(void)
{
	if (!mkdtemp(root))
		return 1;
	check_archive();
	check_release();
	check_several("zstd", "zstd none");
	check_several("gzip", "gzip none");
	check_several("none", "none");
	check_many(16, true);
	check_many(17, false);
	unlink(at("image"));
	rmdir(root);
	return t_done();
}
