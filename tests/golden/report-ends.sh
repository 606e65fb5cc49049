#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Wherever the maker of a report dies, what was read before is there, and the report says where
# it ended and of what (tests/unit/report_ends.c).
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core keep-user 'log 1.0 "Kernel panic - not syncing: sysrq triggered crash"'
"$top/build/unit/report_ends" "$work/core" 12 >"$work/ends" 2>"$work/stderr" ||
	fail "$(cat "$work/ends" "$work/stderr")"
for section in tasks cpus; do
	grep -q " $section " "$work/ends" || fail "nobody died in $section: $(cat "$work/ends")"
done
