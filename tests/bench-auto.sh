#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tests/bench-auto.sh [RAW]: `codec auto` beside each fixed effort, to targets that take so
# many MB a second: a pipe whose reader is throttled, with a cache of 1 MiB. In turns in one
# run; seconds from the first byte to the last, the best of some rounds. Prints; never fails
# on timing.
#   RAW       a copy of /proc/vmcore; default build/e2e/raw-6.1/vmcore
#   ROUNDS    of each; default 3
#   RATES     MB/s; default "20 100 400 1500"
#   CPUS      default "1 2"
#   EFFORTS   default all: "none -10 -7 -5 -3 -2 -1 1 2 3"
#   BULK      so many MiB of the pages that a dump of RAW has, over and over; default 1024, for
#             what counts is a copy that lasts. 0: RAW itself
#   REALTIME  1: before all other programs, where they keep the machine busy (needs root)
set -eu

top=$(cd "${0%/*}/.." && pwd)
raw=${1:-$top/build/e2e/raw-6.1/vmcore}
AGENT=${AGENT:-$top/build/crashbox}
ROUNDS=${ROUNDS:-3}
efforts=${EFFORTS:-none -10 -7 -5 -3 -2 -1 1 2 3}
slowpipe=$top/build/tools/slowpipe

[ -f "$raw" ] || { echo "$raw is not there; qemu/raw-vmcore 6.1 makes one" >&2; exit 1; }
for tool in "$AGENT" "$slowpipe" taskset; do
	command -v "$tool" > /dev/null || { echo "$tool is not there" >&2; exit 1; }
done
first='' reader=''
[ "${REALTIME:-}" != 1 ] || first="chrt -f 10" reader="chrt -f 20"

dir=$(mktemp -d /dev/shm/crashbox-auto.XXXXXX)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

# measure CPUS RATE NAME OPTION...: a line "NAME SECONDS BYTES" to $dir/CPUS-RATE
measure()
{
	cpus=$1 rate=$2 label=$3
	shift 3
	rm -f "$dir/ended"
	# shellcheck disable=SC2086 # a command of words
	{
		$first taskset -c "0-$((cpus - 1))" "$AGENT" capture --level 31 \
			--codec auto --workers "$cpus" "$@" --stream "$core" 2> "$dir/log" ||
			echo "$?" > "$dir/ended"
	} | $reader "$slowpipe" "${rate}000000" 1048576 > "$dir/took"
	[ ! -f "$dir/ended" ] || [ "$(cat "$dir/ended")" = 2 ] || { tail -n 2 "$dir/log" >&2; exit 1; }
	echo "$label $(cat "$dir/took")" >> "$dir/$cpus-$rate"
}

core=$raw
if [ "${BULK:-1024}" != 0 ]; then
	mkdir "$dir/out"
	"$AGENT" capture --codec none "$raw" "$dir/out" 2> "$dir/log" ||
		{ tail -n 2 "$dir/log" >&2; exit 1; }
	core=$dir/core
	"$top/tests/tools/bulkcore.py" "${BULK:-1024}" "$core" "$dir/out/vmcore"
fi
echo "$raw, ${BULK:-1024} MiB of its pages; $(nproc) CPUs, load $(cut -d' ' -f1-3 /proc/loadavg)," \
	"${first:+before all others, }best of $ROUNDS"
for cpus in ${CPUS:-1 2}; do
	for rate in ${RATES:-20 100 400 1500}; do
		i=0
		while [ "$i" -lt "$ROUNDS" ]; do
			for effort in $efforts; do
				measure "$cpus" "$rate" "$effort" --effort "$effort"
			done
			measure "$cpus" "$rate" auto
			i=$((i + 1))
		done
	done
done
/usr/bin/python3 - "$dir" "$efforts auto" <<'PYTHON'
import sys
from pathlib import Path

names = sys.argv[2].split()
print("| CPUs | MB/s | " + " | ".join(names) + " | auto's MB | 1 / auto | 1 / best one |")
print("|---" * (len(names) + 5) + "|")
for path in sorted(Path(sys.argv[1]).glob("[0-9]*-*"), key=lambda p: [*map(int, p.name.split("-"))]):
	rows = [line.split() for line in path.read_text().splitlines()]
	best = {n: min(float(s) for name, s, _ in rows if name == n) for n in names}
	size = min((float(s), int(b)) for name, s, b in rows if name == "auto")[1]
	fixed = min(best[n] for n in names if n != "auto")
	usual = best.get("1", fixed)
	cpus, rate = path.name.split("-")
	print(f"| {cpus} | {rate} | " + " | ".join(f"{best[n]:.3f}" for n in names) +
	      f" | {size / 1e6:.0f} | {usual / best['auto']:.2f} | {usual / fixed:.2f} |")
PYTHON
