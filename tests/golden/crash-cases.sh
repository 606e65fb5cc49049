#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The cases whose reports are known beforehand: each is a way of qemu/crashes, and what holds
# a report against them sees what is wrong.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
cases=$top/tests/fixtures/crash-cases

for case in $("$top/tests/tools/crash-case" "$cases"); do
	grep -q "^$case *|" "$top/qemu/crashes" || fail "qemu/crashes has no way $case"
done
# Ways and logs together are the bench: enough of them, and most with a rule that must name them.
ways=$("$top/tests/tools/crash-case" "$cases" | wc -l)
logs=$("$top/tests/tools/crash-case" "$fixtures/log-cases" | wc -l)
named=$(cat "$cases" "$fixtures/log-cases" | grep -c '^rule ')
[ "$ways" -ge 60 ] || fail "only $ways ways to crash have words"
[ $((ways + logs)) -ge 100 ] || fail "only $((ways + logs)) cases"
[ $((10 * named)) -ge $((9 * (ways + logs))) ] || fail "only $named cases name a rule"
cat >"$work/report" <<'END'
{"finding": {"rule": "deadlock", "text": "", "evidence": []}, "disks": [],
 "tasks": {"list": [{"pid": 1, "comm": "lab_ab"}, {"pid": 2, "comm": "lab_ba"}]},
 "blocked": {"cycles": [[2, 1]], "groups": [
  {"comm": "lab_ab", "waits_for": {"name": "lab_b [lab]", "owned": "sure", "owner_comm": "lab_ba"}},
  {"comm": "lab_ba", "waits_for": {"name": "lab_a [lab]", "owned": "sure", "owner_comm": "lab_ab"}},
  {"comm": "lab_third", "waits_for": {"name": "lab_a [lab]", "owned": "sure", "owner_comm": "lab_ab"}}]}}
END
judge() { "$top/tests/tools/crash-case" "$cases" mutex "$1"; }
judge "$work/report" || fail "a good report is none"
# wrong SED WORDS: with that change, this line is not kept
wrong()
{
	sed "$1" "$work/report" >"$work/bad"
	! judge "$work/bad" >"$work/said" || fail "nothing wrong with: $1"
	grep -q "not kept: $2" "$work/said" || fail "$1: $(cat "$work/said")"
}
wrong 's/"deadlock"/"holder"/' "rule deadlock"
wrong 's/"owner_comm": "lab_ba"/"owner_comm": "lab_third"/' "waits lab_ab lab_b lab_ba"
wrong 's/"sure"/"maybe"/' "waits lab_ab lab_b lab_ba"
wrong 's/\[\[2, 1\]\]/[[2]]/' "circle lab_ab lab_ba"
wrong 's/\[\[2, 1\]\]/[[2, 1], [1]]/' "circles 1"
# An event is told by its kind, which may be two words, and by words of what it is.
cat >"$work/events" <<'END'
completion
event lab_expects wait queue lab_done [lab]
END
cat >"$work/event" <<'END'
{"blocked": {"groups": [{"comm": "lab_expects",
  "waits_for": {"what": "wait queue", "name": "lab_done [lab]"}}]}}
END
"$top/tests/tools/crash-case" "$work/events" completion "$work/event" ||
	fail "an event that is there is not seen"
for change in s/lab_done/lab_other/ 's/wait queue/page/' 's/lab_expects/lab_hopes/'; do
	sed "$change" "$work/event" >"$work/other"
	! "$top/tests/tools/crash-case" "$work/events" completion "$work/other" >"$work/said" ||
		fail "another event is taken for it: $change"
done
# A signal with its sender and the parents as far as they are written; a record of the audit.
cat >"$work/signals" <<'END'
kill-daemon
signal SIGKILL lab_daemon pkill nightly.sh
audit 1318 ocomm="lab_daemon"
END
cat >"$work/signal" <<'END'
{"signals": [{"signal": "SIGKILL", "to": {"comm": "lab_daemon"},
  "from": [{"comm": "pkill"}, {"comm": "nightly.sh"}, {"comm": "init"}]}],
 "audit": [{"type": 1318, "text": "opid=5 ocomm=\"lab_daemon\""}]}
END
"$top/tests/tools/crash-case" "$work/signals" kill-daemon "$work/signal" ||
	fail "a signal that is there is not seen"
for change in s/SIGKILL/SIGTERM/ s/nightly/daily/ s/1318/1300/ s/ocomm/comm/; do
	sed "$change" "$work/signal" >"$work/other"
	! "$top/tests/tools/crash-case" "$work/signals" kill-daemon "$work/other" \
		>"$work/said" || fail "another signal is taken for it: $change"
done
wrong 's/"disks": \[\]/"disks": [{"name": "sda", "requests": [{"seconds": 11}]}]/' quiet
