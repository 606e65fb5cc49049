#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels before 5.13 do not say how large a section is, and are filtered all the same. A
# section that is not online may have struct pages that nobody ever set up: its memory
# stays, is counted as not judged, and the manifest says so.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for layout in 4.19 5.10 6.1; do
	core "layout = $layout" "unset NUMBER(SECTION_SIZE_BITS)" classes \
		"log 1.0 \"a line\""
	dropped 31 > "$work/got"
	grep -q "0x800-0x807" "$work/got" || fail "$layout: free pages are not left out"
	equals "$layout: level" '{"asked": 31, "used": 31}' "$(manifest level)"
	equals "$layout: errors" \
		"['free pages on the lists of CPUs are kept: the kernel's symbol table is not to be found', '1 free blocks have an order that cannot be, and are kept: the kernel's free lists were damaged']" \
		"$(manifest errors | tr '"' "'")"
	cp "$work/got" "$work/without"
	core "layout = $layout" classes
	dropped 31 > "$work/got"
	cmp "$work/got" "$work/without" || fail "$layout: the size of a section makes a difference"
done
core "layout = 6.1" "section_bits = 26" "unset NUMBER(SECTION_SIZE_BITS)" classes
rm -rf "$work/out"
mkdir "$work/out"
"$AGENT" capture --level 31 "$work/core" "$work/out" > "$work/stdout" 2> "$work/stderr" ||
	lacks_log_only $? "$work/stderr" ||
	fail "sections of another size: $(tail -n 3 "$work/stderr")"
equals "sections of another size than is assumed" "" "$("$READDUMP" dropped "$work/out/vmcore")"

for layout in 6.1 6.12 7.2; do
	# The low bits of an entry: 1 present, 2 has a memory map, 4 online, 8 early.
	for bits in 0x0f:8 0x0b:0 0x03:0 0x0d:0; do
		core "layout = $layout" "ram = 0x1000-0x9f000" "ram = 0x100000-0x2000000" \
			"ram = 0x8000000-0x8100000" "memmap = 0x1000000" "@0x800 buddy=3 data=pfn" \
			"@0x8000 buddy=3 data=pfn" "poke 1 section:1 = ${bits%:*}"
		capture 31
		equals "$layout, $bits: the other section" "" \
			"$("$READDUMP" kept "$work/out/vmcore" 0x800 0x808)"
		equals "$layout, $bits: free pages left out" $((8 + ${bits#*:})) \
			"$(manifest pages free)"
		[ "${bits#*:}" = 0 ] || continue
		equals "$layout, $bits: pages not judged" 256 "$(manifest pages kept_unknown)"
		case $(manifest errors) in
		*"256 pages are kept unjudged"*) ;;
		*) fail "$layout, $bits: nothing is said: $(manifest errors)" ;;
		esac
	done
done
