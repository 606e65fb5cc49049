#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# VMCOREINFO that is missing, or of another boot of the same kernel (as a hypervisor's
# snapshot may have it): nothing is invented, nothing is left out for what it says, and the
# manifest tells that the filter was not trusted.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

layout="layout = 6.1"
ram="ram = 0x1000-0x9f000"
more="ram = 0x100000-0x1000000"
user="@0x800-0x8ff mapping=anon"

# keeps_all WHAT: a capture at level 31 has each page of memory
keeps_all()
{
	capture_any
	equals "$1: pages" "$(manifest pages present)" "$(manifest pages in_dump)"
	equals "$1: trusted" false "$(manifest filter_trusted)"
	rc=0
	"$AGENT" check "$work/out/vmcore" > "$work/check" 2>&1 || rc=$?
	equals "$1: check" 0 "$rc"
	"$READDUMP" compare "$work/out/vmcore" --core "$work/core" > "$work/compare" ||
		fail "$1: bytes differ from the core: $(head -n 3 "$work/compare")"
}

# capture_any: with a log or without one
capture_any()
{
	rm -rf "$work/out"
	rc=0
	"$AGENT" capture --level 31 "$work/core" "$work/out" > "$work/stdout" \
		2> "$work/stderr" || rc=$?
	lacks_log_only "$rc" "$work/stderr" || fail "exit $rc: $(tail -n 3 "$work/stderr")"
}

core "$layout" "$ram" "$more" "$user" "log 1.0 \"hello\""
capture_any
[ "$(manifest pages in_dump)" -lt "$(manifest pages present)" ] ||
	fail "with its own notes nothing is left out"
equals "its own: trusted" true "$(manifest filter_trusted)"

core "$layout" "$ram" "$more" "$user" "log 1.0 \"hello\"" "notes = none"
keeps_all "none"
equals "none: host" unknown "$(manifest host)"

core "$layout" "$ram" "$more" "$user" "log 1.0 \"hello\"" \
	"set NUMBER(phys_base) = 0x7000000" "set KERNELOFFSET = 1e000000"
keeps_all "another boot's"
