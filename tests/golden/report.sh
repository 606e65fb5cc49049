#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The report of a crash: what the log alone tells of a made-up core, the same from the dump,
# beside the dump and in the manifest; its JSON has the keys that the manual names and no other.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

cat >"$work/log" <<'END'
log 1.0 "all is well"
log 3.0 "BUG: kernel NULL pointer dereference, address: 0000000000000010"
log 3.1 "#PF: supervisor write access in kernel mode"
log 3.2 "Oops: 0002 [#1] PREEMPT SMP NOPTI"
log 3.3 "CPU: 1 PID: 4711 Comm: insmod Tainted: G           OE      6.12.0"
log 3.4 "RIP: 0010:lab_null+0xe/0x20 [lab]"
log 3.5 "Call Trace:"
log 3.6 " <TASK>"
log 3.7 " lab_init+0x9/0x1000 [lab]"
log 3.8 " do_one_initcall+0x59/0x220"
log 3.9 " do_init_module+0x60/0x240"
log 4.0 " </TASK>"
log 4.1 "Kernel panic - not syncing: Fatal exception"
END
core "layout = 6.12" classes "$(cat "$work/log")"
"$AGENT" report "$work/core" >"$work/text" 2>"$work/stderr" || fail "report: $(cat "$work/stderr")"
grep -q "^  A write through a NULL pointer, at address 0x10, in lab!lab_null+0xe/0x20\.$" \
	"$work/text" || fail "no finding: $(cat "$work/text")"
# printf 'c1|null-deref|lab!lab_null|lab!lab_init|do_one_initcall|do_init_module' | sha256sum
grep -q "^  c1-a8c3ed9fb5c188af  (coarse c1-081dd4266674a4d9, frames: log)$" "$work/text" ||
	fail "another signature: $(cat "$work/text")"
! grep -n '.\{101\}' "$work/text" || fail "lines of more than 100 columns"
! LC_ALL=C grep -n '[^ -~]' "$work/text" || fail "bytes that are no ASCII"

"$AGENT" report --line "$work/core" >"$work/line"
grep -q '^host=.* what="null-deref in lab!lab_null" sig=c1-a8c3ed9fb5c188af ' "$work/line" ||
	fail "the line: $(cat "$work/line")"

# What a list knows of it stands on top, by its id before its coarse one.
cat >"$work/known" <<'END'
# of the fleet
c1-081dd4266674a4d9	a driver of the lab
c1-a8c3ed9fb5c188af  lab 1.2 and older: "fixed" in 1.3
END
"$AGENT" report --known "$work/known" "$work/core" >"$work/of-list" || fail "a known fault"
equals "known" '  known: lab 1.2 and older: "fixed" in 1.3' "$(sed -n 2p "$work/of-list")"
sed 2d "$work/of-list" | grep -v '^  made ' | diff - "$work/text" | grep -v '  made ' |
	grep '^[<>]' && fail "and changes something else"
"$AGENT" report --line --known "$work/known" "$work/core" >"$work/line"
grep -q " known=\"lab 1.2 and older: 'fixed' in 1.3\"" "$work/line" ||
	fail "the line of a known fault: $(cat "$work/line")"
"$AGENT" report --json --known "$work/known" "$work/core" | /usr/bin/python3 -c '
import json, sys
print(json.load(sys.stdin)["signature"]["known"])' >"$work/json"
equals "known, in JSON" 'lab 1.2 and older: "fixed" in 1.3' "$(cat "$work/json")"
sed -i '$d' "$work/known"
"$AGENT" look --known "$work/known" "$work/core" why >"$work/of-list" || fail "look --known"
equals "known by the coarse id" '  known: a driver of the lab' "$(sed -n 2p "$work/of-list")"
echo 'null-deref a driver' >>"$work/known"
"$AGENT" report --known "$work/known" "$work/core" 2>"$work/stderr" && fail "a bad list"
grep -q "known faults: $work/known line 3: 'null-deref' is no signature" "$work/stderr" ||
	fail "a bad list: $(cat "$work/stderr")"

