#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox test when things hang: a server that stops answering, a capture process that
# stands still, an operator who has seen enough. It ends in time, says which target it was
# and in which stage, tries the others, and takes back what it can.
# shellcheck disable=SC2119 # functions have defaults
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"

# begin LINE...: crashbox test in the background, with more lines of configuration
begin()
{
	printf '%s\n' "$@" | cat "$work/conf" - > "$work/test.conf"
	rm -rf "$remote"
	mkdir -p "$remote"
	began=$(date +%s)
	timeout 150 "$AGENT" test --config "$work/test.conf" --ssh "$SSH" "$work/core" \
		> "$work/got" 2> "$work/stderr" &
	verb=$!
}

# ended WANTED-STATUS
ended()
{
	status=0
	wait "$verb" || status=$?
	took=$(($(date +%s) - began))
	equals "exit status" "$1" "$status"
}

# row PATTERN: a line of what it printed
row()
{
	grep -q "^$1" "$work/got" || fail "no '$1' in: $(cat "$work/got" "$work/stderr")"
}

half_there()
{
	[ "$(cat "$remote"/*/vmcore-incomplete | wc -c)" -gt 1000000 ]
}

me()
{
	echo "sftp:$(id -un)@127.0.0.1:$port:$remote"
}

bulk 8
stall=12 settings
printf 'codec none\n' >> "$work/conf"

# A frozen connection: our own end of waiting comes first, and says so; what is left there
# is removed by another connection.
server "$relay --after 3000000 freeze $SFTP_SERVER"
begin "target $(me)"
wait_until half_there
ended 1
row "fail  target 1  sftp:.*writing vmcore: .*no answer for 9 s\$"
[ "$took" -lt 60 ] || fail "frozen server: $took s"
equals "what is left" "" "$(ls "$remote")"

# A server that is gone in the middle: what nobody can remove now is named.
server "$relay --rate 2000000 $SFTP_SERVER"
begin "target $(me)"
wait_until half_there
stop_server
pkill -KILL -P "$(pgrep -P "$verb")" ssh || :
ended 1
row "fail  target 1  sftp:.*could not be removed: .*-test-.* is left there"
half_there || fail "nothing is left there"

# What hangs in our own process: it is given up, another does it again, and nothing is left.
server "$relay --rate 2000000 $SFTP_SERVER"
begin "target $(me)" "target $(me)/second"
wait_until half_there
child=$(pgrep -P "$(pgrep -P "$verb")")
kill -STOP "$child"
ended 0
grep -q 'nothing moved for 12 s in stage copy' "$work/stderr" || fail "$(cat "$work/stderr")"
row "ok    target 1  sftp:.* read back, removed again"
row "ok    target 2  sftp:.*/second: .* read back, removed again"
equals "what is left" second "$(ls "$remote")"
equals "what is left of the second" "" "$(ls "$remote/second")"
[ ! -e "/proc/$child" ] || fail "the process that hung is still there"

# The operator's Ctrl-C: nothing is left either.
begin "target $(me)" "target $(me)/second"
wait_until half_there
kill -INT "$(pgrep -P "$verb")"
ended 1
row "fail  target 1  sftp:.*told to stop (signal 2) in stage copy"
row "fail  target 2  sftp:"
equals "what is left after Ctrl-C" second "$(cd "$remote" && find . -mindepth 1 | sed 's,./,,')"
[ "$took" -lt 60 ] || fail "Ctrl-C: $took s"
