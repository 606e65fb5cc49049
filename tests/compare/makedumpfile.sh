#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The vmcore of a real crash, filtered by makedumpfile and by us at the levels people
# use: the same pages, the same bytes, the same log. Where the two differ on purpose, the
# difference has a name here, is counted, and must be nothing else. RAW names the vmcore.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

raw=${RAW:-$top/build/e2e/raw-6.1/vmcore}
fast=$top/build/crashbox	# no sanitizers: a GiB at each level
[ -f "$raw" ] || skip "no $raw; qemu/raw-vmcore 6.1 $raw makes one"
command -v makedumpfile > /dev/null || skip "makedumpfile is not installed"
[ -x "$fast" ] || fail "$fast is not there; make builds it"

# Prints the pfns of readdump's "PREFIX FROM-TO" lines, one by one.
pfns()
{
	sed -n "s/^$1 //p" "$work/compare" | while IFS=- read -r from to; do
		seq $((from)) $((${to:-$from}))
	done
}

# explained NAME COUNT FILE: takes COUNT differences out of FILE's account
explained()
{
	[ "$2" -eq 0 ] || echo "  $1: $2 pages"
	left=$(($(wc -l < "$3") - $2))
}

compare_level()
{
	level=$1
	rm -rf "$work/out"
	mkdir "$work/out"
	rm -f "$work/theirs"
	# packed only where it is quick; what is compared is what the pages hold
	pack=
	[ "$level" -ne 31 ] || pack=-c
	makedumpfile -d "$level" $pack "$raw" "$work/theirs" > "$work/makedumpfile.log" 2>&1 ||
		fail "makedumpfile -d $level: $(tail -n 3 "$work/makedumpfile.log")"
	"$fast" capture --level "$level" "$raw" "$work/out" > "$work/stdout" 2> "$work/stderr" ||
		fail "capture --level $level: exit $?: $(tail -n 3 "$work/stderr")"
	"$fast" check "$work/out/vmcore" > "$work/check" 2>&1 || fail "level $level: check: $?"
	"$READDUMP" compare "$work/out/vmcore" --core "$raw" > "$work/bytes" ||
		fail "level $level: bytes differ from the vmcore: $(head -n 3 "$work/bytes")"
	rc=0
	"$READDUMP" compare "$work/theirs" "$work/out/vmcore" > "$work/compare" || rc=$?
	case $rc in
	0 | 3) ;;
	*) fail "level $level: pages in both differ: $(head -n 3 "$work/compare")" ;;
	esac
	pfns only-1 > "$work/only-theirs"
	pfns only-2 > "$work/only-ours"
	echo "level $level: $(sed -n 's/^same = //p' "$work/compare") pages in both"

	# Pages with bad memory or a balloon in them are never read by us, also where
	# makedumpfile does not look at struct pages at all (levels 0 and 1).
	left=$(wc -l < "$work/only-theirs")
	if [ "$level" -le 1 ]; then
		explained "bad or ballooned, left out at every level" \
			$(($(manifest pages hwpoison) + $(manifest pages offline))) \
			"$work/only-theirs"
	fi
	[ "$left" -eq 0 ] || fail "level $level: $left pages only makedumpfile keeps:" \
		"$(head -n 20 "$work/only-theirs" | tr '\n' ' ')"

	# makedumpfile loses the last page of a range that ends inside of a page.
	readelf -lW "$raw" | awk '$1 == "LOAD" && $5 ~ /^0x/ { print $4, $5 }' |
		while read -r paddr size; do
			end=$((paddr + size))
			if [ $((end & 4095)) -ne 0 ]; then
				echo $((end >> 12))
			fi
		done | sort -u > "$work/partial"
	sort "$work/only-ours" | comm -23 - "$work/partial" > "$work/unexplained"
	explained "last page of a range, in part" \
		$(($(wc -l < "$work/only-ours") - $(wc -l < "$work/unexplained"))) \
		"$work/only-ours"
	[ "$left" -eq 0 ] || fail "level $level: $left pages only we keep:" \
		"$(head -n 20 "$work/unexplained" | tr '\n' ' ')"
}

for level in ${LEVELS:-0 1 2 4 8 16 31}; do
	compare_level "$level"
done

# Same log: theirs indents the lines that follow the first of a record, ours repeats
# the time; theirs writes control characters as ours does.
makedumpfile --dump-dmesg "$raw" "$work/dmesg.theirs" > "$work/makedumpfile.log" 2>&1
awk '/^\[ *[0-9]+\.[0-9]+\] / { prefix = substr($0, 1, index($0, "]") + 1); print; next }
	{ sub(/^ */, ""); print prefix $0 }' "$work/dmesg.theirs" > "$work/dmesg.wanted"
awk '{ prefix = substr($0, 1, index($0, "]") + 1)
	text = substr($0, length(prefix) + 1)
	if (prefix == last)
		sub(/^ */, "", text)
	print prefix text
	last = prefix }' "$work/out/vmcore-dmesg.txt" > "$work/dmesg.got"
awk '{ prefix = substr($0, 1, index($0, "]") + 1)
	text = substr($0, length(prefix) + 1)
	if (prefix == last)
		sub(/^ */, "", text)
	print prefix text
	last = prefix }' "$work/dmesg.wanted" > "$work/dmesg.wanted2"
diff -u "$work/dmesg.wanted2" "$work/dmesg.got" > "$work/dmesg.diff" ||
	fail "dmesg differs: $(head -n 20 "$work/dmesg.diff")"
echo "dmesg: $(wc -l < "$work/dmesg.got") lines alike"
rm -f "$work/theirs" "$work/out/vmcore"
