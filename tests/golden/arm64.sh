#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# arm64 with each page size and depth of table that kernels are made for: the same classes
# of pages, by frame number, are left out as on x86_64, and log and header are right.
# A row: name, layout, page size in KiB, address bits, and where the CPU has less, its
# T1SZ. LPA2 is 52 bits with pages of less than 64 KiB.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

while read -r name layout kib bits; do
	# 4096 frames for the classes, then the struct pages, then tables.
	end=$((kib << 22))
	core "layout = $layout" "arm64 = $kib $bits" "ram = 0x0-$((end + (16 << 20)))" \
		"memmap = $end" "arena = $((end + (4 << 20)))" \
		"phys_offset = 0x40000000" classes "log 1.0 \"seen through $name\""
	dropped 31 > "$work/got"
	diff -u "$here/translation.expect" "$work/got" ||
		fail "$name: not as on x86_64 (- wanted, + got)"
	equals "$name: trusted" true "$(manifest filter_trusted)"
	grep -q "seen through $name" "$work/out/vmcore-dmesg.txt" || fail "$name: dmesg"
	"$READDUMP" header "$work/out/vmcore" > "$work/header"
	for line in "machine = aarch64" "phys_base = $((0x40000000))" \
		"block_size = $((kib << 10))"; do
		grep -qx "$line" "$work/header" || fail "$name: the header has no $line"
	done
done << END
4K-36 6.12 4 36
4K-39 7.2 4 39
4K-48 6.12 4 48
4K-LPA2 6.12 4 52
4K-LPA2 7.2 4 52
4K-52-on-48 7.2 4 52 16
16K-36 7.2 16 36
16K-47 6.12 16 47
16K-48 7.2 16 48
16K-LPA2 6.12 16 52
16K-52-on-47 7.2 16 52 17
64K-42 6.12 64 42
64K-48 7.2 64 48
64K-52 6.12 64 52
64K-52-on-48 7.2 64 52 16
END
