#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# More memory than the set of free pages sees at a time (64 GiB): the lists are gone
# through again for what is above, but only those of zones that reach there; a CPU whose
# lists contradict themselves is counted once.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for span in 0xffffffff 0x800000; do
	core "layout = 6.12" "types = 1" "arena = 0x800000" \
		"ram = 0x100000-0x1000000" "ram = 0x1000000000-0x1001000000" \
		"@0xc00+0x100 data=pfn" "@0x1000000+0x100 data=pfn" \
		"list 0 0 1 0 = 0xc00 0x1000010 0xc02 0x1000012" \
		"list 0 0 1 11 = 0x1000028 0xc08" \
		"list 0 0 2 1 = 0x1000020 0xc20" \
		"list 1 0 2 1 = 0xc40 0x1000040" "poke 4 pcp:1:0:2+8 = 3" \
		"poke 8 zone:0:1+24 = $span"
	echo "zone 1 spans $span"
	dropped 16
	sed -n 's/^crashbox: warning: \(.*lists.*\)/  \1/p' "$work/stderr"
done > "$work/got"
expect
