/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ready/capture_cpus: how many CPUs by which facts; kexec/boot_cpu: which one never. */
#include "ready/capture_cpus.h"

#include "folder.h"
#include "kexec/boot_cpu.h"
#include "kexec/cmdline.h"
#include "t.h"

#define MIB UINT64_C(0x100000)
#define GIB (1024 * MIB)
#define ANY_ROOM UINT64_MAX

/* A machine of 4 CPUs and 64 GiB with our kernel and a disk; what differs in each row. */
static const struct row {
	const char *row;
	unsigned asked, named, present;
	unsigned ram_gib, reserved_mib, need_mib, least_mib;
	bool is_unsafe, keeps_much, has_net;
	unsigned n;
	enum cpus_why why;
} rows[] = {
	{ "all there are", .n = 4, .why = CPUS_ALL },
	{ "one is all there is", .present = 1, .n = 1, .why = CPUS_ALL },
	{ "a small machine is not worth it", .ram_gib = 8, .n = 1, .why = CPUS_WORTH },
	{ "16 GiB are worth a second one", .ram_gib = 16, .n = 2, .why = CPUS_WORTH },
	{ "more memory, more CPUs", .present = 64, .ram_gib = 100, .n = 7, .why = CPUS_WORTH },
	{ "but there is an end to it", .present = 64, .ram_gib = 4096, .n = 8,
	  .why = CPUS_WORTH },
	{ "a level that keeps user memory", .ram_gib = 1, .keeps_much = true, .n = 2,
	  .why = CPUS_WORTH },
	{ "memory of an unknown size", .ram_gib = 9999, .n = 1, .why = CPUS_WORTH },

	{ "asked for", .asked = 2, .n = 2, .why = CPUS_ASKED },
	{ "asked for on a small machine", .asked = 2, .ram_gib = 1, .n = 2, .why = CPUS_ASKED },
	{ "one asked for", .asked = 1, .n = 1, .why = CPUS_ASKED },
	{ "more than there are asked for", .asked = 9, .n = 4, .why = CPUS_ALL },

	{ "no reservation", .reserved_mib = 1, .n = 1, .why = CPUS_ROOM },
	{ "as much as one CPU takes", .reserved_mib = 16, .n = 1, .why = CPUS_ROOM },
	{ "a quarter on top for one, none for two", .reserved_mib = 20, .n = 1,
	  .why = CPUS_ROOM },
	{ "not quite enough for two", .reserved_mib = 23, .n = 1, .why = CPUS_ROOM },
	{ "as is advised for one", .reserved_mib = 24, .n = 2, .why = CPUS_ROOM },
	{ "for three", .reserved_mib = 27, .n = 3, .why = CPUS_ROOM },
	{ "for all", .reserved_mib = 29, .n = 4, .why = CPUS_ALL },
	{ "queues of a card take their share", .reserved_mib = 27, .has_net = true, .n = 1,
	  .why = CPUS_ROOM },
	{ "with room for them", .reserved_mib = 29, .has_net = true, .n = 2, .why = CPUS_ROOM },
	{ "nobody knows what one takes", .need_mib = 9999, .n = 1, .why = CPUS_ROOM },

	{ "asked for without any room: it would hang before init", .asked = 4,
	  .reserved_mib = 16, .n = 1, .why = CPUS_ROOM },
	{ "asked for: a MiB each is what the kernel needs", .asked = 4, .reserved_mib = 18,
	  .n = 3, .why = CPUS_ROOM },
	{ "asked for: and no quarter more", .asked = 4, .reserved_mib = 19, .n = 4,
	  .why = CPUS_ALL },
	{ "asked for where nobody has measured", .asked = 4, .need_mib = 9999,
	  .least_mib = 9999, .n = 4, .why = CPUS_ALL },

	{ "the boot CPU cannot be told", .is_unsafe = true, .n = 1, .why = CPUS_UNSAFE },
	{ "nor for whoever asks", .is_unsafe = true, .asked = 4, .n = 1, .why = CPUS_UNSAFE },
	{ "one is safe", .is_unsafe = true, .asked = 1, .n = 1, .why = CPUS_ASKED },

	{ "words of the command line win", .named = 3, .asked = 1, .n = 3, .why = CPUS_NAMED },
	{ "but not over the boot CPU", .named = 3, .is_unsafe = true, .n = 1,
	  .why = CPUS_UNSAFE },
	{ "nor where it would hang before init", .named = 4, .reserved_mib = 16, .n = 1,
	  .why = CPUS_ROOM },
	{ "words that leave out the limit", .named = CMDLINE_ALL_CPUS, .n = 4,
	  .why = CPUS_NAMED },
};