# Beside the dump, before it; and of the dump itself, but for how long it took.
capture 31
same()
{
	grep -v '^  made ' "$1" >"$work/one"
	grep -v '^  made ' "$2" >"$work/two"
	cmp -s "$work/one" "$work/two" || fail "$3: $(diff "$work/one" "$work/two")"
}
same "$work/text" "$work/out/report.txt" "the one that was saved differs"
"$AGENT" report "$work/out/vmcore" >"$work/of-dump"
same "$work/text" "$work/of-dump" "the one of the dump differs"
equals signature c1-a8c3ed9fb5c188af "$(manifest signature)"
equals title "null-deref in lab!lab_null" "$(manifest title)"
equals "report saved" true "$(manifest report saved)"
equals "mode" 600 "$(stat -c %a "$work/out/report.txt")"

"$AGENT" report --json "$work/core" >"$work/json" || fail "no JSON"
/usr/bin/python3 - "$work/json" >"$work/written" <<'END' || fail "no JSON that can be read"
import json, sys
report = json.load(open(sys.argv[1]))
s = report["signature"]
import hashlib
text = "|".join(["c1", s["kind"]] + s["frames"])
assert s["id"] == "c1-" + hashlib.sha256(text.encode()).hexdigest()[:16], text
assert s["confidence"] == "log" and report["panic"]["access"] == "write"
for key in report:
    print(key)
END
sed -n 's/^\.It Cm //p' "$top/initramfs/install/crashbox-report.5" | sed 's/ , /\n/g' |
	sed 's/[].[].*//' | LC_ALL=C sort -u >"$work/told"
LC_ALL=C sort -u "$work/written" >"$work/keys"
diff "$work/keys" "$work/told" >"$work/keys.diff" ||
	fail "crashbox-report.5 (< written, > told): $(cat "$work/keys.diff")"

# Keys in keys, too: those that this core has, below one with tasks.
"$top/tests/tools/report-keys" "$top/initramfs/install/crashbox-report.5" "$work/json" \
	>"$work/lacks" || fail "crashbox-report.5 does not name: $(cat "$work/lacks")"

# look: one command, or many; one that goes wrong is told, and the others are done all the same.
"$AGENT" look "$work/core" why >"$work/text" 2>&1 || fail "look: $(cat "$work/text")"
grep -q "A write through a NULL pointer" "$work/text" || fail "look why: $(cat "$work/text")"
printf 'sys\n\n# a comment\nbogus\nsym\nlog\nquit\nwhy\n' |
	"$AGENT" look "$work/core" >"$work/text" 2>"$work/stderr" && fail "look: bogus is right"
grep -q "^  kernel     6.12" "$work/text" || fail "look sys: $(cat "$work/text")"
grep -q "all is well" "$work/text" || fail "look log: $(cat "$work/text")"
grep -q "FINDING" "$work/text" && fail "look goes on behind quit"
equals "look: what was said" "crashbox: look: no command bogus; help lists them
crashbox: look: sym takes an address or a name" "$(cat "$work/stderr")"
# As scripts have it: the command's options are its own, words end at what DOS ends lines with,
# quit may have blanks, the last line no end. Of a line that is too long no part is done.
"$AGENT" look "$work/core" bt -x 2>"$work/stderr" && fail "look bt -x is right"
grep -q "look: no task -x" "$work/stderr" || fail "bt -x: $(cat "$work/stderr")"
for quit in 'quit' ' quit ' 'exit\r' 'q'; do
	printf 'sys\r\n%b\nwhy' "$quit" | "$AGENT" look "$work/core" >"$work/text" ||
		fail "look, '$quit'"
	grep -q "^  kernel     6.12" "$work/text" || fail "look sys, '$quit': $(cat "$work/text")"
	! grep -q "FINDING" "$work/text" || fail "look goes on behind '$quit'"
