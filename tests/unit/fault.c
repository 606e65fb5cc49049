/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/fault: the bytes of code around an instruction, as oopses print them. */
#include "triage/fault.h"

#include <elf.h>

#include "flat.h"
#include "t.h"
#include "vmcore/arch.h"

enum { LEN = 128, NOWHERE = LEN };

static const struct {
	const char *row;
	uint16_t e_machine;
	unsigned at, bad_from, bad_to;
	const char *begins, *has;	/* "" of both: nothing is to be had */
} codes[] = {
	{ "42 bytes in front, 22 from it on", EM_X86_64, 64, NOWHERE, NOWHERE, "16 17 18 ",
	  " 3f <40> 41 42 " },
	{ "the first of its page", EM_X86_64, 64, 0, 64, "<40> 41 ", " 55" },
	{ "the last of its page", EM_X86_64, 64, 66, LEN, "16 17 ", " 3f <40> 41" },
	{ "words of arm64", EM_AARCH64, 64, NOWHERE, NOWHERE,
	  "33323130 37363534 3b3a3938 3f3e3d3c (43424140)", "(43424140)" },
	{ "not there", EM_X86_64, 64, 60, 70, "", "" },
	{ "words that are not there", EM_AARCH64, 64, 64, 70, "", "" },
};

static const struct {
	const char *code;
	enum crash_kind kind;
	bool lacks;
} logs[] = {
	{ "0f 1f <c7> 00", KIND_NULL_DEREF, false },
	{ "aa1503e0 (f9400001)", KIND_BAD_ACCESS, false },
	{ "Unable to access opcode bytes at 0xffffffffc0574fe2.", KIND_NULL_DEREF, true },
	{ "Bad RIP value.", KIND_BUG, true },
	{ "", KIND_NULL_DEREF, true },
	{ "", KIND_SYSRQ, false },
};

int main(void)
{
	uint8_t memory[LEN];
	char text[300];

	for (unsigned i = 0; i < LEN; i++)
		memory[i] = (uint8_t)i;
	for (size_t i = 0; i < T_SIZE(codes); i++) {
		struct arch arch;
		struct flat f;

		flat_open(&f, memory, LEN);
		arch = *f.space.arch;
		arch.e_machine = codes[i].e_machine;
		f.space.arch = &arch;
		f.bad_from = codes[i].bad_from;
		f.bad_to = codes[i].bad_to;
		fault_code_text(&f.space, FLAT_BASE + codes[i].at, text, sizeof(text));
		T_CHECK(codes[i].row, !strncmp(text, codes[i].begins, strlen(codes[i].begins)));
		T_CHECK(codes[i].row, strstr(text, codes[i].has));
		T_EQUAL(codes[i].row, !codes[i].has[0], !text[0]);
	}
	for (size_t i = 0; i < T_SIZE(logs); i++) {
		static struct oops o;

		o.kind = logs[i].kind;
		snprintf(o.code, sizeof(o.code), "%s", logs[i].code);
		T_EQUAL(logs[i].code, logs[i].lacks, fault_lacks_code(&o));
	}
	return t_done();
}
