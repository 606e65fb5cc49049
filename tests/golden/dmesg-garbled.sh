#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A ring of which little can be read: what can is there, what is found in memory stands
# behind it, and what is lost is counted. A ring that claims to be huge is given up in time,
# but not its newest records.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

lines="log-many 60 1.0 \"line %u of a log that nobody points at.\""
last="log 10.0 \"the last one\""

# found WHAT: the salvaged lines are all there, in order, and last
found()
{
	capture 31
	equals "$1: dmesg_salvaged" true "$(manifest dmesg_salvaged)"
	grep -n "^line [0-9]* of a log that nobody\|^the last one" "$work/out/vmcore-dmesg.txt" |
		sed 's/^[0-9]*:line \([0-9]*\).*/\1/' | head -n 60 > "$work/found"
	seq 0 59 | cmp - "$work/found" || fail "$1: $(head -n 5 "$work/out/vmcore-dmesg.txt")"
	grep -q "^the last one" "$work/out/vmcore-dmesg.txt" || fail "$1: the last one is missing"
}

for layout in 6.1 6.12; do
	core "layout = $layout" "$lines" "log-empty 2.0" "$last" \
		"poke 8 printk_rb+56 = 0x4141414141414141"
	found "$layout, text nowhere, one record without"
	equals "$layout: the record that can be read" "[    2.000000] " \
		"$(head -n 1 "$work/out/vmcore-dmesg.txt")"
	equals "$layout: the others" 61 "$(manifest dmesg_records_skipped)"
done

# 2^26 records, of which the kernel's own 2^14 may be anywhere, and a head that is nowhere.
core "layout = 6.12" "$lines" "$last" "poke 4 printk_rb = 26" \
	"poke 8 printk_rb+24 = 0x3fffffffffffffff"
found "a count of bits and a head that are wrong"

# A head far away alone costs nothing: all there is can be read.
core "layout = 6.12" "$lines" "$last" "poke 8 printk_rb+24 = 0x0fffffffffffffff"
capture 31
equals "a head far away: dmesg_salvaged" false "$(manifest dmesg_salvaged)"
equals "a head far away: lines" 61 "$(wc -l < "$work/out/vmcore-dmesg.txt")"
equals "a head far away: skipped" 0 "$(manifest dmesg_records_skipped)"

# A hundred thousand descriptors are gone, and the newest records are behind them.
core "layout = 6.12" "ram = 0x100000-0x3000000" "pages = none" "log_bits = 22" \
	"desc_bits = -17" "log 1.0 \"the first one\"" "log-skip 100000" "$lines" "$last"
capture 31
equals "a gap: the first line" "[    1.000000] the first one" \
	"$(head -n 1 "$work/out/vmcore-dmesg.txt")"
grep -q "^\[   10.000000\] the last one" "$work/out/vmcore-dmesg.txt" ||
	fail "a gap: the newest records are lost"
equals "a gap: skipped" 100000 "$(manifest dmesg_records_skipped)"
