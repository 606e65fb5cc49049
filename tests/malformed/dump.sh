#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Dump files that were damaged after they were written: check, info and dmesg must see
# it, or not mind, and never read or decode outside of the file.
# shellcheck source=tests/malformed/lib.sh
. "${0%/*}/lib.sh"

core "layout = 6.1" classes "log 1.0 \"a line\""
capture 31
good=$work/good
mv "$work/out/vmcore" "$good"
dump=$work/dump
sub=4096 bitmap1=8192 bitmap2=12288 desc=16384
size=$(wc -c < "$good")

# poke OFF SIZE VALUE: a little-endian number in the dump
poke()
{
	value=$3 i=0
	while [ "$i" -lt "$2" ]; do
		printf '%b' "\\0$(printf '%03o' $((value & 255)))"
		value=$((value >> 8))
		i=$((i + 1))
	done | dd of="$dump" bs=1 seek="$1" conv=notrunc status=none
}

# checked EXIT NAME: check says EXIT, in one line; the other verbs survive.
do_checked()
{
	case_name=$2
	run_agent info "$dump"
	run_agent dmesg "$dump"
	run_agent check "$dump"
	[ "$rc" -eq "$1" ] || fail "$case_name: check: exit $rc, wanted $1: $(cat "$work/stderr")"
}

checked()
{
	in_case do_checked "$@"
	cp "$good" "$dump"
}

# damaged NAME OFF SIZE VALUE
damaged()
{
	poke "$2" "$3" "$4"
	checked 1 "$1"
}

cut()
{
	truncate -s "$2" "$dump"
	checked 1 "$1"
}

cp "$good" "$dump"
checked 0 "nothing changed"
poke 424 4 $((0x28))
checked 2 "the incomplete bit"
# A descriptor may lie across two blocks of the disk.
for half in 0:8 8:4; do
	poke 424 4 $((0x28))
	poke $((desc + ${half%:*})) "${half#*:}" 0
	checked 2 "incomplete, with half a descriptor"
done

damaged "signature" 0 1 0
damaged "header version" 8 4 99
damaged "block size 0" 428 4 0
damaged "block size 1" 428 4 1
damaged "block size 5000" 428 4 5000
damaged "block size 2^31" 428 4 0x80000000
damaged "no sub header" 432 4 0
damaged "a sub header of 2^32 - 1 blocks" 432 4 0xffffffff
damaged "no bitmaps" 436 4 0
damaged "an odd number of bitmap blocks" 436 4 3
damaged "2^32 - 1 bitmap blocks" 436 4 0xffffffff
poke 440 4 0
damaged "max_mapnr 0" $((sub + 96)) 8 0
damaged "max_mapnr 2^63" $((sub + 96)) 8 -9223372036854775808
damaged "max_mapnr larger than the bitmap" $((sub + 96)) 8 0x9000
damaged "notes past the end" $((sub + 48)) 8 0x7fffffffffffffff
damaged "notes of 2^63 bytes" $((sub + 56)) 8 0x7fffffffffffffff
damaged "VMCOREINFO past the end" $((sub + 32)) 8 0x7fffffffffffffff
damaged "VMCOREINFO of 2^63 bytes" $((sub + 40)) 8 0x7fffffffffffffff
damaged "names without an end" $((12 + 4 * 65)) 65 -1
damaged "another system" 12 1 88
damaged "a page that no memory is" $bitmap1 8 0
damaged "a page more than descriptors" $((bitmap2 + 0x108)) 8 -1
poke $((desc + 24)) 24 0
checked 2 "a descriptor that was never written"
damaged "data past the end" $desc 8 0x7fffffffffffff00
damaged "data before the file" $desc 8 -4096
damaged "data at the end" $desc 8 "$size"
damaged "data in the header" $desc 8 1
damaged "data in the descriptors" $desc 8 $((desc + 48))
damaged "a page of 2^32 - 1 bytes" $((desc + 8)) 4 0xffffffff
damaged "a page of 4097 bytes" $((desc + 8)) 4 4097
damaged "a page of no bytes" $((desc + 8)) 4 0
damaged "an unknown codec" $((desc + 12)) 4 0x40
damaged "two codecs" $((desc + 12)) 4 0x21
damaged "raw, but short" $((desc + 8)) 8 100
damaged "zstd called zlib" $((desc + 12)) 4 1
damaged "zstd called lzo" $((desc + 12)) 4 2
damaged "zstd called snappy" $((desc + 12)) 4 4
# Other kinds are not damaged.
poke $((sub + 12)) 4 1
checked 1 "a part of a split dump without frames"
poke $((sub + 12)) 4 1
poke $((sub + 80)) 8 5
damaged "a part that ends before it begins" $((sub + 88)) 8 4
poke $((sub + 12)) 4 1
damaged "a part that ends behind the machine" $((sub + 88)) 8 -1
poke $((sub + 12)) 4 1
damaged "half of a split dump, with the pages of all" $((sub + 88)) 8 0x800

