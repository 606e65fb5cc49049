#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tests/bench-scale.sh [TIB[:LISTED]...]: machines of that many TiB (default 1 1:625 4 16),
# made up by mkcore, with LISTED sections of 32768 pages that are free and on the lists of
# 64 CPUs in random order (625: 20 million, as kernels from 6.7 on may have): how fast their memory map is scanned, beside how fast one core can read the same
# struct pages and do nothing with them, and what memory and time a whole capture takes.
# On the first one also makedumpfile, if it is there, until it has chosen its pages.
# Everything is in memory, 5 GiB of it for 16 TiB. Prints; never fails on timing.
#   PIECES  distinct memory maps of 2 MiB, default 256: more than the CPU's caches
#   ROUNDS  at the first size, the best counts; default 3
set -eu
renice -n -20 $$ > /dev/null 2>&1 || :

top=$(cd "${0%/*}/.." && pwd)
AGENT=${AGENT:-$top/build/crashbox}
PIECES=${PIECES:-256}
ROUNDS=${ROUNDS:-3}
[ $# -gt 0 ] || set -- 1 1:625 4 16

dir=$(mktemp -d /dev/shm/crashbox-scale.XXXXXX)
# Huge pages, where they can be had, stand in for what mapping /proc/vmcore costs: there
# no page is ever faulted in.
mkdir "$dir/core"
mounted=
if mount -t tmpfs -o huge=always,size=4g crashbox-scale "$dir/core" 2> /dev/null; then
	mounted=1
fi
clean_up()
{
	[ -z "$mounted" ] || umount "$dir/core"
	rm -rf "$dir"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

least() { sort -n | head -n 1; }

# stage GROUP NAME: of the last manifest
stage()
{
	/usr/bin/python3 -c 'import json, sys
print(json.load(open(sys.argv[1]))[sys.argv[2]][sys.argv[3]])' "$dir/out/manifest.json" "$@"
}

capture()
{
	rm -rf "$dir/out"
	mkdir "$dir/out"
	"$AGENT" capture --workers 1 "$dir/core/core" "$dir/out" > "$dir/log" 2>&1 ||
		grep -q "but without the log" "$dir/log" || { tail -n 3 "$dir/log" >&2; exit 1; }
}

made() { sed -n "s/^$1 //p" "$dir/made"; }

limit() { "$top/build/tools/readlimit" "$dir/core/core" "$(made pieces_off)" "$PIECES" \
	"$(made sections)" "$@"; }

theirs()
{
	: > "$dir/theirs.log"
	stdbuf -o0 -e0 makedumpfile --dry-run --message-level 1 -c -d 31 "$dir/core/core" \
		"$dir/theirs" > "$dir/theirs.log" 2>&1 &
	pid=$!
	until tr '\r' '\n' < "$dir/theirs.log" | grep -q 'Copying data'; do
		kill -0 "$pid" 2> /dev/null || { echo "makedumpfile cannot read it"; return; }
		sleep 1
	done
	awk -v gib="$1" '{ s = ($14 + $15) / 100
		printf "makedumpfile: %.1f s of CPU until it copies, %.0f GiB/s\n", s, gib / s }' \
		"/proc/$pid/stat"
	kill -9 "$pid"
	wait "$pid" 2> /dev/null || :
}

echo "$(nproc) CPUs, load $(cut -d' ' -f1-3 /proc/loadavg), best of $ROUNDS," \
	"$([ -z "$mounted" ] && echo "small pages" || echo "huge pages")"
printf '%4s %8s %8s %8s %8s %7s %9s %9s %8s %9s\n' TiB "scan s" "GiB/s" "limit s" "mapped s" \
	"of it" "copy s" "verify s" "peak KiB" "bytes"
for machine; do
	tib=${machine%:*}
	listed=${machine#"$tib"}
	listed=${listed#:}
	sed '/^# The machine/d' "$top/tests/fixtures/scale.core" > "$dir/fixture"
	[ -z "$listed" ] || printf 'types = 1\ncpus = 64\n' >> "$dir/fixture"
	echo "scale = $((tib << 40)) $PIECES $listed" >> "$dir/fixture"
	"$top/build/tools/mkcore" "$dir/fixture" "$dir/core/core" > "$dir/made"
	: > "$dir/scans"
	: > "$dir/limits"
	: > "$dir/mapped"
	i=0
	# Side by side: on a machine that others use as well, both are slow at the same time.
	while [ "$i" -lt "$ROUNDS" ]; do
		capture
		stage cpu_seconds scan >> "$dir/scans"
		limit 2097152 >> "$dir/limits"
		limit >> "$dir/mapped"
		i=$((i + 1))
	done
	# Of pages on lists the clock may have left some, which are kept.
	proven=$(stage pages free_percpu)
	on_lists=$(made free_percpu)
	[ "$(stage pages in_dump)" = "$(($(made kept) + ${on_lists:-0} - proven))" ] ||
		{ echo "wrong pages are kept" >&2; exit 1; }
	echo "$tib $(least < "$dir/scans") $(least < "$dir/limits") $(least < "$dir/mapped")" \
		"$(stage cpu_seconds copy) $(stage cpu_seconds verify)" \
		"$(stage peak_memory_bytes agent) $(stage bytes dump)" |
		awk '{ printf "%4d %8.2f %8.0f %8.2f %8.2f %6.0f%% %9.1f %9.1f %8d %9.2e\n",
			$1, $2, $1 * 1024 / $2, $3, $4, 100 * $3 / $2, $5, $6,
			$7 / 1024, $8 }'
	[ -z "$listed" ] || echo "     with $on_lists pages on CPUs' lists, $proven proven free"
	rm -rf "$dir/out"
	if [ "$machine" = "$1" ] && command -v makedumpfile > /dev/null; then
		theirs "$((tib * 1024))"
	fi
	ROUNDS=1
done
cat <<'END'
Seconds are of CPU. limit s: reading the same struct pages through the same windows of
2 MiB; mapped s: the same with all of it mapped beforehand; of it: limit / scan.
END
