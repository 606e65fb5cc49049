#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# tools/whydiff, which judges dumps of real crashes, agrees with the filter on the made-up
# ones, in several kernels' layouts; and refuses a dump that has less than it should. (Made-up
# user memory has no anon_vma, and whydiff sees that: the one complaint that is allowed.)
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

why()
{
	rc=0
	/usr/bin/python3 "$top/tests/tools/whydiff" "$work/core" "$work/out/vmcore" "$@" \
		> "$work/why" 2>&1 || rc=$?
	grep -v "its owner is no object of the kernel" "$work/why" | grep FAIL \
		> "$work/complaints" || :
	grep -q '^kept: ' "$work/why" || fail "whydiff ended early: $(tail -n 3 "$work/why")"
}

# Layouts that no real core is made of in the tests, and one that is.
for layout in 6.4 6.7 6.11 7.2; do
	core "layout = $layout" classes
	capture 31
	why
	[ ! -s "$work/complaints" ] || fail "$layout: $(cat "$work/complaints")"
done

core "layout = 6.12" classes
capture 31
for level in 1 8; do
	why --level "$level"
	equals "exit status of whydiff" 1 "$rc"
	grep -q "which level $level keeps" "$work/complaints" ||
		fail "pages that level $level keeps are gone, and whydiff says nothing"
done
