#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A capture that is killed at random points leaves no vmcore, or a complete one; what is
# incomplete is called so by its name and by check; and a dmesg that was reported as
# saved is there, whole; from then on there is a manifest, which is true. The seed is printed: SEED=N tests/run kill repeats a run.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

seed=${SEED:-$(date +%s)}
runs=${RUNS:-20}
echo "SEED=$seed"
core "layout = 6.1" "ram = 0x1000-0x9f000" "ram = 0x100000-0x6000000" "@0x1000-0x5bff data=random:1" \
	"log-many 100 1.0 \"line %u\"" "@0x5c00 buddy=5"
capture 31
cp "$work/out/vmcore-dmesg.txt" "$work/dmesg.whole"
rm -rf "$work/out"
mkdir "$work/out"
start=$(date +%s%N)
"$AGENT" capture --level 31 "$work/core" "$work/out" > "$work/stdout" 2> "$work/stderr"
whole=$((($(date +%s%N) - start) / 1000))
echo "a whole capture takes $whole us"
grep -q 'vmcore-dmesg.txt' "$work/stderr" ||
	fail "no message names vmcore-dmesg.txt; whether it is reported cannot be tested"

awk -v seed="$seed" -v n="$runs" -v whole="$whole" 'BEGIN {
	srand(seed)
	for (i = 0; i < n; i++)
		printf "%.6f\n", rand() * whole * 1.05 / 1000000
}' > "$work/delays"

n_none=0 n_incomplete=0 n_complete=0
while read -r delay; do
	rm -rf "$work/out"
	mkdir "$work/out"
	"$AGENT" capture --level 31 "$work/core" "$work/out" > "$work/stdout" 2> "$work/stderr" &
	pid=$!
	sleep "$delay"
	kill -KILL "$pid" 2> /dev/null || :
	wait "$pid" 2> /dev/null || :
	at="killed after $delay s, SEED=$seed"
	if [ -e "$work/out/vmcore" ]; then
		"$AGENT" check "$work/out/vmcore" > "$work/check" 2>&1 ||
			fail "$at: vmcore is there and check says $?: $(cat "$work/check")"
		"$READDUMP" compare "$work/out/vmcore" --core "$work/core" > "$work/compare" ||
			fail "$at: vmcore is there and differs"
		[ ! -e "$work/out/vmcore-incomplete" ] || fail "$at: both names are there"
		n_complete=$((n_complete + 1))
	elif [ -e "$work/out/vmcore-incomplete" ]; then
		rc=0
		"$AGENT" check "$work/out/vmcore-incomplete" > "$work/check" 2>&1 || rc=$?
		case $rc in
		1 | 2) ;;
		# all is on disk, only the name is not final yet
		0) "$READDUMP" whole "$work/out/vmcore-incomplete" > /dev/null ||
			fail "$at: check calls a broken file whole" ;;
		*) fail "$at: check of vmcore-incomplete: exit $rc: $(cat "$work/check")" ;;
		esac
		status=$(od -An -tu4 -j 424 -N 4 "$work/out/vmcore-incomplete" | tr -d ' ')
		if [ $((${status:-8} & 8)) -eq 0 ] && [ "$rc" -ne 0 ]; then
			# not even the header yet: nothing that looks like a dump
			[ -z "$(head -c 5 "$work/out/vmcore-incomplete" | tr -d '\0')" ] ||
				fail "$at: the header of a broken file has no incomplete mark"
		fi
		n_incomplete=$((n_incomplete + 1))
	else
		n_none=$((n_none + 1))
	fi
	# It is written behind the log and before the pages are chosen.
	if grep -q 'pages are kept' "$work/stderr"; then
		equals "$at: the manifest knows of the log" true "$(manifest dmesg_saved)"
		[ -e "$work/out/vmcore" ] || equals "$at: valid without a vmcore" false \
			"$(manifest valid value)"
	fi
	if grep -q 'vmcore-dmesg.txt' "$work/stderr"; then
		cmp "$work/dmesg.whole" "$work/out/vmcore-dmesg.txt" ||
			fail "$at: the dmesg was reported and is not whole"
	fi
	if [ -e "$work/out/vmcore-dmesg.txt" ]; then
		cmp "$work/dmesg.whole" "$work/out/vmcore-dmesg.txt" ||
			fail "$at: there is a dmesg by its final name and it is not whole"
	fi
done < "$work/delays"
echo "$runs runs: $n_none without a dump, $n_incomplete incomplete, $n_complete complete"
[ $((n_none + n_incomplete)) -gt 0 ] || fail "no run was cut short; the test proves nothing"
