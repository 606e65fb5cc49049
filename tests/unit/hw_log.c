/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/hw_log: who had the error that a line tells of, and how often. */
#include "triage/hw_log.h"

#include <stdio.h>
#include <string.h>

#include "t.h"

#define HW "[Hardware Error]: "

static struct log_line line_of(const char *message, double seconds)
{
	struct log_line line = { .seconds = seconds };

	snprintf(line.message, sizeof(line.message), "%s", message);
	return line;
}

static void test_lines(void)
{
	static const struct {
		const char *message, *kind, *who;	/* kind NULL: it is none */
		unsigned n;
	} rows[] = {
		{ "mce: " HW "CPU 14: Machine Check: 0 Bank 7: be00000000010091", "mce",
		  "CPU 14 bank 7", 1 },
		{ HW "CPU 0: Machine Check Exception: 5 Bank 4: b200000000070f0f", "mce",
		  "CPU 0 bank 4", 1 },
		{ HW "CPU:3 (17:31:0) MC17_STATUS[Over|CE|MiscV]: 0xdc2041000000011b", "mce",
		  "CPU 3 bank 17", 1 },
		{ "EDAC MC1: 4 CE memory read error on CPU_SrcID#1_DIMM#0 (channel:2 slot:0",
		  "edac", "MC1 CE CPU_SrcID#1_DIMM#0", 4 },
		{ "EDAC MC0: 1 UE error on unknown memory (branch:0", "edac",
		  "MC0 UE unknown", 1 },
		{ "nvme 0000:02:00.0: PCIe Bus Error: severity=Correctable, type=Physical",
		  "aer", "0000:02:00.0 Correctable", 1 },
		{ "{1}" HW "  section_type: memory error", "ghes", "memory error", 1 },
		{ "{1}" HW "  DIMM location: CPU2 DIMM_F1", "ghes", "DIMM CPU2 DIMM_F1", 1 },
		{ "Memory failure: 0x12345: recovery action for dirty LRU page: Recovered",
		  "page", "frame 0x12345", 1 },
		{ "mce: " HW "Machine check events logged", NULL, "", 0 },
		{ "EDAC MC: Ver: 3.0.0", NULL, "", 0 },
		{ "EDAC MC0: Giving out device to module x on y", NULL, "", 0 },
		{ "pcieport 0000:00:1c.0: AER: Corrected error received", NULL, "", 0 },
		{ ": PCIe Bus Error: severity=", NULL, "", 0 },
		{ "x: PCIe Bus Error: severity=", NULL, "", 0 },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		struct hw_log l = { .n = 0 };
		struct log_line line = line_of(rows[i].message, 1);

		hw_log_add(&l, &line);
		T_EQUAL(rows[i].message, rows[i].kind != NULL, l.n);
		if (!l.n || !rows[i].kind)
			continue;
		T_TEXT(rows[i].message, rows[i].kind, l.list[0].kind);
		T_TEXT(rows[i].message, rows[i].who, l.list[0].who);
		T_EQUAL(rows[i].message, rows[i].n, l.list[0].n);
	}
}

static void test_count(void)
{
	struct hw_log l = { .n = 0 };
	char message[80];

	for (unsigned i = 0; i < 3 * HW_LOG_MAX; i++) {
		struct log_line line;

		snprintf(message, sizeof(message), HW "CPU %u: Machine Check: 0 Bank 1: 8",
			 i % (HW_LOG_MAX + 1));
		line = line_of(message, i);
		hw_log_add(&l, &line);
	}
	T_EQUAL("so many are told", HW_LOG_MAX, l.n);
	T_EQUAL("the others are counted", 2, l.n_more);
	T_EQUAL("the first: how often", 3, l.list[0].n);
	T_EQUAL("when first", 0, (unsigned)l.list[0].first);
	T_EQUAL("and last", 2 * (HW_LOG_MAX + 1), (unsigned)l.list[0].last);
}

static void add_ghes(struct hw_log *l, double seconds, const char *dimm)
{
	struct log_line line = line_of("{1}" HW "  section_type: memory error", seconds);

	hw_log_add(l, &line);
	if (!dimm[0])
		return;
	snprintf(line.message, sizeof(line.message), "{1}" HW "  DIMM location: %s", dimm);
	hw_log_add(l, &line);
}

/* A section and its DIMM are one error, and the next section is none of that DIMM's. */
static void test_sections(void)
{
	struct hw_log l = { .n = 0 };
	char dimm[16];

	add_ghes(&l, 1, "");
	add_ghes(&l, 2, "A1");
	add_ghes(&l, 3, "B1");
	add_ghes(&l, 4, "A1");
	T_EQUAL("the DIMMs, and what names none", 3, l.n);
	T_TEXT("that one", "memory error", l.list[0].who);
	T_EQUAL("once", 1, l.list[0].n);
	T_EQUAL("when last", 1, (unsigned)l.list[0].last);
	T_TEXT("a DIMM", "DIMM A1", l.list[1].who);
	T_EQUAL("twice", 2, l.list[1].n);
	T_TEXT("another", "DIMM B1", l.list[2].who);
	T_EQUAL("once", 1, l.list[2].n);
	for (unsigned i = 0; i < HW_LOG_MAX; i++) {
		snprintf(dimm, sizeof(dimm), "C%u", i);
		add_ghes(&l, 5, dimm);
	}
	T_EQUAL("of whom there is no room", 3, l.n_more);
	l = (struct hw_log){ .n = 0 };
	add_ghes(&l, 1, "A1");
	T_EQUAL("a section alone leaves nothing behind", 1, l.n);
	T_TEXT("but its DIMM", "DIMM A1", l.list[0].who);
}

int main(void)
{
	test_sections();
	test_lines();
	test_count();
	return t_done();
}
