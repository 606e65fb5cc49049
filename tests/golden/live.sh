#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# This machine's own memory, as it lives: it is told that it does, nothing runs for ever, and
# where nobody may read it one sentence says why.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

if ! "$AGENT" look /proc/kcore sys >"$work/sys" 2>"$work/said"; then
	equals "one sentence" 1 "$(wc -l <"$work/said")"
	grep -qE '^crashbox: /proc/kcore: (this kernel has none|this kernel is locked down|cannot)' \
		"$work/said" || fail "what is said of it: $(cat "$work/said")"
	echo "skip: $(cat "$work/said")"
	exit 77
fi
grep -q "^  kernel  *$(uname -r) " "$work/sys" || fail "another kernel: $(cat "$work/sys")"
timeout 100 "$AGENT" report /proc/kcore >"$work/text" 2>"$work/said" ||
	fail "no report: $(cat "$work/said")"
grep -q '^CRASH on' "$work/text" && fail "it crashed: $(cat "$work/text")"
if grep -q ' by symbols and types' "$work/text"; then
	"$AGENT" look /proc/kcore -- ps -m >"$work/ps" || fail "ps -m"
	grep -q " PID: 1  *TASK: " "$work/ps" || fail "ps -m: no process 1"
fi
exit 0
