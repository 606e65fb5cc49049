#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The vmcore of a real crash in every form that makedumpfile writes, and what QEMU dumped of
# the machine before it, with a note of VMCOREINFO and without: all of a kind are whole and
# give the same log and the same report. What is cut or damaged is found out. RAW names the
# vmcore; what QEMU dumped lies beside it.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

raw=${RAW:-$top/build/e2e/raw-6.1/vmcore}
reform=$top/tests/tools/reform
AGENT=$top/build/crashbox	# no sanitizers: up to a GiB
[ -f "$raw" ] || skip "no $raw; LIVE=1 qemu/raw-vmcore 6.1 $raw makes one"
command -v makedumpfile > /dev/null || skip "makedumpfile is not installed"
[ -x "$AGENT" ] || fail "$AGENT is not there; make builds it"

# make WORD...: makedumpfile of the raw vmcore, at the level that people use
make()
{
	makedumpfile -d 31 "$@" > "$work/makedumpfile.log" 2>&1 ||
		fail "makedumpfile -d 31 $*: $(tail -n 3 "$work/makedumpfile.log")"
}

# said FILE...: the log and the report; whose pages are left out has no command line, and says so
said()
{
	"$AGENT" dmesg "$@" && "$AGENT" report --json "$@" | python3 -c '
import json, sys
def without(value):
	if isinstance(value, dict):
		return {key: without(one) for key, one in value.items()
			if key not in ("made_ms", "memory_kib", "args")}
	if isinstance(value, list):
		return [without(one) for one in value]
	return value
report = json.load(sys.stdin)
report["missing"] = [one for one in report["missing"] if "args" not in one.values()]
json.dump(without(report), sys.stdout, indent=1)
print()
'
}

# like NAME FILE...: they tell what the first of their kind tells, which is $first
like()
{
	form=$1
	shift
	said "$@" > "$work/got" 2> "$work/errors" || fail "$form: $(cat "$work/errors")"
	[ -n "$first" ] || { first=$form; mv "$work/got" "$work/wanted"; return; }
	diff -u "$work/wanted" "$work/got" > "$work/diff" ||
		fail "$form is not like $first: $(head -n 20 "$work/diff")"
	echo "$form: like $first, $(wc -l < "$work/got") lines"
}

# same NAME FILE...: and they are whole
same()
{
	like "$@"
	shift
	"$AGENT" check "$@" > "$work/check" 2>&1 || fail "$form: check: $(cat "$work/check")"
}

# captured NAME FILE: filtered, it has the pages of the first of its kind, and crash's reader
# finds VMCOREINFO; "may" have more or fewer where it is another account of what RAM there is
captured()
{
	rm -rf "$work/captured"
	"$AGENT" capture "$2" "$work/captured" > "$work/said" 2>&1 ||
		fail "$1: capture: $(tail -n 3 "$work/said")"
	"$READDUMP" vmcoreinfo "$work/captured/vmcore" | grep -q '^OSRELEASE=' ||
		fail "$1: captured, it has no VMCOREINFO"
	"$AGENT" check "$work/captured/vmcore" > "$work/said" || fail "$1: $(cat "$work/said")"
	[ -d "$work/captured-first" ] ||
		{ cp -r "$work/captured" "$work/captured-first"; return 0; }
	rc=0
	"$READDUMP" compare "$work/captured-first/vmcore" "$work/captured/vmcore" \
		> "$work/said" 2>&1 || rc=$?
	[ "$rc" = 0 ] || [ "$rc $3" = "3 may" ] ||
		fail "$1: captured, other pages: $(tail -n 12 "$work/said")"
	echo "$1: captured, $(grep '^same' "$work/said")"
}

first=
same "the raw vmcore" "$raw"
make -c "$raw" "$work/zlib"
same zlib "$work/zlib"
make -l "$raw" "$work/lzo"
same lzo "$work/lzo"
rc=0
"$reform" pack snappy "$work/zlib" "$work/snappy" > "$work/said" || rc=$?
case $rc in
0) same snappy "$work/snappy" ;;
77) echo "snappy is left out: $(cat "$work/said")" ;;
*) fail "reform pack snappy: exit $rc" ;;
esac
make -E "$raw" "$work/elf"
same "ELF with holes" "$work/elf"
makedumpfile -d 31 -c -F "$raw" > "$work/flat" 2> "$work/makedumpfile.log" ||
	fail "makedumpfile -F: $(tail -n 3 "$work/makedumpfile.log")"
