#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A report of a log alone, whoever saved it, names what was written down beforehand.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
logs=$fixtures/logs cases=$fixtures/log-cases

for case in $("$top/tests/tools/crash-case" "$cases"); do
	"$AGENT" report "$logs/$case.txt" --json >"$work/report" || fail "$case: no report"
	"$top/tests/tools/crash-case" "$cases" "$case" "$work/report" >"$work/said" ||
		fail "$case: $(cat "$work/said")"
done
for log in "$logs"/*.txt; do
	name=${log##*/}
	grep -qx "${name%.txt}" "$cases" || fail "$log: nothing is known of it"
done

# From a pipe it is the same; of a console that boots again, the boot that died.
"$AGENT" report "$logs/two-boots.txt" >"$work/file" || fail "no report of a file"
"$AGENT" report - <"$logs/two-boots.txt" >"$work/pipe" || fail "no report from a pipe"
sed -i '/^  made /d' "$work/file" "$work/pipe"
cmp "$work/file" "$work/pipe" || fail "a pipe's report is another"
grep -q '^  kernel  *6.1.0-18-amd64 ' "$work/file" || fail "the kernel of another boot"
grep -q '^  uptime  *901 s' "$work/file" || fail "the uptime of another boot"
grep -q 'memory: there is only the log' "$work/file" || fail "what is missing is not said"

# What the lines begin with changes nothing of the report but the uptime, which dates do not tell.
plain=$logs/hard-lockup.txt
told()
{
	"$AGENT" report "$1" --line | sed 's/ uptime=[0-9]*$//'
}
told "$plain" >"$work/plain"
sed 's/^/<4>/; s/$/\r/' "$plain" >"$work/levels.txt"
sed 's/^\(\[[^]]*\] \)/\1db7 kernel: /' "$plain" >"$work/monotonic.txt"
sed 's/^\[[^]]*\] /2026-11-29T03:12:07.123456+00:00 db7 kernel: /' "$plain" >"$work/iso.txt"
for form in levels monotonic iso; do
	told "$work/$form.txt" | cmp -s - "$work/plain" ||
		fail "$form: $(told "$work/$form.txt"), not $(cat "$work/plain")"
done

# What is no log is said to be none.
: >"$work/empty"
! "$AGENT" report "$work/empty" >"$work/said" 2>&1 || fail "a report of an empty file"
! "$AGENT" report "$work/nowhere.txt" >"$work/said" 2>&1 || fail "a report of no file"
grep -q 'nowhere.txt: cannot open' "$work/said" || fail "$(cat "$work/said")"
for head in 'KDUMP   \0\0\06\0\0' '\0177ELF\02\01\01\0\0\n'; do
	{ printf %b "$head"; cat "$logs/two-boots.txt"; } >"$work/binary"
	! "$AGENT" report - <"$work/binary" >"$work/said" 2>&1 || fail "a report of a binary"
	equals "of a dump from a pipe" "crashbox: standard input is no log: of a core or a dump \
give the file's name" "$(cat "$work/said")"
done
head -c 300 /dev/urandom | tr -d '\n' >"$work/noise"
! "$AGENT" report "$work/noise" >"$work/said" 2>&1 || fail "a report of noise"

# A panic that is all there is names nobody, and no number that was not said.
for panic in 'hung_task: blocked tasks' 'softlockup: hung tasks' 'Hard LOCKUP' 'RCU Stall' \
	'Attempted to kill init! exitcode=0x00000009' 'panic_on_taint set ...'; do
	echo "[   32.000000] Kernel panic - not syncing: $panic" >"$work/panic.log"
	"$AGENT" report "$work/panic.log" >"$work/said" || fail "$panic: no report"
	! sed -n 2,5p "$work/said" | grep -q -e '-1' || fail "$panic: $(sed -n 2,5p "$work/said")"
done
