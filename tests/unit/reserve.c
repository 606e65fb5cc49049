/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crashkernel= in texts of boot loaders: what it may be, and that nothing else changes. */
#include <string.h>

#include "base/err.h"
#include "kexec/reserve_edit.h"
#include "t.h"

static void sizes(void)
{
	static const struct { const char *name, *size; bool good; } rows[] = {
		{ "a size", "64M", true },
		{ "a size in G, high", "1G,high", true },
		{ "what goes low with it", "72M,low", true },
		{ "a size at a place", "64M@16M", true },
		{ "one range", "512M-:192M", true },
		{ "several", "1G-4G:192M,4G-64G:256M,64G-:512M", true },
		{ "a range at a place", "1G-:192M@16M", true },
		{ "nothing at all", "0M", false },
		{ "no unit", "64", false },
		{ "nothing", "", false },
		{ "a word behind it", "64M quiet", false },
		{ "two words", "64M,", false },
		{ "a quote", "64M\"", false },
		{ "a range without a size", "512M-", false },
		{ "a range that has two ends", "1G-2G-:64M", false },
		{ "too many digits", "12345678M", false },
		{ "a percentage", "10%", false },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++)
		T_EQUAL(rows[i].name, rows[i].good, reserve_size_is_good(rows[i].size));
}

static const struct reserve_row *row_of(const char *path)
{
	const struct reserve_row *row;

	for (size_t i = 0; (row = reserve_row_at(i)); i++)
		if (!strcmp(row->path, path))
			return row;
	return NULL;
}

#define GRUB "/etc/default/grub"
#define WHOLE "/etc/kernel/cmdline"
#define ENTRY "/boot/loader/entries"
#define EXTLINUX "/boot/extlinux/extlinux.conf"

