#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Pages of the same content are stored once, whatever their codec, and read back as what
# they are; as many of them, however many workers there are.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core "layout = 6.12" "ram = 0x1000-0x9ec00" "ram = 0x100000-0x1000000" \
	"@0xc00+64 data=noise:7" "@0xc80+64 data=random:7" "@0xd00+64 data=fill:0x55" \
	"@0xd80+64 data=pfn"
for codec in zstd zlib none; do
	capture 1 --codec "$codec" --workers 1
	cp "$work/out/vmcore" "$work/vmcore.1"
	# 63 of the noise, 63 of the filled ones; the core has others, alike by themselves.
	shared=$(manifest pages shared)
	[ "$shared" -ge 126 ] || fail "$codec: only $shared pages share their data"
	for workers in 2 8; do
		capture 1 --codec "$codec" --workers "$workers"
		cmp "$work/vmcore.1" "$work/out/vmcore" || fail "$codec, $workers workers: differs"
	done
done
