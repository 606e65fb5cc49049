/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernel/btf_place: which member of its first argument a function touched at an offset. */
#include "kernel/btf_place.h"

#include "btf_table.h"

static void function(const char *s, const char *argument, uint32_t of)
{
	uint32_t proto = type("", FUNC_PROTO, argument ? 1 : 0, 0);

	if (argument) {
		word(name(argument));
		word(of);
	}
	type(s, FUNC, 1, proto);
}

/*
 * struct path { int mnt, dentry; };
 * struct file { int mode; union { struct path path; char raw[8]; }; struct path two[2];
 *		 int flag : 4; } of 40 bytes, the last of which nobody has
 */
static size_t fill(void)
{
	uint32_t whole, letter, path, raw, both, two, file;

	begin();
	whole = integer("int", 4);
	letter = integer("char", 1);
	path = type("path", STRUCT, 2, 8);
	member("mnt", whole, 0);
	member("dentry", whole, 32);
	raw = array(letter, whole, 8);
	two = array(path, whole, 2);
	both = type("", UNION, 2, 8);
	member("path", path, 0);
	member("raw", raw, 0);
	file = type("file", STRUCT | KFLAG, 4, 40);
	member("mode", whole, BITS(0, 0));
	member("", both, BITS(32, 0));
	member("two", two, BITS(96, 0));
	member("flag", whole, BITS(224, 4));
	function("vfs_llseek", "file", type("", PTR, 0, type("", CONST, 0, file)));
	function("by_value", "file", file);
	function("of_int", "n", type("", PTR, 0, whole));
	function("unnamed", "", type("", PTR, 0, file));
	function("nothing", NULL, 0);
	function("lost", "file", type("", PTR, 0, 0xffffff));
	function("loop", "p", t.n + 4);
	type("", PTR, 0, t.n + 1);
	type("broken", FUNC, 1, whole);
	return finish(24);
}

static const struct {
	const char *row, *function;
	uint32_t off;
	const char *text;	/* NULL: it cannot be told */
} rows[] = {
	{ "the first", "vfs_llseek", 0, "file->mode" },
	{ "in the middle of it", "vfs_llseek", 3, "file->mode" },
	{ "in what has no name", "vfs_llseek", 8, "file->path.dentry" },
	{ "of the second element", "vfs_llseek", 20, "file->two.mnt" },
	{ "a bit field", "vfs_llseek", 28, "file->flag" },
	{ "behind all members", "vfs_llseek", 36, NULL },
	{ "behind the structure", "vfs_llseek", 40, NULL },
	{ "far behind it", "vfs_llseek", UINT32_MAX, NULL },
	{ "not a pointer", "by_value", 0, NULL },
	{ "a pointer to no structure", "of_int", 0, NULL },
	{ "no name", "unnamed", 0, NULL },
	{ "no arguments", "nothing", 0, NULL },
	{ "a type that is not there", "lost", 0, NULL },
	{ "a pointer to itself", "loop", 0, NULL },
	{ "a function without a prototype", "broken", 0, NULL },
	{ "no such function", "vfs_read", 0, NULL },
};

int main(void)
{
	struct btf_text text;
	size_t len = fill();
	struct flat f;
	struct btf b;

	flat_open(&f, t.whole, len);
	T_CHECK("open", open_len(&b, &f, len));
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		bool ok = btf_argument_member(&b, rows[i].function, rows[i].off, &text);

		if (T_CHECK(rows[i].row, ok == (rows[i].text != NULL)) && ok)
			T_TEXT(rows[i].row, rows[i].text, text.s);
	}
	return t_done();
}
