#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Struct pages that lie.
# shellcheck source=tests/malformed/lib.sh
. "${0%/*}/lib.sh"

survives "every page is a tail of itself" "@0x800+256 compound_head=0xffd4000000020001"
survives "tails of a head past memory" "@0x800+256 compound_head=0xffffffffffffff01"
survives "tails of a head at an odd address" "@0x800+256 compound_head=0xffd4000000020021"
survives "tails of one another" "@0x800 compound_head=0xffd4000000020041" \
	"@0x801 compound_head=0xffd4000000020001"
survives "heads without tails" "@0x800+256 flags=head"
survives "an order of 255" "@0x800 order=1 raw_order=255 flags=lru mapping=file"
survives "an order of 63" "@0x800 order=1 raw_order=63 flags=lru mapping=file"
survives "a free order of 2^64 - 1" "@0x800 type=buddy private=0xffffffffffffffff"
survives "a free order of 63" "@0x800 type=buddy private=63"
survives "free blocks inside of free blocks" "@0x800 buddy=10" "@0x801 buddy=9" "@0x810 buddy=4"
survives "everything poisoned" "set NUMBER(PG_hwpoison) = 0" "@0x100-0xfff flags=locked"
for layout in 6.4 6.7 6.12 7.2; do
	survives "an order of 255 on $layout" "layout = $layout" \
		"@0x800 order=1 raw_order=255 flags=lru mapping=anon"
	survives "masks of all sorts on $layout" "layout = $layout" \
		"@0x801 compound_head=0xffffffffffffffff" "@0x802 compound_head=1" \
		"@0x803 compound_head=0x8000000000000001" "@0x804 compound_head=0xfffffffffffffff1"
done
finish
