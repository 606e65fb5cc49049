#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Who said it: shown when asked for; by a kernel whose old buffer has it, always; and in
# the log that is saved when the configuration says so.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for layout in 5.10 6.12 7.2; do
	core "layout = $layout" dmesg-callers
	capture 31
	for file in "$work/core" "$work/out/vmcore"; do
		for option in "" --caller; do
			echo "## $option"
			# shellcheck disable=SC2086 # none, or one
			"$AGENT" dmesg $option "$file"
		done > "$work/got"
		expect
	done
	sed -n '/^## $/,/^## --/p' "$work/got" | grep -v '^##' | cmp - "$work/out/vmcore-dmesg.txt" ||
		fail "$layout: saved with callers, though nobody asked"
done

# Before 5.10 there is a place for it only where the kernel shows it.
with=$(sed -n '/^## --caller/,$p' "$here/$name.expect" | sed 1d)
without=$(sed -n '/^## $/,/^## --/p' "$here/$name.expect" | grep -v '^##')
core "layout = 4.19" "log_callers = 1" dmesg-callers
equals "4.19 with callers" "$with" "$("$AGENT" dmesg "$work/core")"
core "layout = 4.19" dmesg-callers
equals "4.19 without" "$without" "$("$AGENT" dmesg --caller "$work/core")"

printf 'target disk:LABEL=crash:/\nlog_callers yes\n' > "$work/config"
"$AGENT" config "$work/config" > "$work/got" 2>&1 || :
grep -qx 'log_callers yes' "$work/got" || fail "config: $(cat "$work/got")"
echo 'log_callers maybe' >> "$work/config"
"$AGENT" config "$work/config" > "$work/got" 2>&1 && fail "maybe is taken"
grep -q "log_callers: 'maybe' is none of yes, no" "$work/got" || fail "$(cat "$work/got")"
