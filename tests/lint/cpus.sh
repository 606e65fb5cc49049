#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a script has to know of a CPU is a column of agent/deps/cpus: no script tells CPUs
# apart by name, in a pattern of a case or by putting one name in another's place.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

# SHA-256 in assembly is of one CPU as C is not: nettle has it under names of its own.
allowed='^agent/deps/build:(	x86_64\)|	aarch64\))$'
names=$(awk '!/^#/ && n++ { print $1; print $2; print $3 }' agent/deps/cpus | sort -u | paste -sd '|')
word="[^ ()#\"']*($names)[^ ()\"']*"
{
	{
		sh_files
		echo Makefile
	} | while read -r file; do
		grep -HE "^[[:blank:]]*\\(?([^ ()#]+ \\| )*$word( \\| [^ ()#]+)*\\)|s/($names)/|ifn?eq .*\\b($names)\\b" \
			"$file" || :
	done | grep -vE "$allowed" | sed 's/$/: is a column of agent\/deps\/cpus/'
} > build/lint-cpus
verdict < build/lint-cpus
