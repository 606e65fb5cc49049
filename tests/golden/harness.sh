#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# qemu/run without QEMU: which cases it takes and in what order, what a case's end is called,
# one that dies or hangs, the summary of a full run; and what cases ask of a machine's traces.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

/usr/bin/python3 -B "$top/tests/tools/harness_test.py" "$work" >"$work/said" 2>&1 ||
	fail "$(tail -n 30 "$work/said")"
