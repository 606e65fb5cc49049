/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/insn: how long instructions are, the memory they name, where they jump to. */
#include "triage/insn.h"

#include <elf.h>

#include "t.h"
#include "vmcore/arch.h"

static const struct {
	const char *bytes;	/* hexadecimal */
	unsigned len;
	const char *wanted;	/* operands, "->" and the distance of a jump */
} x86[] = {
	{ "90", 1, "" },
	{ "f3 0f 1e fa", 4, "" },
	{ "48 8b 83 18 01 00 00", 7, "[rbx + 0x118]" },
	{ "48 8b 04 c8", 4, "[rax + rcx*8]" },
	{ "4a 8b 44 e3 f8", 5, "[rbx + r12*8 - 0x8]" },
	{ "4b 8b 84 fe 00 01 00 00", 8, "[r14 + r15*8 + 0x100]" },
	{ "48 8b 24 24", 4, "[rsp]" },
	{ "48 8b 45 00", 4, "[rbp]" },
	{ "49 8b 45 00", 4, "[r13]" },
	{ "48 8b 04 25 00 10 00 00", 8, "[0x1000]" },
	{ "48 8b 04 c5 00 00 00 80", 8, "[rax*8 - 0x80000000]" },
	{ "48 8b 05 f1 2f 00 00", 7, "[rip + 0x2ff8]" },
	{ "48 8b 05 f0 ff ff ff", 7, "[rip - 0x9]" },
	{ "65 48 8b 04 25 28 00 00 00", 9, "gs:[0x28]" },
	{ "c7 00 01 00 00 00", 6, "[rax]" },
	{ "6c", 1, "[rdi]" },
	{ "f3 6f", 2, "[rsi]" },
	{ "66 c7 00 01 00", 5, "[rax]" },
	{ "f6 00 01", 3, "[rax]" },
	{ "f6 10", 2, "[rax]" },
	{ "f7 00 01 00 00 00", 6, "[rax]" },
	{ "48 f7 d8", 3, "" },
	{ "48 b8 01 02 03 04 05 06 07 08", 10, "" },
	{ "48 a1 01 00 00 00 00 00 00 00", 10, "[0x1]" },
	{ "f3 48 a5", 3, "[rsi] [rdi]" },
	{ "f3 aa", 2, "[rdi]" },
	{ "ac", 1, "[rsi]" },
	{ "e8 00 01 00 00", 5, "-> 0x105" },
	{ "75 fe", 2, "-> 0x0" },
	{ "0f 84 10 00 00 00", 6, "-> 0x16" },
	{ "48 8d 42 ff", 4, "([rdx - 0x1])" },
	{ "0f 1f 44 00 00", 5, "([rax + rax])" },
	{ "0f 18 08", 3, "([rax])" },
	{ "67 8b 00", 3, "([rax])" },
	{ "0f ba 20 05", 4, "[rax]" },
	{ "66 0f 3a 0f 00 08", 6, "[rax]" },
	{ "0f 38 f0 00", 4, "[rax]" },
	{ "c5 fa 6f 00", 4, "[rax]" },
	{ "c4 c1 7a 6f 00", 5, "[r8]" },
	{ "62 f1 7c 48 10 40 01", 7, "([rax + 0x1])" },
	{ "c5 f8 77", 3, "" },
	{ "48 cf", 2, "" },
	{ "0f 0b", 2, "" },
	{ "cc", 1, "" },
	{ "06", 0, "" },
	{ "48 8b", 0, "" },
	{ "48 8b 83 18 01", 0, "" },
	{ "66 66 66 66 66 66 66 66 66 66 66 66 66 66 66 66", 0, "" },
	{ "", 0, "" },
};

