#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# System calls that fail once, in a capture and in its supervisor: a name that was given is
# a promise, what failed is told by its cause, and one failure costs no more than it must.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

AGENT=$top/build/crashbox	# a sanitizer's calls would be counted as well
command -v strace > /dev/null || fail "strace is not there; tests/setup installs it"
strace -o /dev/null true 2> "$work/why" || skip "no ptrace here: $(head -n 1 "$work/why")"
core "layout = 6.1" "ram = 0x1000-0x9f000" "ram = 0x100000-0x1000000" \
	"log-many 100 1.0 \"line %u\""

# injected WANTED-STATUS CALL:WHAT:when=N... : a capture in which these fail; a pattern
injected()
{
	wanted=$1
	shift
	rm -rf "$work/out"
	mkdir "$work/out"
	# shellcheck disable=SC2046 # words, none of them with a blank inside
	set -- $(printf -- '-e inject=%s ' "$@")
	status=0
	timeout 100 strace -f -qq -o "$work/trace" "$@" "$AGENT" capture --workers 1 \
		"$work/core" "$work/out" > "$work/stdout" 2> "$work/stderr" || status=$?
	grep -q INJECTED "$work/trace" || fail "$*: nothing was injected"
	# shellcheck disable=SC2254 # a pattern is what is meant
	case $status in
	$wanted) ;;
	*) fail "$*: exit $status, not $wanted: $(cat "$work/stderr")" ;;
	esac
}

# nth CALL PATTERN BEHIND: the number of the first such call that fits, behind another one, in
# a capture without a fault
nth()
{
	awk -v call="$1" -v pattern="$2" -v behind="$3" 'index($0, call "(") { n++ }
		found && index($0, call "(") && $0 ~ pattern { print n; exit }
		$0 ~ behind { found = 1 }' "$work/whole"
}

rm -rf "$work/out"
mkdir "$work/out"
strace -f -qq -y -o "$work/whole" "$AGENT" capture --workers 1 "$work/core" "$work/out" \
	> "$work/stdout" 2> "$work/stderr" || fail "no capture: $(cat "$work/stderr")"

# The folder's sync right behind the name: the log's, then the dump's.
nr=$(nth fsync '/out>' '"vmcore-dmesg-incomplete.txt", .*"vmcore-dmesg.txt"')
injected '[02]' "fsync:error=EIO:when=$nr"
[ ! -e "$work/out/vmcore-dmesg.txt" ] || fail "the log has a name that is not safe"
[ -s "$work/out/vmcore-dmesg-incomplete.txt" ] || fail "the log is gone"
"$AGENT" check "$work/out/vmcore" > "$work/check" || fail "the dump: $(cat "$work/check")"

# Free space that nobody can tell costs no dump.
injected 0 "fstatfs:error=EIO"
"$AGENT" check "$work/out/vmcore" > "$work/check" || fail "the dump: $(cat "$work/check")"
grep -q 'free space is unknown: I/O error' "$work/stderr" || fail "$(cat "$work/stderr")"

# No process for the report: that costs the report alone.
injected 0 "fork:error=ENOMEM:when=1"
grep -q 'no report: no process for it' "$work/stderr" || fail "$(cat "$work/stderr")"
"$AGENT" check "$work/out/vmcore" > "$work/check" || fail "the dump: $(cat "$work/check")"

# Causes, as they are.
injected 1 "fstat:error=EIO:when=1"
grep -q 'core: cannot be looked at: I/O error' "$work/stderr" || fail "$(cat "$work/stderr")"

# A console that says it is ready, and takes nothing.
injected 0 "write:error=EAGAIN"
"$AGENT" check "$work/out/vmcore" > "$work/check" || fail "the dump: $(cat "$work/check")"