static const struct text_row {
	const char *name, *path, *text, *words, *after, *old;
} texts[] = {
	{ "a line without it", WHOLE, "root=/dev/vda ro\n", "crashkernel=64M",
	  "root=/dev/vda ro crashkernel=64M\n", "" },
	{ "without a newline", WHOLE, "root=/dev/vda", "crashkernel=64M",
	  "root=/dev/vda crashkernel=64M", "" },
	{ "in place of another", WHOLE, "crashkernel=auto ro\n", "crashkernel=64M",
	  "ro crashkernel=64M\n", "crashkernel=auto" },
	{ "of two, both go", WHOLE, "a crashkernel=1G,high b crashkernel=72M,low\n",
	  "crashkernel=64M", "a b crashkernel=64M\n",
	  "crashkernel=1G,high crashkernel=72M,low" },
	{ "back again", WHOLE, "a b crashkernel=64M\n", "", "a b\n", "crashkernel=64M" },
	{ "a word that only ends so", WHOLE, "xcrashkernel=1 crashkernel=\n", "crashkernel=64M",
	  "xcrashkernel=1 crashkernel= crashkernel=64M\n", "" },
	{ "GRUB's defaults", GRUB,
	  "GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nGRUB_CMDLINE_LINUX=\"\"\n",
	  "crashkernel=64M",
	  "GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet crashkernel=64M\"\n"
	  "GRUB_CMDLINE_LINUX=\"\"\n", "" },
	{ "an empty one", GRUB, "GRUB_CMDLINE_LINUX_DEFAULT=\"\"\n", "crashkernel=64M",
	  "GRUB_CMDLINE_LINUX_DEFAULT=\"crashkernel=64M\"\n", "" },
	{ "where it is, it stays", GRUB,
	  "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nGRUB_CMDLINE_LINUX='crashkernel=auto rhgb'\n",
	  "crashkernel=64M",
	  "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nGRUB_CMDLINE_LINUX='rhgb crashkernel=64M'\n",
	  "crashkernel=auto" },
	{ "without quotes", GRUB, "GRUB_CMDLINE_LINUX_DEFAULT=quiet\n", "crashkernel=64M",
	  "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet crashkernel=64M\"\n", "" },
	{ "a comment is none", GRUB, "#GRUB_CMDLINE_LINUX_DEFAULT=\"a\"\n", "crashkernel=64M",
	  "#GRUB_CMDLINE_LINUX_DEFAULT=\"a\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"crashkernel=64M\"\n",
	  "" },
	{ "what stands behind the quote", GRUB, "GRUB_CMDLINE_LINUX_DEFAULT=\"a\" # why\n",
	  "crashkernel=64M", "GRUB_CMDLINE_LINUX_DEFAULT=\"a crashkernel=64M\" # why\n", "" },
	{ "a comment behind a bare value", GRUB, "GRUB_CMDLINE_LINUX_DEFAULT=quiet # why\n",
	  "crashkernel=64M",
	  "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet crashkernel=64M\" # why\n", "" },
	{ "a last line without its end", GRUB, "GRUB_TIMEOUT=5", "crashkernel=64M",
	  "GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT=\"crashkernel=64M\"\n", "" },
	{ "one that is appended to", GRUB, "GRUB_CMDLINE_LINUX_DEFAULT+=\" a\"\n",
	  "crashkernel=64M", NULL, NULL },
	{ "one that is exported", GRUB, "export GRUB_CMDLINE_LINUX=\"a\"\n",
	  "crashkernel=64M", NULL, NULL },
	{ "one that is indented", GRUB, "  GRUB_CMDLINE_LINUX_DEFAULT=\"a\"\n",
	  "crashkernel=64M", NULL, NULL },
	{ "one that goes on in the next line", GRUB,
	  "GRUB_CMDLINE_LINUX_DEFAULT=\"a \\\nb\"\n", "crashkernel=64M", NULL, NULL },
	{ "a comment above a line", WHOLE, "# why\nroot=/dev/vda\n", "crashkernel=64M",
	  "# why\nroot=/dev/vda crashkernel=64M\n", "" },
	{ "an entry", ENTRY, "title x\noptions  root=/dev/vda\nlinux /vmlinuz\n",
	  "crashkernel=64M",
	  "title x\noptions  root=/dev/vda crashkernel=64M\nlinux /vmlinuz\n", "" },
	{ "an entry of which it was the first word", ENTRY, "options  crashkernel=1G ro\n",
	  "crashkernel=64M", "options  ro crashkernel=64M\n", "crashkernel=1G" },
	{ "an entry of which it was the only word", ENTRY, "options crashkernel=1G\n",
	  "crashkernel=64M", "options crashkernel=64M\n", "crashkernel=1G" },
	{ "an entry without options", ENTRY, "title x\n", "crashkernel=64M", NULL, NULL },
	{ "all labels of extlinux", EXTLINUX, "label a\n\tAPPEND ro\nlabel b\n\tappend rw\n",
	  "crashkernel=64M",
	  "label a\n\tAPPEND ro crashkernel=64M\nlabel b\n\tappend rw crashkernel=64M\n", "" },
	{ "a word like it", EXTLINUX, "appendix ro\n", "crashkernel=64M", NULL, NULL },
};

static void edits(void)
{
	char out[600];
	struct reserve_edited to = { .out = out, .size = sizeof(out) };

	for (size_t i = 0; i < T_SIZE(texts); i++) {
		const struct text_row *t = &texts[i];
		struct err e;
		bool ok = reserve_edit(row_of(t->path), t->text, t->words, &to, &e);

		T_EQUAL(t->name, t->after != NULL, ok);
		if (!ok)
			continue;
		T_TEXT(t->name, t->after, out);
		T_TEXT(t->name, t->old, to.old);
	}
	for (size_t size = 1; size < 34; size++) {
		struct err e;

		to.size = size;
		T_CHECK("no room", !reserve_edit(row_of(WHOLE), "root=/dev/vda ro\n",
						 "crashkernel=64M", &to, &e) &&
				   strlen(out) < size);
	}
}

int main(void)
{
	sizes();
	edits();
	return t_done();
}