# Flattened, in one record that is as long as the dump, and an end of 16 bytes.
flat=$work/flat
{ printf makedumpfile; head -c 11 /dev/zero; printf '\001'; head -c 7 /dev/zero; printf '\001'
	head -c $((4096 - 32 + 8)) /dev/zero
	printf '%016x' "$size" | sed 's/../\\x&/g' | xargs -0 printf '%b'
	cat "$good"
	head -c 16 /dev/zero | tr '\0' '\377'; } > "$flat"
cp "$good" "$work/plain"
good=$flat
cp "$good" "$dump"
checked 0 "flattened"
poke 31 1 2
checked 3 "flattened, version 2"
damaged "a record of no bytes" 4104 8 0
damaged "a record of 2^63 bytes" 4104 1 0x80
damaged "a record at 2^63" 4096 1 0x80
damaged "a record that is too short" 4104 8 0x0100000000000000
poke 4104 1 0x10
checked 2 "a record that is longer than the file"
poke 4096 1 0x10
checked 1 "a record far up"
truncate -s $((4112 + size)) "$dump"
checked 2 "without its end"
cut "cut in the header of what is meant" $((4112 + 300))
truncate -s $((4112 + bitmap2 + 1)) "$dump"
checked 2 "flattened, cut in the bitmaps"
cut "flattened, and nothing in it" 4096
good=$work/plain
cp "$good" "$dump"

# All pages of zeroes share their data: a descriptor that says so with another length is
# wrong, though its neighbour with the same offset has just been read.
shared=$(od -A n -t u8 -w24 -v -j $desc -N $((24 * 4000)) "$good" | awk '
	NR > 1 && $1 == off { print NR - 1; exit }
	{ off = $1 }')
[ -n "$shared" ] || fail "no two pages of zeroes are neighbours"
len=$(od -A n -t u4 -j $((desc + 24 * shared + 8)) -N 4 "$good")
for other in 0 1 $((len - 1)) $((len + 1)) 4096; do
	damaged "a shared page of zeroes of $other bytes" $((desc + 24 * shared + 8)) 4 "$other"
done
damaged "a shared page of zeroes in another codec" $((desc + 24 * shared + 12)) 4 1
cut "cut by one byte" $((size - 1))
cut "cut in the data" $((size * 9 / 10))
cut "cut behind the descriptors" $((desc + 24 * 3000))
cut "cut in the descriptors" $((desc + 100))
cut "cut in the bitmaps" $((bitmap2 + 1))
cut "cut in the notes" $((sub + 200))
cut "cut in the sub header" $((sub + 50))
cut "cut in the header" 300
cut "cut to nothing" 0

# Every byte of the stored data matters: flip some, anywhere behind the descriptors.
seed=${SEED:-$(date +%s)}
echo "SEED=$seed"
n_kept=$("$READDUMP" header "$good" | sed -n 's/^kept = //p')
awk -v seed="$seed" -v from=$((desc + 24 * n_kept)) -v to="$size" 'BEGIN {
	srand(seed)
	for (i = 0; i < 15; i++)
		print int(from + rand() * (to - from)), int(1 + rand() * 255), int(rand() * from)
}' > "$work/flips"
flipped()
{
	case_name=$1
	for verb in info dmesg check; do
		run_agent $verb "$dump"
		[ "$rc" -le 3 ] || fail "$case_name: $verb: exit $rc"
	done
}

while read -r off bits early; do
	for at in "$off" "$early"; do
		old=$(od -An -tu1 -j "$at" -N 1 "$good")
		poke "$at" 1 $((old ^ bits))
		in_case flipped "byte $at xor $bits, SEED=$seed"
		cp "$good" "$dump"
	done
done < "$work/flips"
finish
