#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# arm64: page tables that loop, point nowhere or are of another kind than the level they
# stand at, and VMCOREINFO that tells of no such machine.
# shellcheck source=tests/malformed/lib.sh
. "${0%/*}/lib.sh"

# mkcore puts struct pages 2 GiB below the end, whatever the page size.
vmemmap=0xffffffff80000000

# tables KIB BITS LEVELS: the top one, one below it, and the last, each with wrong entries
tables()
{
	m="arm64 = $1 $2"
	ram="ram = 0x0-0x3000000"
	at="memmap = 0x2000000"
	arena="arena = 0x2400000"
	degraded "$m: the top points at itself" "$m" "$ram" "$at" "$arena" \
		"poke 8 pte:$vmemmap:$3 = &init_top_pgt+3"
	degraded "$m: the next points at the top" "$m" "$ram" "$at" "$arena" \
		"poke 8 pte:$vmemmap:$(($3 - 1)) = &init_top_pgt+3"
	survives "$m: no memory map is mapped" "$m" "$ram" "$at" "$arena" \
		"poke 8 pte:$vmemmap:$3 = 0"
	survives "$m: the table lies in no memory" "$m" "$ram" "$at" "$arena" \
		"poke 8 pte:$vmemmap:$(($3 - 1)) = 0xfffffff00003"
	survives "$m: a block at the top" "$m" "$ram" "$at" "$arena" \
		"poke 8 pte:$vmemmap:$3 = 0x701"
	survives "$m: a block at the last level" "$m" "$ram" "$at" "$arena" \
		"poke 8 pte:$vmemmap:1 = 0x2000701"
	survives "$m: present, but invalid" "$m" "$ram" "$at" "$arena" \
		"poke 8 pte:$vmemmap:1 = 0x60000002000f02"
	survives "$m: all bits set" "$m" "$ram" "$at" "$arena" \
		"poke 8 pte:$vmemmap:$3 = 0xffffffffffffffff"
}

tables 4 52 5
tables 16 47 3
tables 64 48 3
m="arm64 = 4 48"
degraded "no kimage_voffset" "$m" "unset NUMBER(kimage_voffset)"
degraded "a kimage_voffset of nothing" "$m" "set NUMBER(kimage_voffset) = 0x0"
degraded "no swapper_pg_dir" "$m" "unset SYMBOL(swapper_pg_dir)"
degraded "pages of 8 KiB" "$m" "set PAGESIZE = 8192"
degraded "another page size" "$m" "set PAGESIZE = 65536"
degraded "another depth" "$m" "set NUMBER(TCR_EL1_T1SZ) = 0xc"
degraded "a T1SZ of everything" "$m" "set NUMBER(TCR_EL1_T1SZ) = 0xffffffffffffffff"
degraded "neither VA_BITS nor T1SZ" "$m" "unset NUMBER(TCR_EL1_T1SZ)" "unset NUMBER(VA_BITS)"
survives "no T1SZ" "$m" "unset NUMBER(TCR_EL1_T1SZ)"
survives "no PHYS_OFFSET" "$m" "unset NUMBER(PHYS_OFFSET)"
finish
