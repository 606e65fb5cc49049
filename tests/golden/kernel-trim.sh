#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# kernel-config/trim changes what it is there for, in a source that looks as known; another
# one, or a second time, is an error that names the file.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

layout=arch/x86/kernel/vmlinux.lds.S
sections=arch/x86/include/asm/sparsemem.h
table=arch/x86/mm/init_64.c
flags=arch/x86/Makefile
unpacker=arch/x86/boot/compressed/misc.c

# fresh: as many lines of a source as trim looks at, and some it must leave alone
fresh()
{
	rm -rf "$work/source"
	mkdir -p "$work/source/arch/x86/kernel" "$work/source/arch/x86/include/asm" \
		"$work/source/arch/x86/mm" "$work/source/arch/x86/boot/compressed"
	{
		echo '#if defined(CONFIG_X86_64)'
		printf '. = ALIGN(HPAGE_SIZE);\n%.0s' 1 2
		printf '. = ALIGN(PMD_SIZE);\n%.0s' 1 2 3 4
		echo '#else'
		echo '#endif'
		echo '. = ALIGN(PMD_SIZE); /* not this */'
	} >"$work/source/$layout"
	printf '#  define SECTION_SIZE_BITS\t26\n# define SECTION_SIZE_BITS\t27 /* so */\n' \
		>"$work/source/$sections"
	{
		echo 'if (boot_cpu_has(X86_FEATURE_PSE)) /* not this */'
		printf 'int __meminit vmemmap_populate(unsigned long start)\n{\n'
		printf '\telse if (boot_cpu_has(X86_FEATURE_PSE))\n}\n'
	} >"$work/source/$table"
	{
		echo '# Pass -z max-page-size=0x200000 to it'
		echo 'LDFLAGS_vmlinux += -z max-page-size=0x200000'
	} >"$work/source/$flags"
	echo 'if ((phdr->p_align % 0x200000) != 0)' >"$work/source/$unpacker"
}

fresh
kernel-config/trim "$work/source"
equals "aligned to pages" 6 "$(grep -c 'ALIGN(PAGE_SIZE)' "$work/source/$layout")"
grep -q 'PMD_SIZE); /\* not this' "$work/source/$layout" || fail "$layout: too much is changed"
equals sections "#  define SECTION_SIZE_BITS	26
# define SECTION_SIZE_BITS	24 /* so */" "$(cat "$work/source/$sections")"
equals "the table's pages" "	else if (false)" "$(grep else "$work/source/$table")"
grep -q 'PSE)) /\* not this' "$work/source/$table" || fail "$table: too much is changed"
equals "the linker's pages" "LDFLAGS_vmlinux += -z max-page-size=0x1000" \
	"$(grep -v '^#' "$work/source/$flags")"
equals "what is looked at" "if ((phdr->p_align % 0x1000) != 0)" "$(cat "$work/source/$unpacker")"

# refused FILE
refused()
{
	! kernel-config/trim "$work/source" 2>"$work/errors" || fail "$1: was not refused"
	grep -q "$1: .* known" "$work/errors" || fail "not said: $(cat "$work/errors")"
}
refused "$layout"
for file in "$layout" "$sections" "$table" "$flags" "$unpacker"; do
	fresh
	sed -i '/SECTION_SIZE_BITS\t27/d; /PSE))$/d; /p_align/d; 2d' "$work/source/$file"
	refused "$file"
done
