#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A machine of 1 TiB: each page is judged as mkcore says that it made it, and no more than
# 16 MiB of memory are needed. The agent that ships is what counts here. More, and faster:
# tests/bench-scale.sh.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

AGENT=$top/build/crashbox
{ cat "$fixtures/scale.core" && echo "scale = 0x10000000000 8"; } > "$work/fixture"
# Some 200 MiB, which no disk need see.
fast=$(mktemp -d /dev/shm/crashbox-scale.XXXXXX 2> /dev/null) || fast=$(mktemp -d)
trap 'rm -rf "$fast"' EXIT
trap 'exit 1' HUP INT TERM
"$MKCORE" "$work/fixture" "$fast/core" > "$work/made"
mkdir "$fast/out"
"$AGENT" capture "$fast/core" "$fast/out" > "$work/log" 2>&1 ||
	lacks_log_only $? "$work/log" ||
	fail "exit $?: $(tail -n 3 "$work/log")"
mkdir "$work/out"
cp "$fast/out/manifest.json" "$work/out"
for class in free cache cache_private user kept; do
	equals "$class" "$(sed -n "s/^$class //p" "$work/made")" "$(manifest pages "$class")"
done
equals "unjudged" 0 "$(manifest pages kept_unknown)"
equals "unreadable" 0 "$(manifest pages unreadable)"
peak=$(manifest peak_memory_bytes agent)
[ "$peak" -le $((16 << 20)) ] || fail "$peak bytes of memory at the most, 16 MiB are promised"