/* 0: the usual; 9999: 0. */
static uint64_t or_usual(unsigned is, unsigned usual)
{
	return is == 9999 ? 0 : is ? is : usual;
}

static struct cpus_facts facts_of(const struct row *r)
{
	return (struct cpus_facts){
		.asked = r->asked, .named = r->named, .present = or_usual(r->present, 4),
		.is_safe = !r->is_unsafe, .keeps_much = r->keeps_much, .has_net = r->has_net,
		.ram_len = or_usual(r->ram_gib, 64) * GIB,
		.reserved_len = or_usual(r->reserved_mib, 192) * MIB,
		.need_len = or_usual(r->need_mib, 16) * MIB,
		.least_len = or_usual(r->least_mib, 16) * MIB,
	};
}

static void check_rows(void)
{
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct cpus_facts f = facts_of(&rows[i]);
		struct cpus_choice c = capture_cpus(&f);
		char text[CPUS_TEXT];

		T_EQUAL(rows[i].row, rows[i].n, c.n);
		T_EQUAL(rows[i].row, rows[i].why, c.why);
		T_CHECK(rows[i].row, c.n >= 1 && c.wanted >= c.n);
		capture_cpus_tell(text, &f, &c);
		T_EQUAL(rows[i].row, rows[i].n, atoi(text));
	}
}

/* Whatever the sizes: what auto starts leaves a capture with one CPU what it needs. */
static void check_promise(void)
{
	for (unsigned reserved = 12; reserved < 300; reserved++) {
		for (unsigned need = 12; need < 100; need += 3) {
			const struct row r = { .reserved_mib = reserved, .need_mib = need,
					       .least_mib = need, .present = 16,
					       .ram_gib = 4096 };
			struct cpus_facts f = facts_of(&r);
			unsigned n = capture_cpus(&f).n;
			uint64_t len = f.need_len + capture_cpus_len(&f, n);

			if (n > 1)
				T_CHECK("a quarter stays", len * 5 / 4 <= f.reserved_len);
			f.reserved_len = ANY_ROOM;
			T_EQUAL("with room for all", 8, capture_cpus(&f).n);
			f.reserved_len = len + len / 4;
			T_EQUAL("with that room as many", n, capture_cpus(&f).n);
		}
	}
}

static void check_present(void)
{
	static const struct { const char *list; unsigned wanted; } lists[] = {
		{ "0", 1 }, { "0-3", 4 }, { "0-3,8-11", 8 }, { "0,2,4", 3 },
		{ "0-65535", 65536 },
		{ "", 1 }, { "x", 1 }, { "5-2", 1 }, { "0-4294967296", 1 },
	};

	T_EQUAL("no file", 1, boot_cpu_count(root));
	for (size_t i = 0; i < T_SIZE(lists); i++) {
		put_file("sys/devices/system/cpu/present", lists[i].list);
		T_EQUAL(lists[i].list, lists[i].wanted, boot_cpu_count(root));
	}
}

#define FIRST "processor\t: 0\nvendor_id\t: x\n"
#define FLAGS "flags\t\t: fpu apic\nbugs\t\t:\n\n"
#define SECOND "processor\t: 1\napicid\t\t: 9\ninitial apicid\t: 9\n" FLAGS

