# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Broken inputs: four ways in which they may end, and how each looks. Whatever comes
# in, the sanitizers stay silent and it is over in TIME_LIMIT seconds. The other verbs
# read the same file and may say what they like, but not crash. A failing case does not
# end the script, so that one run shows them all; finish comes last.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
TIME_LIMIT=${TIME_LIMIT:-20}
n_cases=0
n_failed=0

# Runs the agent; fails on a crash, a finding or a hang. Leaves its exit code in rc.
run_agent()
{
	rc=0
	timeout "$TIME_LIMIT" "$AGENT" "$@" > "$work/stdout" 2> "$work/stderr" || rc=$?
	case $rc in
	99) fail "$case_name: $1: sanitizer: $(grep -m 1 -E 'ERROR|runtime error' "$work/stderr")" ;;
	124) fail "$case_name: $1: not done after $TIME_LIMIT s" ;;
	esac
	[ "$rc" -lt 126 ] || fail "$case_name: $1: exit $rc: $(tail -n 3 "$work/stderr")"
}

begin()
{
	case_name=$1
	shift
	core "$@"
	rm -rf "$work/out"
	mkdir "$work/out"
	run_agent info "$work/core"
	run_agent dmesg "$work/core"
	run_agent capture --level 31 "$work/core" "$work/out"
	! lacks_log_only "$rc" "$work/stderr" || rc=0
}

one_error()
{
	case $(wc -l < "$work/stderr"):$(cat "$work/stderr") in
	1:crashbox:\ *) ;;
	*) fail "$case_name: one line 'crashbox: ...' wanted: $(head -n 5 "$work/stderr")" ;;
	esac
}

# captured [EXIT]: a dump is there; the capture ended with at most EXIT (1: something else
# that was wanted is missing, 2: pages are missing), and check says the same of the dump.
captured()
{
	ended=$rc
	[ "$ended" -le "${1:-0}" ] || fail "$case_name: exit $rc: $(tail -n 3 "$work/stderr")"
	[ -e "$work/out/vmcore" ] || fail "$case_name: no vmcore: $(tail -n 3 "$work/stderr")"
	run_agent check "$work/out/vmcore"
	case $ended:$rc in
	0:0 | 1:0 | 2:2) ;;
	*) fail "$case_name: capture: exit $ended, check: exit $rc: $(cat "$work/stderr")" ;;
	esac
	"$READDUMP" whole "$work/out/vmcore" > "$work/whole" || fail "$case_name: readdump"
	[ "$rc" -eq 2 ] || grep -q "^missing = 0" "$work/whole" || fail "$case_name: missing pages"
}

# The manifest says that something was not as it should be.
says_so()
{
	/usr/bin/python3 - "$work/out/manifest.json" <<'PYTHON' || fail "$case_name: says nothing"
import json, sys
m = json.load(open(sys.argv[1]))
sys.exit(not (m["errors"] or m["valid"]["reasons"] or m["complete"]["reasons"]
              or m["level"]["used"] != m["level"]["asked"]))
PYTHON
}

# in_case FUNCTION NAME PART...: counts, and goes on after a failure.
in_case()
{
	n_cases=$((n_cases + 1))
	if ! ( "$@" ); then
		n_failed=$((n_failed + 1))
	fi
}

do_refused()
{
	begin "$@"
	[ "$rc" -ne 0 ] || fail "$case_name: was not refused"
	one_error
	[ ! -e "$work/out/vmcore" ] || fail "$case_name: refused, and yet there is a vmcore"
}

do_anyhow()
{
	begin "$@"
	if [ -e "$work/out/vmcore" ]; then
		captured 2
	else
		[ "$rc" -ne 0 ] || fail "$case_name: exit 0 without a dump"
		one_error
	fi
}

do_degraded()
{
	begin "$@"
	captured 2
	says_so
}

do_survives()
{
	begin "$@"
	captured
}

do_unfiltered()
{
	begin "$@"
	captured 2
	says_so
	equals "$case_name: left out" "" "$("$READDUMP" dropped "$work/out/vmcore")"
}

# refused NAME PART...: not a core to work with; one error, no dump.
refused() { in_case do_refused "$@"; }

# anyhow NAME PART...: refused with one error, or a dump.
anyhow() { in_case do_anyhow "$@"; }

# degraded NAME PART...: a dump, whose manifest says that something was wrong.
degraded() { in_case do_degraded "$@"; }

# unfiltered NAME PART...: the same, and no page is left out.
unfiltered() { in_case do_unfiltered "$@" "@0x800 buddy=3"; }

# survives NAME PART...: a dump; the broken thing is harmless or only lowers its worth.
survives() { in_case do_survives "$@"; }

finish()
{
	echo "$n_cases cases, $n_failed failed"
	[ "$n_failed" -eq 0 ]
}
