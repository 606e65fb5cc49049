#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A CPU's lists of one zone are believed as a whole or not at all: where anything in them
# contradicts anything else, these pages are kept and counted, and all others left out.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

# Of 7.2: the list head in a struct page, as an address.
lru()
{
	printf '0x%x' $((0xffd4000000000000 + $1 * 64 + 8))
}

core "layout = 7.2" percpu
dropped 16 | sed 1d > "$work/all"

# damaged WHAT FIXTURE...: what of $work/all is kept after the damage, and what is said
damaged()
{
	echo "$1"
	shift
	core "layout = 7.2" percpu "$@"
	rm -rf "$work/out"
	mkdir "$work/out"
	"$AGENT" capture --level 16 "$work/core" "$work/out" > "$work/stdout" 2> "$work/stderr" ||
		lacks_log_only $? "$work/stderr" ||
		fail "exit $?: $(tail -n 5 "$work/stderr")"
	"$READDUMP" dropped "$work/out/vmcore" | sed 's/^/  /' > "$work/now"
	diff "$work/all" "$work/now" | sed -n 's/^< */kept /p; s/^> */left out too /p' |
		paste -s -d ' ' | sed 's/\(.\) kept/\1/g; s/^k/  k/'
	sed -n 's/^crashbox: warning: \(.*lists.*\)/  \1/p' "$work/stderr"
}

{
	damaged "nothing"
	damaged "a count too high" "poke 4 pcp:0:0:1+8 = 29"
	damaged "a count too low" "poke 4 pcp:0:0:1+8 = 27"
	damaged "a count of one list's first block" "poke 4 pcp:1:0:1+8 = 1"
	damaged "a count of none" "poke 4 pcp:0:0:1+8 = 0"
	damaged "a negative count" "poke 4 pcp:0:0:1+8 = 0x80000000"
	damaged "a count of 2^31 - 1" "poke 4 pcp:0:0:1+8 = 0x7fffffff"
	damaged "a page that does not point back" "poke 8 page:0x800+16 = 0"
	damaged "a head that does not point back" "poke 8 pcp:0:0:1+24 = 0"
	damaged "a list that leads to nowhere" "poke 8 page:0x800+8 = 0xdead000000000100"
	damaged "a list that leads to the user" "poke 8 page:0x800+8 = 0x1000"
	damaged "a list into a page's middle" \
		"poke 8 page:0x800+8 = $(printf '0x%x' $(($(lru 0x801) + 16)))"
	damaged "a list behind all memory" "poke 8 page:0x800+8 = $(lru 0x7fffffff00)"
	damaged "a list into a hole" "poke 8 page:0x800+8 = $(lru 0x9000)"
	damaged "pages in a circle" "poke 8 page:0x801+8 = $(lru 0x802)"
	damaged "a page that leads to itself" "poke 8 page:0x805+8 = $(lru 0x805)"
	damaged "a block that somebody holds" "poke 4 page:0x82a+52 = 1"
	damaged "a block with a flag" "poke 8 page:0x811 = 0x0017ffffc0000020"
	damaged "a block that is mapped" "poke 4 page:0x82f+48 = 0"
	damaged "a block with a mapping" "poke 8 page:0x82f+24 = 0xffff888001234561"
	damaged "a block with a type" "poke 4 page:0x82f+48 = 0xf2000000"
	damaged "a block where none can begin" "list 0 0 1 4 = 0x881"
	damaged "a single page among huge ones" "list 0 0 1 13 = 0x880"
	damaged "another CPU's page" "poke 8 pcp:1:0:1+32 = $(lru 0x802)"
	damaged "one array for all CPUs" "poke 8 __per_cpu_offset+8 = 0" \
		"poke 8 __per_cpu_offset+16 = 0"
	damaged "a zone without pages" "poke 8 zone:0:1+24 = 0"
	damaged "a zone that lies elsewhere" "poke 8 zone:0:1+8 = 0x1000000"
	damaged "a zone's pointer to nowhere" "poke 8 zone:0:1+88 = 0x7000000000000000"
	damaged "no pointer in a zone" "poke 8 zone:0:1+88 = 0"
	damaged "a CPU that is not possible" "poke 1 __cpu_possible_mask = 5"
	damaged "a node less" "poke 8 0x3f0008 = 0"
	damaged "a node that is nowhere" "poke 8 0x3f0008 = 0x1234"
	damaged "no CPUs" "poke 4 nr_cpu_ids = 0"
	damaged "too many CPUs" "poke 4 nr_cpu_ids = 0xffffffff"
	damaged "no types" "poke 2 btf = 0"
	damaged "no symbols" "unset SYMBOL(kallsyms_names)"
	damaged "symbols of another kernel" "poke 4 kallsyms_offsets = 0x1000"
} > "$work/got"
expect
