#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Thousands of small stretches of memory, out of order and with overlaps, are one set.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core "layout = 6.1" "ram_many = 0x1000000 0x3000 0x4000 3000" "load = 0 0x200000 0x400000" \
	"load = 0 0x1000 0x9ec00" "memmap = 0x400000" "ram = 0x100000-0x1000000"
capture 0
equals "kept" 12999 "$("$READDUMP" header "$work/out/vmcore" | sed -n "s/^kept = //p")"
