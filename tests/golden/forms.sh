#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A dump says the same in every form that other tools write: packed with LZO or snappy,
# flattened, split, as an ELF core with holes. What a cut one lacks is told, and a part that
# is not named is asked for.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

reform=$top/tests/tools/reform
core "layout = 6.1" classes dmesg-wrapped "@0x800+64 data=random:7"
capture 31 --codec zlib
plain=$work/out/vmcore

# again NAME FILE...: captured once more, it holds the same pages and tells the same; where
# zero pages are none, only those that there are
again()
{
	form=$1
	shift
	rm -rf "$work/again"
	"$AGENT" capture --level 0 "$@" "$work/again" > "$work/said" 2>&1 ||
		fail "$form: capture: $(cat "$work/said")"
	rc=0
	"$READDUMP" compare "$plain" "$work/again/vmcore" > "$work/said" 2>&1 || rc=$?
	[ $rc = 0 ] || [ "$rc $form" = "3 an ELF core with holes" ] ||
		fail "$form: captured anew: $(cat "$work/said")"
	said "$work/again/vmcore" > "$work/got"
	diff -u "$work/wanted" "$work/got" > "$work/diff" ||
		fail "$form, captured anew: $(head -n 20 "$work/diff")"
}

# said FILE...: what the verbs say of them, but for their names and sizes
said()
{
	"$AGENT" dmesg "$@" && "$AGENT" report --json "$@" | grep -v -e made_ms -e memory_kib
	"$AGENT" info "$@" |
		grep -Ev '^(file|files|format|size|codec|complete|dump level|pages|memory|left|missing|device)'
}

# same NAME FILE...: they are whole, and one with the plain dump
same()
{
	form=$1
	shift
	"$AGENT" check "$@" > "$work/check" 2>&1 || fail "$form: check: $(cat "$work/check")"
	said "$@" > "$work/got" 2> "$work/errors" || fail "$form: $(cat "$work/errors")"
	diff -u "$work/wanted" "$work/got" > "$work/diff" || fail "$form: $(head -n 20 "$work/diff")"
}

said "$plain" > "$work/wanted"
again "a dump" "$plain"
[ "$(wc -l < "$work/wanted")" -gt 50 ] || fail "the plain dump says little"
for codec in lzo snappy; do
	rc=0
	"$reform" pack $codec "$plain" "$work/$codec" > "$work/said" || rc=$?
	[ $rc != 77 ] || { echo "$codec is left out: $(cat "$work/said")"; continue; }
	equals "reform pack $codec" 0 $rc
	same $codec "$work/$codec"
	"$AGENT" info "$work/$codec" | grep -q "^codec *$codec\$" || fail "info: no $codec"
done
for seed in 1 2 3; do
	"$reform" flat $seed "$plain" "$work/flat"
	same "flattened, $seed" "$work/flat"
	again "flattened, $seed" "$work/flat"
done
"$AGENT" info "$work/flat" | grep -q "^format .*, flattened" || fail "info: not flattened"

"$reform" split 3 "$plain" "$work/part"
same "split" "$work/part2" "$work/part3" "$work/part1"
again "split" "$work/part2" "$work/part3" "$work/part1"
check_says 1 "the file with the page frames 0x[0-9a-f]* to 0x[0-9a-f]* is missing" \
	"$work/part1" "$work/part3"
check_says 1 "the file with the page frames 0x0 to" "$work/part2"
check_says 1 "two files have page frame 0x0" "$work/part1" "$work/part1" "$work/part2"
check_says 1 "no part of a split dump" "$work/part1" "$plain"
check_says 1 "name no other with it" "$work/core" "$plain"
equals "look, split" "$("$AGENT" look "$plain" sys)" \
	"$("$AGENT" look "$work/part3" "$work/part1" "$work/part2" sys)"

"$reform" holes "$plain" "$work/holes"
same "an ELF core with holes" "$work/holes"
again "an ELF core with holes" "$work/holes"
for seed in 1 2; do
	"$reform" flat $seed "$work/holes" "$work/flatholes"
	same "a flattened ELF core with holes, $seed" "$work/flatholes"
done
"$AGENT" info "$work/flatholes" | grep -q "^format *ELF core, flattened" ||
	fail "info: no flattened core"
equals "look, a flattened ELF core" "$("$AGENT" look "$plain" sys)" \
	"$("$AGENT" look "$work/flatholes" sys)"
check_says 1 "an ELF core, not a kdump-compressed dump" "$work/flatholes" "$plain"
# As makedumpfile writes it, in the order of the file: what is cut off is missing.
"$reform" flat 0 "$work/holes" "$work/flatholes"
truncate -s $(($(wc -c < "$work/flatholes") * 3 / 4)) "$work/flatholes"
check_says 2 "incomplete: .* of its memory are missing" "$work/flatholes"

# Of a flattened one that stops nobody knows how long it was: it may claim any number of frames.
/usr/bin/python3 - "$plain" "$work/huge" << 'PYTHON'
import struct, sys
head = bytearray(open(sys.argv[1], "rb").read(8192))
frames = (1 << 40) + 4096 * 8
struct.pack_into("<I", head, 436, frames // 8 // 4096 * 2)	# blocks of both bitmaps
struct.pack_into("<Q", head, 4096 + 96, frames)			# the sub-header's max_mapnr
flat = struct.pack(">16sQQ", b"makedumpfile", 1, 1).ljust(4096, b"\0")
open(sys.argv[2], "wb").write(flat + struct.pack(">QQ", 0, len(head)) + head)
PYTHON
check_says 1 "page frames of 4096 bytes are more than a CPU can address" "$work/huge"

# A flattened one that stops in the middle: behind the last data, and in them.
size=$(wc -c < "$work/flat")
for len in $((size - 16)) $((size - 15)) $((size - 1)); do
	head -c $len "$work/flat" > "$work/cut"
	check_says 2 "0 of [0-9]* pages are missing, and it stops in the middle" "$work/cut"
	said "$work/cut" > "$work/got"
	cmp "$work/wanted" "$work/got" || fail "a cut without loss says something else"
done
# In order, so that the descriptors are there and the last data are not.
/usr/bin/python3 - "$plain" "$work/cut" <<'PYTHON'
import struct, sys
data = open(sys.argv[1], "rb").read()
with open(sys.argv[2], "wb") as out:
    out.write(struct.pack(">16sQQ", b"makedumpfile", 1, 1).ljust(4096, b"\0"))
    for at in range(0, len(data) * 9 // 10, 4000):
        part = data[at:at + 4000]
        out.write(struct.pack(">QQ", at, len(part)) + part)
PYTHON
check_says 2 "incomplete: [1-9][0-9]* of [0-9]* pages are missing, and it stops" "$work/cut"
