#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Free pages on the CPUs' own lists, which nothing marks, are left out at level 16 and at
# no other, on each layout that has a symbol table.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

check()
{
	for level in 0 15 16 31; do
		dropped "$level"
		echo "  $(manifest pages free_percpu) pages, $(grep -c lists "$work/stderr") warnings"
		equals "$1" "$level" "$(manifest level used)"
	done > "$work/got"
	expect
}

for layout in 6.1 6.4 6.7 6.11 6.12 7.2; do
	core "layout = $layout" percpu
	check "layout $layout"
done
core "layout = 7.2" "arm64 = 4 48" "ram = 0x0-0x2000000" "memmap = 0x1000000" \
	"arena = 0x1400000" "phys_offset = 0x40000000" percpu
check "arm64"

# Up to 5.13 only single pages are on such lists, and zones call them otherwise.
core "layout = 5.10" "types = 1" "backport = 1" "@0x800+0x10 data=pfn" \
	"list 0 0 1 0 = 0x802 0x800 0x803" "list 1 0 2 2 = 0x805"
equals "layout 5.10" "level 16 0x800 0x802-0x803 0x805" "$(dropped 16 | xargs)"
