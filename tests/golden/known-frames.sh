#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Frames that are surely the kernel's own, page tables here, whose struct pages were
# overwritten and call them free: they stay, and are counted, so that the dump can still be
# translated. Poison is not read for all that. Where most struct pages of such frames say
# so, they do not mean what we think, and nothing is left out.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

# damaged N [LINE...]: a core in which N page tables from 0x800 on call themselves free
damaged()
{
	lines=$(i=0; while [ $i -lt "$1" ]; do printf '@0x%x buddy=0\n' $((0x800 + i)); i=$((i + 1)); done)
	shift
	core "layout = 6.12" 'log-many 60 1.0 "line %u"' "arena = 0x800000" "$lines" "$@"
}

for table in 0x904 0x905 0x906; do
	core "layout = 6.12" 'log-many 60 1.0 "line %u"' "arena = 0x800000" "@$table buddy=0"
	capture 31
	equals "$table: pages that are known" 1 "$(manifest pages kept_known)"
	equals "$table: the filter" true "$(manifest filter_trusted)"
	"$AGENT" dmesg "$work/out/vmcore" > "$work/dmesg" 2> "$work/stderr2" ||
		fail "$table: the dump cannot be translated: $(tail -n 1 "$work/stderr2")"
	equals "$table: lines of the log in the dump" 60 "$(wc -l < "$work/dmesg")"
done

damaged 10 "@0xa00 buddy=0" "@0xa02 type=offline"
dropped 31 > "$work/got"
expect
equals "ten: pages that are known" 10 "$(manifest pages kept_known)"
grep -q "10 pages are kept against what their struct pages say" "$work/stderr" ||
	fail "ten: no word of it: $(cat "$work/stderr")"

core "layout = 6.12" "arena = 0x800000" "@0x904 flags=hwpoison" "@0x905 type=offline"
capture 31
equals "poison in a page table" 0x904-0x905 "$("$READDUMP" dropped "$work/out/vmcore" | xargs)"

damaged 40 "@0xa00 buddy=0"
capture 31
equals "forty: the filter" false "$(manifest filter_trusted)"
equals "forty: left out" "" "$("$READDUMP" dropped "$work/out/vmcore")"
grep -q "40 of [0-9]* pages that are the kernel's own" "$work/stderr" ||
	fail "forty: not said why nothing is filtered: $(cat "$work/stderr")"
