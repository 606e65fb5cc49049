#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tests/bench-gain.sh [SERIES...]: pages kept and bytes written at level 31, crashbox (zstd)
# beside the newest makedumpfile (zlib), for a crashed guest of each kernel series that
# there are raw cores of or can be made: default 5.10 6.1 6.12 7.2.
#   MAKEDUMPFILE  another command in place of Debian sid's
set -eu

top=$(cd "${0%/*}/.." && pwd)
AGENT=${AGENT:-$top/build/crashbox}
MAKEDUMPFILE=${MAKEDUMPFILE:-$top/tests/compare/peer sid makedumpfile}
[ $# -gt 0 ] || set -- 5.10 6.1 6.12 7.2

dir=$(mktemp -d /dev/shm/crashbox-gain.XXXXXX)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

kept() { "$top/build/tools/readdump" header "$1" | sed -n 's/^kept = //p'; }
bytes() { wc -c < "$1"; }

printf '%-8s %12s %12s %7s %9s %9s %7s %8s\n' kernel "their bytes" "our bytes" ratio \
	"pages" "pages" ratio shared
for series; do
	raw=$top/build/e2e/raw-$series/vmcore
	if [ ! -f "$raw" ] && ! "$top/qemu/raw-vmcore" "$series" "$raw" > "$dir/log" 2>&1; then
		echo "$series: no raw core: $(tail -n 1 "$dir/log")"
		continue
	fi
	rm -rf "$dir/theirs" "$dir/out"
	mkdir "$dir/out"
	# shellcheck disable=SC2086 # a command of words
	if ! $MAKEDUMPFILE -c -d 31 "$raw" "$dir/theirs" > "$dir/log" 2>&1; then
		echo "$series: makedumpfile failed: $(tail -n 1 "$dir/log")"
		continue
	fi
	"$AGENT" capture "$raw" "$dir/out" > "$dir/log" 2>&1 ||
		{ tail -n 1 "$dir/log"; exit 1; }
	shared=$(sed -n 's/.*"shared": \([0-9]*\).*/\1/p' "$dir/out/manifest.json")
	echo "$series $(bytes "$dir/theirs") $(bytes "$dir/out/vmcore") $(kept "$dir/theirs")" \
		"$(kept "$dir/out/vmcore") $shared" |
		awk '{ printf "%-8s %12d %12d %7.3f %9d %9d %7.3f %8d\n",
			$1, $2, $3, $3 / $2, $4, $5, $5 / $4, $6 }'
done
