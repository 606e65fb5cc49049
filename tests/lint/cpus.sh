#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a script has to know of a CPU is a column of agent/deps/cpus: no script tells CPUs
# apart by name, in a pattern of a case or by putting one name in another's place. And each
# CPU of the table has its parts in C and a capture kernel, and no other CPU has.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

# SHA-256 in assembly is of one CPU as C is not: nettle has it under names of its own.
allowed='^agent/deps/build:(	x86_64\)|	aarch64\))$'
names=$(awk '!/^#/ && n++ { print $1; print $2; print $3 }' agent/deps/cpus | sort -u | paste -sd '|')
word="[^ ()#\"']*($names)[^ ()\"']*"
# parts NAME UNAME: what is wanting
parts()
{
	arch=agent/vmcore/arch_$1.c
	[ -f "$arch" ] || { echo "$arch: is not there" && return; }
	machine=$(sed -n 's/.*\.e_machine = \(EM_[A-Z0-9_]*\).*/\1/p' "$arch")
	grep -qF "uts_machine = \"$2\"" "$arch" || echo "$arch: does not say that it is $2"
	grep -q "&arch_$1\b" agent/vmcore/arch.c || echo "agent/vmcore/arch.c: no row for $1"
	grep -qF "{ $machine, " agent/kexec/bootimage.c ||
		echo "agent/kexec/bootimage.c: no row for ${machine:-$1}"
	[ -f "kernel-config/base-$1.config" ] || echo "kernel-config/base-$1.config: is not there"
}

{
	awk '!/^#/ && n++ { print $1, $3 }' agent/deps/cpus | while read -r name uname; do
		parts "$name" "$uname" 2>&1
	done
	for file in agent/vmcore/arch_*.c kernel-config/base-*.config; do
		name=${file#agent/vmcore/arch_}
		name=${name#kernel-config/base-}
		agent/deps/cpu "${name%.*}" name >/dev/null 2>&1 ||
			echo "$file: ${name%.*} has no line in agent/deps/cpus"
	done
	{
		sh_files
		echo Makefile
	} | grep_in -HE "^[[:blank:]]*\\(?([^ ()#]+ \\| )*$word( \\| [^ ()#]+)*\\)|s/($names)/|ifn?eq .*\\b($names)\\b" |
		grep -vE "$allowed" | sed 's/$/: is a column of agent\/deps\/cpus/'
} > build/lint-cpus
verdict < build/lint-cpus
