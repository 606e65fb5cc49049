/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernel/btf_text: how types and functions are written, and that circles come to an end. */
#include <time.h>

#include "btf_table.h"
#include "kernel/btf_text.h"

/* Ids of what fill() made. */
static struct {
	uint32_t file, chars, pc, cp, rows, fn, fns, fn_fn, loop, noname, tagged, enumeration;
	uint32_t volatile_int, esc;
} id;

static void parameter(const char *s, uint32_t of)
{
	word(name(s));
	word(of);
}

static void fill_functions(uint32_t char_id, uint32_t size)
{
	uint32_t proto, file_ptr = type("", PTR, 0, id.file);
	uint32_t chars = type("", PTR, 0, char_id);

	proto = type("", FUNC_PROTO, 3, type("ssize_t", TYPEDEF, 0, size));
	parameter("file", file_ptr);
	parameter("buf", chars);
	parameter("fn", id.fn);
	type("vfs_read", FUNC, 1, proto);
	type("nothing", FUNC, 0, type("", FUNC_PROTO, 0, 0));
	proto = type("", FUNC_PROTO, 2, size);
	parameter("fmt", id.pc);
	parameter("", 0);
	type("printk", FUNC, 1, proto);
	proto = type("", FUNC_PROTO, 40, 0);
	for (int i = 0; i < 40; i++)
		parameter("abcdef", size);
	type("many", FUNC, 1, proto);
	type("no_proto", FUNC, 1, size);
	type("lost", FUNC, 1, 0xffffff);
}

static size_t fill(void)
{
	uint32_t char_id, int_id, proto;

	begin();
	char_id = integer("char", 1);
	int_id = integer("int", 4);
	id.file = type("file", FWD, 0, 0);
	id.chars = array(char_id, int_id, 16);
	id.pc = type("", PTR, 0, type("", CONST, 0, char_id));
	id.cp = type("", CONST, 0, type("", PTR, 0, char_id));
	id.rows = type("", PTR, 0, array(array(int_id, int_id, 4), int_id, 3));
	proto = type("", FUNC_PROTO, 1, 0);
	parameter("", id.pc);
	id.fn = type("", PTR, 0, proto);
	id.fns = array(id.fn, int_id, 2);
	proto = type("", FUNC_PROTO, 1, int_id);
	parameter("fn", id.fn);
	id.fn_fn = type("", PTR, 0, proto);
	id.loop = type("", PTR, 0, t.n + 1);
	id.noname = type("", STRUCT, 0, 0);
	id.tagged = type("", PTR, 0, type("user", TYPE_TAG, 0, char_id));
	id.enumeration = type("pid_type", ENUM, 0, 4);
	id.volatile_int = type("", CONST, 0, type("", VOLATILE, 0, int_id));
	id.esc = type("a\033[2J", STRUCT, 0, 0);
	fill_functions(char_id, int_id);
	return finish(24);
}

static const struct {
	const char *row;
	const uint32_t *id;
	const char *name, *text;	/* NULL: it cannot be told */
} types[] = {
	{ "announced", &id.file, "f", "struct file f" },
	{ "no name", &id.file, "", "struct file" },
	{ "an array", &id.chars, "comm", "char comm[16]" },
	{ "an array of no name", &id.chars, "", "char[16]" },
	{ "pointer to const", &id.pc, "name", "const char *name" },
	{ "const pointer", &id.cp, "name", "char *const name" },
	{ "pointer to arrays", &id.rows, "p", "int (*p)[3][4]" },
	{ "function", &id.fn, "fn", "void (*fn)(const char *)" },
	{ "array of functions", &id.fns, "fns", "void (*fns[2])(const char *)" },
	{ "function of a function", &id.fn_fn, "f", "int (*f)(void (*fn)(...))" },
	{ "pointer to itself", &id.loop, "p", NULL },
	{ "an unnamed struct", &id.noname, "u", "struct {...} u" },
	{ "with a tag", &id.tagged, "buf", "char *buf" },
	{ "enum", &id.enumeration, "t", "enum pid_type t" },
	{ "const volatile", &id.volatile_int, "x", "const int x" },
	{ "what upsets a terminal", &id.esc, "x", "struct a?[2J x" },
	{ "nothing", &(const uint32_t){ 0 }, "x", "void x" },
	{ "no such type", &(const uint32_t){ 1 << 20 }, "x", NULL },
};

static const struct {
	const char *name, *text;
} functions[] = {
	{ "vfs_read", "ssize_t vfs_read(struct file *file, char *buf, void (*fn)(...))" },
	{ "nothing", "void nothing(void)" },
	{ "printk", "int printk(const char *fmt, ...)" },
	{ "many", "" },
	{ "no_proto", NULL },
	{ "lost", NULL },
	{ "vfs_rea", NULL },
	{ "file", NULL },
	{ "", NULL },
};

int main(void)
{
	struct btf_text text;
	size_t len = fill();
	struct flat f;
	struct btf b;

	flat_open(&f, t.whole, len);
	T_CHECK("open", open_len(&b, &f, len));
	for (size_t i = 0; i < T_SIZE(types); i++) {
		bool ok = btf_type_text(&b, *types[i].id, types[i].name, &text);

		if (T_CHECK(types[i].row, ok == (types[i].text != NULL)) && ok)
			T_TEXT(types[i].row, types[i].text, text.s);
	}
	for (size_t i = 0; i < T_SIZE(functions); i++) {
		bool ok = btf_func(&b, functions[i].name, &text);

		if (!T_CHECK(functions[i].name, ok == (functions[i].text != NULL)) || !ok)
			continue;
		if (strcmp(functions[i].name, "many"))
			T_TEXT(functions[i].name, functions[i].text, text.s);
		else
			T_CHECK("a long one is cut", strlen(text.s) == BTF_TEXT_LEN - 1 &&
						     !strcmp(text.s + BTF_TEXT_LEN - 4, "..."));
	}
	return t_done();
}
