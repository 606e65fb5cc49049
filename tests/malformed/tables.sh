#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Page tables and memory sections that loop, point nowhere or contradict themselves.
# shellcheck source=tests/malformed/lib.sh
. "${0%/*}/lib.sh"

# Level 5 is the top here; vmemmap starts at 0xffd4000000000000.
vmemmap=0xffd4000000000000
degraded "the top table points at itself" "poke 8 pte:$vmemmap:5 = &init_top_pgt+0x67"
degraded "a lower table points at the top" "poke 8 pte:$vmemmap:4 = &init_top_pgt+0x67"
survives "no memory map is mapped" "poke 8 pte:$vmemmap:5 = 0"
survives "the table lies in no memory" "poke 8 pte:$vmemmap:4 = 0xffffffff000067"
survives "struct pages in no memory" "poke 8 pte:$vmemmap:2 = 0x7ffff000000e3"
survives "a leaf of 512 GiB" "poke 8 pte:$vmemmap:4 = 0xe3"
survives "all bits set" "poke 8 pte:$vmemmap:3 = 0xffffffffffffffff"
survives "the root table of sections is garbage" "poke 8 roots = 0x4141414141414141"
survives "the root points at itself" "poke 8 roots = &roots"
survives "no sections" "poke 8 roots = 0"
survives "a section without a map" "poke 8 section:0 = 1"
survives "a section of all ones" "poke 8 section:0 = 0xffffffffffffffff"
survives "a section that points into the image" "poke 8 section:0 = 0xffffffff81000003"
degraded "struct pages that cannot be read" "ram = 0x1000-0x9fc00" "ram = 0x100000-0x1000000" \
	"unreadable = 0x4000000 0x200000" "poke 8 pte:$vmemmap:2 = 0x40000e3"
finish
