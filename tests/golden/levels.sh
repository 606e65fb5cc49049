#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each of the 32 levels leaves out the union of what its bits leave out alone.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core "layout = 6.12" classes
for level in $(seq 0 31); do
	capture "$level"
	"$READDUMP" dropped "$work/out/vmcore" 0x850 0x851 > "$work/offline"
	"$READDUMP" pages "$work/out/vmcore" | cut -d" " -f1 | sort > "$work/kept.$level"
	[ -s "$work/offline" ] || fail "level $level keeps the offline page"
done
for level in $(seq 0 31); do
	cp "$work/kept.0" "$work/wanted"
	for bit in 1 2 4 8 16; do
		[ $((level & bit)) -eq 0 ] && continue
		comm -12 "$work/wanted" "$work/kept.$bit" > "$work/both"
		mv "$work/both" "$work/wanted"
	done
	cmp "$work/wanted" "$work/kept.$level" || fail "level $level"
done
