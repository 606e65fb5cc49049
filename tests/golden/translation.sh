#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The same machine seen through every kind of page table: 4 and 5 levels, leaves of 4 KiB,
# 2 MiB and 1 GiB, a moved kernel, encryption bits, a log that lies outside of the image.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for extra in "levels = 4" "levels = 5" "kaslr = 0x2c000000" "sme_mask = 0x800000000000" \
	"direct_leaf = 0x1000" "direct_leaf = 0x40000000" "desc_bits = -6" \
	"vmemmap_base = 0xffd7c00000000000"; do
	core "layout = 6.1" "$extra" classes "log 1.0 \"seen through $extra\""
	dropped 31 > "$work/got"
	expect
	grep -q "seen through $extra" "$work/out/vmcore-dmesg.txt" || fail "dmesg: $extra"
done
core "layout = 6.1" "levels = 4" "sme_mask = 0x800000000000" "kaslr = 0x1000000" classes
dropped 31 > "$work/got"
expect
