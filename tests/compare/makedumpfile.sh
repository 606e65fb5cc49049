#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The vmcore of a real crash, filtered by makedumpfile and by us at the levels people
# use: the same pages, the same bytes, the same log. Where the two differ on purpose,
# tools/whydiff must find by itself that we are right, and name the rule. RAW names the
# vmcore, PEER a Debian release whose makedumpfile is taken instead of this machine's.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

raw=${RAW:-$top/build/e2e/raw-6.1/vmcore}
fast=$top/build/crashbox	# no sanitizers: a GiB at each level
[ -f "$raw" ] || skip "no $raw; qemu/raw-vmcore 6.1 $raw makes one"
peer=makedumpfile
if [ -n "${PEER:-}" ]; then
	peer="$top/tests/compare/peer $PEER makedumpfile"
	version=$($peer --peer-version) || fail "no makedumpfile of $PEER"
elif command -v makedumpfile > /dev/null; then
	version=$(dpkg-query -W -f '${Version}' makedumpfile | sed 's/^[0-9]*://')
else
	skip "makedumpfile is not installed"
fi
[ -x "$fast" ] || fail "$fast is not there; make builds it"

compare_level()
{
	level=$1
	rm -rf "$work/out"
	mkdir "$work/out"
	rm -f "$work/theirs"
	# packed only where it is quick; what is compared is what the pages hold
	pack=
	[ "$level" -ne 31 ] || pack=-c
	# shellcheck disable=SC2086 # a command with arguments
	$peer -d "$level" $pack "$raw" "$work/theirs" > "$work/makedumpfile.log" 2>&1 ||
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
	echo "level $level: $(sed -n 's/^same = //p' "$work/compare") pages in both"
	/usr/bin/python3 "$top/tests/tools/whydiff" "$raw" "$work/out/vmcore" --level "$level" \
		--theirs "$version" "$work/theirs" > "$work/why" 2>&1 ||
		fail "level $level: $(grep -v '^frames:' "$work/why" | tail -n 12)"
	sed -n "s/^$version: /  /p" "$work/why"
}

for level in ${LEVELS:-0 1 2 4 8 16 31}; do
	compare_level "$level"
done
/usr/bin/python3 "$top/tests/tools/whydiff" "$raw" "$work/out/vmcore" --self-test \
	> "$work/why" 2>&1 || fail "whydiff misses what it must find: $(tail -n 5 "$work/why")"
tail -n 1 "$work/why"

# Same log: theirs indents the lines that follow the first of a record, ours repeats
# the time; theirs writes control characters as ours does. From 1.7.5 on it adds who
# wrote a line, also where the kernel itself was built not to.
# shellcheck disable=SC2086
$peer --dump-dmesg "$raw" "$work/dmesg.theirs" > "$work/makedumpfile.log" 2>&1
sed 's/^\(\[ *[0-9.]*\] \)\[ *[TC][0-9]*\] /\1/' "$work/dmesg.theirs" > "$work/dmesg.plain"
awk '/^\[ *[0-9]+\.[0-9]+\] / { prefix = substr($0, 1, index($0, "]") + 1); print; next }
	{ sub(/^ */, ""); print prefix $0 }' "$work/dmesg.plain" > "$work/dmesg.wanted"
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