same flattened "$work/flat"
makedumpfile -d 31 -E -F "$raw" > "$work/flatelf" 2> "$work/makedumpfile.log" ||
	fail "makedumpfile -E -F: $(tail -n 3 "$work/makedumpfile.log")"
same "flattened ELF" "$work/flatelf"
make -l --split "$raw" "$work/part1" "$work/part2" "$work/part3"
same "split by makedumpfile" "$work/part3" "$work/part1" "$work/part2"
"$reform" split 3 "$work/lzo" "$work/third"
same "split evenly" "$work/third1" "$work/third2" "$work/third3"
check_says 1 "is missing: name all of them" "$work/third1" "$work/third2"

# Where in its memory a machine has its log is chance: behind the cut it may be, and is then
# said to be. Of the cuts from one sixty-fourth to a quarter the first leaves it, or there is
# no log in anything that was cut.
size=$(wc -c < "$work/flat")
logs=0
for left in 63 60 56 48; do
	truncate -s $((size * left / 64)) "$work/flat"
	check_says 2 "incomplete: [1-9].* and it stops in the middle" "$work/flat"
	if "$AGENT" dmesg "$work/flat" > "$work/got" 2> "$work/said"; then
		logs=$((logs + 1))
	else
		grep -q "was never written" "$work/said" ||
			fail "flattened, cut to $left/64: $(cat "$work/said")"
	fi
done
[ "$logs" -gt 0 ] || fail "no log in a flattened dump that was cut: $(cat "$work/said")"
# In seven places, as a page that lies there as it is has nothing that could be wrong.
size=$(wc -c < "$work/zlib")
for eighth in 1 2 3 4 5 6 7; do
	printf '\377\377\377\377' | dd of="$work/zlib" bs=1 conv=notrunc status=none \
		seek=$((size * eighth / 8))
done
check_says 1 "damaged: [1-7] of" "$work/zlib"
rm -f "$work"/zlib "$work"/lzo "$work"/snappy "$work"/elf "$work"/flat "$work/flatelf" "$work"/part? \
	"$work"/third?

# ---- QEMU ------------------------------------------------------------------------------

[ -f "$raw.elf" ] || { echo "no $raw.elf: what QEMU dumps is left out"; exit 0; }
# What the machine itself has behind its memory tells the same, but for its CPUs' registers.
if [ -f "$raw.elf" ]; then
	"$reform" ram "$raw.elf" "$work/ram"
	for verb in "dmesg" "report --line" "info --json"; do
		for file in "$raw.elf" "$work/ram"; do
			# shellcheck disable=SC2086 # a verb and its option
			"$AGENT" $verb "$file" |
				grep -Ev '"(file|format|size_.*|memory_.*|cpus)"' > "$work/said"
			[ "$file" = "$work/ram" ] || mv "$work/said" "$work/wanted"
		done
		diff -u "$work/wanted" "$work/said" > "$work/diff" ||
			fail "$verb of RAM: $(head -n 20 "$work/diff")"
	done
	"$AGENT" info "$work/ram" | grep -q '^format *copy of RAM' || fail "no copy of RAM"
	captured "QEMU's elf" "$raw.elf" not
	captured "a copy of RAM" "$work/ram" may
	rm -f "$work/ram"
fi

first=
for kind in elf kdump-zlib kdump-lzo kdump-snappy; do
	[ -f "$raw.$kind" ] || { echo "this QEMU writes no $kind"; continue; }
	same "QEMU's $kind" "$raw.$kind"
	cp "$raw.$kind" "$work/bare"
	chmod u+w "$work/bare"
	"$reform" bare "$work/bare"
	! grep -q '"state": "no answer"' "$work/wanted" || fail "a CPU without registers"
	like "QEMU's $kind, without VMCOREINFO" "$work/bare"
	captured "QEMU's $kind" "$raw.$kind" not
	captured "QEMU's $kind, without VMCOREINFO" "$work/bare" not
	rm -f "$work/bare"
done