static const struct {
	uint32_t word;
	const char *wanted;
} arm64[] = {
	{ 0xd503201f, "" },			/* nop */
	{ 0xf9400820, "[x1 + 0x10]" },		/* ldr x0, [x1, #16] */
	{ 0xb9400be0, "[sp + 0x8]" },		/* ldr w0, [sp, #8] */
	{ 0x3dc00420, "[x1 + 0x10]" },		/* ldr q0, [x1, #16] */
	{ 0xf85f8020, "[x1 - 0x8]" },		/* ldur x0, [x1, #-8] */
	{ 0xf8408420, "[x1]" },			/* ldr x0, [x1], #8 */
	{ 0xf8408c20, "[x1 + 0x8]" },		/* ldr x0, [x1, #8]! */
	{ 0xf8627820, "[x1 + x2*8]" },		/* ldr x0, [x1, x2, lsl #3] */
	{ 0xb8625820, "[x1 + x2:32*4]" },	/* ldr w0, [x1, w2, uxtw #2] */
	{ 0xb862c820, "[x1 + x2:s32]" },	/* ldr w0, [x1, w2, sxtw] */
	{ 0xf87f6820, "[x1]" },			/* ldr x0, [x1, xzr] */
	{ 0xa9bf7bfd, "[sp - 0x10]" },		/* stp x29, x30, [sp, #-16]! */
	{ 0xa8c17bfd, "[sp]" },			/* ldp x29, x30, [sp], #16 */
	{ 0x29400440, "[x2]" },			/* ldp w0, w1, [x2] */
	{ 0xc85f7c20, "[x1]" },			/* ldxr x0, [x1] */
	{ 0xf8e00020, "[x1]" },			/* ldaddal x0, x0, [x1] */
	{ 0x58000040, "[pc + 0x8]" },		/* ldr x0, .+8 */
	{ 0xf9800020, "([x1])" },		/* prfm pldl1keep, [x1] */
	{ 0xd50b7423, "[x3]" },			/* dc zva, x3 */
	{ 0x94000004, "-> 0x10" },		/* bl .+16 */
	{ 0x54ffffe0, "-> -0x4" },		/* b.eq .-4 */
	{ 0xb4000040, "-> 0x8" },		/* cbz x0, .+8 */
	{ 0x37000041, "-> 0x8" },		/* tbnz w1, #0, .+8 */
};

static size_t bytes_of(const char *text, uint8_t *bytes)
{
	size_t n = 0;
	int len;

	for (; sscanf(text, "%2hhx%n", &bytes[n], &len) == 1; text += len)
		n++;
	return n;
}

static void say(const struct insn *insn, const struct arch *arch, char *text, size_t size)
{
	char operand[OPERAND_TEXT];
	size_t len = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < insn->n_operands; i++) {
		bool touched = insn->operands[i].is_touched;

		operand_text(&insn->operands[i], arch, operand);
		len += snprintf(text + len, size - len, "%s%s%s%s", i ? " " : "",
				touched ? "" : "(", operand, touched ? "" : ")");
	}
	if (insn->jumps)
		snprintf(text + len, size - len, "%s-> %s%#llx", len ? " " : "",
			 insn->target < 0 ? "-" : "", insn->target ? llabs(insn->target) : 0);
	if (insn->jumps && !insn->target)
		strcpy(text, "-> 0x0");
}

static void test_decoders(void)
{
	uint8_t bytes[64];
	char text[200];
	struct insn insn;

	for (size_t i = 0; i < T_SIZE(x86); i++) {
		size_t n = bytes_of(x86[i].bytes, bytes);

		insn_decode(EM_X86_64, bytes, n, &insn);
		T_EQUAL(x86[i].bytes, x86[i].len, insn.len);
		say(&insn, &arch_x86_64, text, sizeof(text));
		T_TEXT(x86[i].bytes, x86[i].wanted, text);
		/* Of what is cut short nothing is told. */
		for (size_t less = 0; insn.len && less < insn.len; less++) {
			struct insn part;

			insn_decode(EM_X86_64, bytes, less, &part);
			T_EQUAL(x86[i].bytes, 0, part.len);
		}
	}
	for (size_t i = 0; i < T_SIZE(arm64); i++) {
		memcpy(bytes, &arm64[i].word, 4);
		insn_decode(EM_AARCH64, bytes, 4, &insn);
		say(&insn, &arch_arm64, text, sizeof(text));
		T_EQUAL(arm64[i].wanted, 4, insn.len);
		T_TEXT(arm64[i].wanted, arm64[i].wanted, text);
	}
	insn_decode(EM_AARCH64, bytes, 3, &insn);
	T_EQUAL("three bytes", 0, insn.len);
	insn_decode(EM_386, bytes, 4, &insn);
	T_EQUAL("another machine", 0, insn.len);
}

static void test_addresses(void)
{
	uint64_t regs[34] = { [1] = 0x1000, [2] = 0xffffffff00000004, [3] = 0xfffffffe };
	const struct operand whole = { .base = 1, .index = 2, .shift = 3, .disp = -8 };
	const struct operand low = { .base = 1, .index = 2, .index_kind = INDEX_LOW_UNSIGNED };
	const struct operand minus = { .base = 1, .index = 3, .shift = 2,
				       .index_kind = INDEX_LOW_SIGNED };
	const struct operand here = { .base = NO_REG, .index = NO_REG, .disp = 16,
				      .from_insn = true };

	T_EQUAL("all of an index", 0xfffffff800001018, operand_address(&whole, regs, 0));
	T_EQUAL("its low half", 0x1004, operand_address(&low, regs, 0));
	T_EQUAL("its low half, below 0", 0xff8, operand_address(&minus, regs, 0));
	T_EQUAL("from the instruction on", 0x5010, operand_address(&here, regs, 0x5000));
}

int main(void)
{
	test_decoders();
	test_addresses();
	return t_done();
}