/* A table of the firmware's: CPUs as bytes, each "type APIC enabled". */
static void put_madt(const uint8_t (*cpus)[3], unsigned n)
{
	uint8_t table[44 + 16 * 8] = "APIC";
	size_t len = 44;
	FILE *f;

	for (unsigned i = 0; i < n; i++) {
		uint8_t *e = table + len;

		e[0] = cpus[i][0];
		e[1] = e[0] == 9 ? 16 : 8;
		e[e[0] == 9 ? 4 : 3] = cpus[i][1];
		e[e[0] == 9 ? 8 : 4] = cpus[i][2];
		len += e[1];
	}
	f = fopen(at("sys/firmware/acpi/tables/APIC"), "w");
	if (!f || fwrite(table, 1, len, f) != len || fclose(f))
		abort();
}

static void check_boot_cpu(void)
{
	static const struct { const char *row, *cpuinfo; bool ok; const char *word; } cpus[] = {
		{ "x86", FIRST "apicid\t\t: 0\ninitial apicid\t: 0\n" FLAGS SECOND, true,
		  "disable_cpu_apicid=0" },
		{ "another number", FIRST "apicid\t\t: 32\ninitial apicid\t: 32\n" FLAGS SECOND,
		  true, "disable_cpu_apicid=32" },
		{ "two numbers", FIRST "apicid\t\t: 1\ninitial apicid\t: 2\n" FLAGS,
		  false, "" },
		{ "none, but the second's", FIRST FLAGS SECOND, false, "" },
		{ "CPU 0 is offline", SECOND, false, "" },
		{ "no number", FIRST "apicid\t\t: x\ninitial apicid\t: 0\n" FLAGS, false, "" },
		{ "arm64", "processor\t: 0\nFeatures\t: fp asimd\n\nprocessor\t: 1\n",
		  true, "" },
		{ "nothing", "", true, "" },
	};
	static const struct {
		const char *row;
		uint8_t cpus[3][3];
		unsigned n;
		bool ok;
	} lists[] = {
		{ "the first is it", { { 0, 7, 1 }, { 0, 9, 1 } }, 2, true },
		{ "by its long entry", { { 9, 7, 1 }, { 9, 9, 1 } }, 2, true },
		{ "behind one that is off", { { 0, 2, 0 }, { 0, 7, 1 } }, 2, true },
		{ "behind what is no CPU", { { 1, 2, 1 }, { 0, 7, 1 } }, 2, true },
		{ "the second is it", { { 0, 9, 1 }, { 0, 7, 1 } }, 2, false },
		{ "it is not listed", { { 0, 9, 1 } }, 1, false },
		{ "nothing is listed", { { 0 } }, 0, false },
	};
	char word[BOOT_CPU_WORD];

	T_CHECK("no file", !boot_cpu_word(word, root));
	put_file("proc/cpuinfo", FIRST "apicid\t\t: 7\ninitial apicid\t: 7\n" FLAGS);
	T_CHECK("no table of the firmware's", !boot_cpu_word(word, root));
	for (size_t i = 0; i < T_SIZE(lists); i++) {
		put_madt(lists[i].cpus, lists[i].n);
		T_EQUAL(lists[i].row, lists[i].ok, boot_cpu_word(word, root));
	}
	for (size_t i = 0; i < T_SIZE(cpus); i++) {
		put_file("proc/cpuinfo", cpus[i].cpuinfo);
		put_madt((const uint8_t[][3]){ { 0, i == 1 ? 32 : 0, 1 } }, 1);
		T_EQUAL(cpus[i].row, cpus[i].ok, boot_cpu_word(word, root));
		T_TEXT(cpus[i].row, cpus[i].word, word);
	}
}

int main(void)
{
	char command[500];

	if (!mkdtemp(root))
		abort();
	snprintf(command, sizeof(command), "mkdir -p %s %s %s", at("proc"),
		 at("sys/devices/system/cpu"), at("sys/firmware/acpi/tables"));
	if (system(command))
		abort();
	check_rows();
	check_promise();
	check_boot_cpu();
	check_present();
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) ? 1 : t_done();
}