done
printf 'why' | "$AGENT" look "$work/core" >"$work/text" || fail "look, a line without an end"
grep -q "FINDING" "$work/text" || fail "the last line is not done"
for line in "$(printf '%1024s' x)sys" 'x\0000why'; do
	printf '%b\nwhy\n' "$line" | "$AGENT" look "$work/core" >"$work/text" 2>"$work/stderr" &&
		fail "a line that is too long is right"
	grep -q "a line is longer than 1023 bytes, or has a NUL" "$work/stderr" ||
		fail "a long line: $(cat "$work/stderr")"
	! grep -q "^  kernel" "$work/text" || fail "the end of a long line was done"
	equals "commands that were done" 1 "$(grep -c '^FINDING' "$work/text")"
done
# A core with tasks and types, but without unwind tables.
core keep-user
"$AGENT" look "$work/core" ps >"$work/text" 2>&1 || fail "look ps: $(cat "$work/text")"
[ "$(grep -c '^ *[0-9]' "$work/text")" -ge 3 ] || fail "look ps: $(cat "$work/text")"
"$AGENT" look "$work/core" -- ps -m >"$work/text" 2>&1 || fail "look ps -m: $(cat "$work/text")"
[ "$(grep -c '^\[ *[-0-9]* [-0-9:.]*\] PID: [0-9]* *TASK: [0-9a-f]\{16\}  CPU: [0-9]* *STATE: ' \
	"$work/text")" -ge 3 ] || fail "look ps -m: $(cat "$work/text")"
"$AGENT" look "$work/core" ps -x >"$work/text" 2>&1 && fail "look ps -x is right"
"$AGENT" look "$work/core" struct task_struct >"$work/text" 2>&1 ||
	fail "look struct: $(cat "$work/text")"
grep -q "char comm\[16\];" "$work/text" || fail "look struct: $(cat "$work/text")"
# Of a member, too, the address is that of the whole.
task=$("$AGENT" look "$work/core" ps | awk '$1 == 1 { for (i = 2; i < 6; i++) if (length($i) == 16) print $i }')
for row in 'pid  pid; = 0x1$' 'comm  comm.*; = "'; do
	"$AGENT" look "$work/core" struct "task_struct.${row%%  *}" "$task" >"$work/text" 2>&1 ||
		fail "look struct: $(cat "$work/text")"
	grep -q "${row#*  }" "$work/text" || fail "look struct of a member: $(cat "$work/text")"
done
"$AGENT" look "$work/core" bt 99999 >"$work/text" 2>&1 && fail "a stack of nobody"
grep -q "look: no task 99999" "$work/text" || fail "look bt: $(cat "$work/text")"

"$AGENT" report --json "$work/core" >"$work/json" || fail "no JSON of tasks"
"$top/tests/tools/report-keys" "$top/initramfs/install/crashbox-report.5" "$work/json" \
	>"$work/lacks" || fail "crashbox-report.5 does not name: $(cat "$work/lacks")"

# More CPUs than there is room for: it says that some are left out.
core keep-user "cpus = 600"
"$AGENT" report --json "$work/core" >"$work/json" || fail "no JSON of 600 CPUs"
grep -q "there are more than 512" "$work/json" || fail "CPUs are missing without a word"
# Others' scripts look for these lines.
"$AGENT" report "$work/core" >"$work/text"
grep -q "^  CPU  *0 RIP: " "$work/text" || fail "no RIP of CPU 0: $(grep CPU "$work/text" | head -n 3)"

# No log, no symbols: it says so, and is no error.
core "layout = 6.12" classes
"$AGENT" report "$work/core" >"$work/text" 2>&1 || fail "nothing known: $(cat "$work/text")"
grep -q "^  Not known: " "$work/text" || fail "a finding out of nothing: $(cat "$work/text")"
# shellcheck disable=SC2046 # words
! "$AGENT" look "$work/core" bt $(seq 20) >"$work/text" 2>&1 || fail "words are dropped"
grep -q "more than 16 words: 16 is one too many" "$work/text" || fail "$(cat "$work/text")"
"$AGENT" report "$work/nothing" 2>"$work/stderr" && fail "a report of nothing"
grep -q "$work/nothing: cannot open" "$work/stderr" || fail "$(cat "$work/stderr")"
exit 0
