/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decodes the bytes of standard input as code: insns x86_64|arm64 VADDR. For each instruction,
 * one behind the other, its address and length in hexadecimal, then its operands and where it
 * jumps to, tabs between. What is none is one byte long (arm64: never).
 */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "triage/insn.h"
#include "vmcore/arch.h"

#define TEXT_MAX (64u << 20)

static void print(const struct arch *arch, const struct insn *insn, unsigned long at)
{
	char text[OPERAND_TEXT];

	printf("%lx\t%x", at, insn->len);
	for (unsigned i = 0; i < insn->n_operands; i++) {
		operand_text(&insn->operands[i], arch, text);
		printf("\t%s", text);
	}
	if (insn->jumps)
		printf("\t-> %lx", at + (unsigned long)insn->target);
	putchar('\n');
}

int main(int argc, char **argv)
{
	const struct arch *arch = argc == 3 ? arch_named(!strcmp(argv[1], "arm64") ? "aarch64" :
							 argv[1]) : NULL;
	uint8_t *text = malloc(TEXT_MAX);
	unsigned long vaddr = argc == 3 ? strtoul(argv[2], NULL, 16) : 0;
	struct insn insn;
	size_t n;

	if (!arch) {
		fprintf(stderr, "usage: insns x86_64|arm64 VADDR <BYTES\n");
		return 2;
	}
	n = fread(text, 1, TEXT_MAX, stdin);
	for (size_t at = 0; at < n; at += insn.len ? insn.len : 1) {
		insn_decode(arch->e_machine, text + at, min_u64(n - at, INSN_MAX), &insn);
		print(arch, &insn, vaddr + at);
	}
	free(text);
	return 0;
}
