#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The ELF header and its table, cut, absurd, and pointing at nothing.
# shellcheck source=tests/malformed/lib.sh
. "${0%/*}/lib.sh"

# Offsets in Elf64_Ehdr: 4 class, 5 data, 16 type, 18 machine, 32 phoff, 54 phentsize,
# 56 phnum; in Elf64_Phdr: 0 type, 8 offset, 16 vaddr, 24 paddr, 32 filesz, 40 memsz.
refused "empty but for one byte" "cut = 1"
refused "cut in the ELF header" "cut = 40"
refused "cut in the program headers" "cut = 100"
refused "no ELF magic" "ehdr 0 4 = 0"
refused "32-bit" "ehdr 4 1 = 1"
refused "big-endian" "ehdr 5 1 = 2"
refused "not a core" "ehdr 16 2 = 2"
refused "program headers past the end" "ehdr 32 8 = 0x7fffffffffff0000"
refused "program headers at minus one" "ehdr 32 8 = 0xffffffffffffffff"
refused "no program headers" "ehdr 56 2 = 0"
anyhow "65535 program headers" "ehdr 56 2 = 0xffff"
anyhow "program headers of one byte" "ehdr 54 2 = 1"
unfiltered "an unknown machine" "ehdr 18 2 = 9999"
degraded "cut in the middle of memory" "cut = -4000000"
degraded "cut by one byte" "cut = -1"
degraded "cut where the first memory begins" "cut = 30000"
survives "a PT_LOAD of no bytes" "phdr 2 32 8 = 0" "phdr 2 40 8 = 0"
degraded "a PT_LOAD of 2^63 bytes" "phdr 3 32 8 = 0x8000000000000000" \
	"phdr 3 40 8 = 0x8000000000000000"
degraded "a PT_LOAD that ends past 2^64" "phdr 3 24 8 = 0xfffffffffffff000"
degraded "a PT_LOAD whose bytes are past the file" "phdr 3 8 8 = 0x7ffffffffffff000"
survives "memory larger than its bytes" "phdr 3 40 8 = 0x2000000"
degraded "bytes of 64 TiB" "phdr 3 32 8 = 0x400000000000" "phdr 3 40 8 = 0x400000000000"
survives "two PT_LOADs that overlap" "load = 0 0x300000 0x200000"
survives "the same PT_LOAD twice" "load = 0 0x100000 0xf00000"
survives "two PT_LOADs that share their bytes" "phdr 2 8 8 = 0x4000"
survives "PT_LOADs out of order" "ram = 0x8000000-0x8100000" "ram = 0x100000-0x1000000" \
	"ram = 0x1000-0x9f000"
degraded "pages that cannot be read" "unreadable = 0x4000000 0x10000"
finish
