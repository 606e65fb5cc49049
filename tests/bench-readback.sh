#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tests/bench-readback.sh [RAW]: what reading a dump back costs, onto an ext4 on a disk that
# takes so many MB a second and gives as many, each for itself: a loop device over a file in
# memory, held back by the kernel (blkio of control groups). In turns in one run: read back
# `after` the copy, `meanwhile`, and a `sample` of it; the copy alone is the part of the first that is copy and
# sync. Best of some rounds. Prints; never fails on timing. Needs root and control groups v1.
#   RAW       a copy of /proc/vmcore, for its pages; without it they are random, and not packed
#   ROUNDS    of each; default 3
#   RATES     MB/s; default "20 100 400 1500"
#   CPUS      default "1 2"
#   BULK      so many MiB of these pages; default 1024
#   CODEC     default auto, without RAW none
#   REALTIME  1: before all other programs, where they keep the machine busy: by the shares of
#             a control group, as a part of it has little to say to the rest of it
set -eu

top=$(cd "${0%/*}/.." && pwd)
raw=${1:-}
AGENT=${AGENT:-$top/build/crashbox}
groups=/sys/fs/cgroup/blkio

if [ "$(id -u)" != 0 ] || [ ! -f "$groups/blkio.throttle.write_bps_device" ]; then
	echo "root is needed, and blkio of control groups v1" >&2
	exit 1
fi
shares=/sys/fs/cgroup/cpu
[ "${REALTIME:-}" = 1 ] || shares=

dir=$(mktemp -d /dev/shm/crashbox-readback.XXXXXX)
group=$groups/${dir##*/}
loop=
tidy()
{
	umount "$dir/disk" 2> /dev/null || :
	[ -z "$loop" ] || losetup -d "$loop"
	rmdir "$group" ${shares:+"$shares"} 2> /dev/null || :
	rm -rf "$dir"
}
trap tidy EXIT
trap 'exit 1' HUP INT TERM

mkdir "$dir/disk" "$dir/out" "$group"
if [ -n "$shares" ]; then
	shares=$shares/${dir##*/}
	mkdir "$shares"
	echo 262144 > "$shares/cpu.shares"
fi
if [ -n "$raw" ]; then
	CODEC=${CODEC:-auto}
	"$AGENT" capture --codec none "$raw" "$dir/out" 2> "$dir/log" ||
		{ tail -n 2 "$dir/log" >&2; exit 1; }
	"$top/tests/tools/bulkcore.py" "${BULK:-1024}" "$dir/core" "$dir/out/vmcore"
else
	"$top/tests/tools/bulkcore.py" "${BULK:-1024}" "$dir/core"
fi
rm -r "$dir/out"
truncate -s 3G "$dir/image"
mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 "$dir/image"
loop=$(losetup --show -f "$dir/image")
mount "$loop" "$dir/disk"
device=$(cat "/sys/block/${loop##*/}/dev")

# measure CPUS RATE WHEN: a line "WHEN COPY ALL MEANWHILE BYTES" to $dir/CPUS-RATE
measure()
{
	for way in read write; do
		echo "$device ${2}000000" > "$group/blkio.throttle.${way}_bps_device"
	done
	# shellcheck disable=SC2016 # for another shell
	sh -c 'for group in $1; do echo $$ > "$group/cgroup.procs"; done; shift; exec "$@"' \
		sh "$group $shares" taskset -c "0-$(($1 - 1))" "$AGENT" capture --level 31 --workers "$1" \
		--codec "${CODEC:-none}" --verify "$3" "$dir/core" "$dir/disk/out" \
		2> "$dir/log" || [ $? = 2 ] || { tail -n 2 "$dir/log" >&2; exit 1; }
	/usr/bin/python3 -c 'import json, sys
m = json.load(open(sys.argv[1]))
s = m["seconds"]
copy = s["copy"] + s["sync"]
print(sys.argv[2], copy, copy + s["verify"], m["read_back"]["while_copying"],
      m["read_back"]["bytes"])' "$dir/disk/out/manifest.json" "$3" >> "$dir/$1-$2"
	rm -r "$dir/disk/out"
}

echo "${raw:-random pages}, ${BULK:-1024} MiB; codec ${CODEC:-none}; $(nproc) CPUs, load $(cut -d' ' -f1-3 /proc/loadavg)," \
	"${shares:+before all others, }best of ${ROUNDS:-3}"
for cpus in ${CPUS:-1 2}; do
	for rate in ${RATES:-20 100 400 1500}; do
		i=0
		while [ "$i" -lt "${ROUNDS:-3}" ]; do
			measure "$cpus" "$rate" after
			measure "$cpus" "$rate" meanwhile
			measure "$cpus" "$rate" sample
			i=$((i + 1))
		done
	done
done
/usr/bin/python3 - "$dir" << 'PYTHON'
import sys
from pathlib import Path

print("| CPUs | MB/s | MB | copy s | and read back after | meanwhile | read while copying "
      "| a sample | after / copy | meanwhile / copy | sample / copy |")
print("|---" * 11 + "|")
for path in sorted(Path(sys.argv[1]).glob("[0-9]*-*"), key=lambda p: [*map(int, p.name.split("-"))]):
	rows = [line.split() for line in path.read_text().splitlines()]
	copy = min(float(r[1]) for r in rows if r[0] == "after")
	after = min(float(r[2]) for r in rows if r[0] == "after")
	best = min((float(r[2]), int(r[3]), int(r[4])) for r in rows if r[0] == "meanwhile")
	sample = min(float(r[2]) for r in rows if r[0] == "sample")
	cpus, rate = path.name.split("-")
	print(f"| {cpus} | {rate} | {best[2] / 1e6:.0f} | {copy:.2f} | {after:.2f} | {best[0]:.2f} "
	      f"| {best[1] / best[2]:.0%} | {sample:.2f} | {after / copy:.2f} "
	      f"| {best[0] / copy:.2f} | {sample / copy:.2f} |")
PYTHON
