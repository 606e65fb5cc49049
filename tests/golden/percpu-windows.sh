#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# More memory than the set of free pages sees at a time (2 TiB): the lists are gone
# through again for what is above, but only those of zones that reach there; a CPU whose
# lists contradict themselves is counted once, and so are lists that leave their zone.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for span in 0xffffffff 0x800000; do
	core "layout = 6.12" "types = 1" "arena = 0x800000" \
		"ram = 0x100000-0x1000000" "ram = 0x20000000000-0x20001000000" \
		"@0xc00+0x100 data=pfn" "@0x20000000+0x100 data=pfn" \
		"list 0 0 1 0 = 0xc00 0x20000010 0xc02 0x20000012" \
		"list 0 0 1 11 = 0x20000028 0xc08" \
		"list 0 0 2 1 = 0x20000020 0xc20" \
		"list 1 0 2 1 = 0xc40 0x20000040" "poke 4 pcp:1:0:2+8 = 3" \
		"poke 8 zone:0:1+24 = $span"
	echo "zone 1 spans $span"
	# Not by dropped(): to compare each frame up to there takes minutes.
	rm -rf "$work/out"
	mkdir "$work/out"
	"$AGENT" capture --level 16 "$work/core" "$work/out" > "$work/stdout" 2> "$work/stderr" ||
		lacks_log_only $? "$work/stderr" ||
		fail "exit $?: $(tail -n 5 "$work/stderr")"
	"$READDUMP" dropped "$work/out/vmcore" | sed 's/^/  /'
	sed -n 's/^crashbox: warning: \(.*lists.*\)/  \1/p' "$work/stderr"
done > "$work/got"
expect
