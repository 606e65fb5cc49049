#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Which line says why it died: the same one for info, the manifest, list and show-dump,
# whose excerpt of the log begins with it; never what a program wrote through /dev/kmsg.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

bug="kernel BUG at drivers/block/example.c:123!"
core "layout = 6.1" "nodename = web-1" "crash_time = 1767484800" "log 1.0 \"Linux version\"" \
	"log 100.1 \"$bug\"" "log 100.2 \"invalid opcode: 0000 [#1] PREEMPT SMP NOPTI\"" \
	"log 100.3 facility=3 \"BUG: of a daemon\"" \
	"log 100.4 facility=3 \"Kernel panic - not syncing: says a daemon\"" \
	"log 100.5 \"Kernel panic - not syncing: Fatal exception\""
capture 31
equals "manifest" "$bug" "$(manifest panic)"
"$AGENT" info "$work/core" > "$work/info" 2> "$work/stderr"
equals "info" "$bug" "$(sed -n 's/^panic  *//p' "$work/info")"
mkdir "$work/store"
mv "$work/out" "$work/store/web-1-2026-01-04-00:00:00"
for with in "a manifest" "its log only"; do
	"$AGENT" list "$work/store" > "$work/list" 2> "$work/stderr"
	grep -qF "$bug" "$work/list" || fail "list, $with: $(cat "$work/list")"
	"$AGENT" show-dump "$work/store/web-1-2026-01-04-00:00:00" > "$work/show" 2> "$work/stderr"
	equals "show-dump, $with" "$bug" "$(sed -n 's/^panic  *//p' "$work/show")"
	equals "show-dump, $with: where its log begins" "[  100.100000] $bug" \
		"$(sed -n '/^vmcore-dmesg.txt/{n;p;}' "$work/show")"
	[ "$with" = "a manifest" ] || break
	sed -i '/ of a daemon\| says a daemon/d' \
		"$work/store/web-1-2026-01-04-00:00:00/vmcore-dmesg.txt"
	rm "$work/store/web-1-2026-01-04-00:00:00/manifest.json"
done
