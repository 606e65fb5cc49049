#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# list, show-dump and prune on a server: what they do in a folder, with more names than
# one answer holds.
# shellcheck disable=SC2119 # functions have defaults
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"

core "nodename = web" "log 1.0 \"Kernel panic - not syncing: a test\"" dmesg-plain
server
store=$work/store
mkdir -p "$store"
for second in 00 01 02; do
	send "$store/web-2026-01-04-00:00:$second"
	succeeds capture
done
long=$(printf '%0200d' 0)
for i in $(seq 1 250); do
	: > "$store/$long-$i"
done

target=sftp:$(id -un)@127.0.0.1:$port:$store
printf 'target %s\n' "$target" >> "$work/conf"
set -- --ssh "$SSH" --config "$work/conf"
"$AGENT" list "$@" > "$work/list" 2> "$work/stderr" || fail "list: $(cat "$work/stderr")"
equals "lines of list" 4 "$(wc -l < "$work/list")"
sed -i 1d "$work/list"
"$AGENT" list "$store" | sed 1d > "$work/here" || fail "list of a folder"
cmp "$work/list" "$work/here" || fail "the server's list is another one"
"$AGENT" show-dump "$@" web-2026-01-04-00:00:01 > "$work/show" 2> "$work/stderr" ||
	fail "show-dump: $(cat "$work/stderr")"
grep -q "^on  *$target" "$work/show" || fail "show-dump does not say where"
grep -q "state  *complete" "$work/show" || fail "show-dump does not say that it is whole"
"$AGENT" show-dump "$@" "$target/web-2026-01-04-00:00:01" > "$work/show2" || fail "show-dump URL"
cmp "$work/show" "$work/show2" || fail "show-dump of a target's words is another"

"$AGENT" prune "$@" --keep 2 > "$work/prune" 2> "$work/stderr" || fail "prune: $(cat "$work/stderr")"
grep -q "^1 dump, .* freed" "$work/prune" || fail "prune: $(cat "$work/prune")"
[ ! -e "$store/web-2026-01-04-00:00:00" ] || fail "prune: the oldest is there"
[ -e "$store/web-2026-01-04-00:00:02/vmcore" ] || fail "prune: the newest is gone"

stop_server
rc=0
"$AGENT" list "$@" > "$work/list" 2> "$work/stderr" || rc=$?
equals "no server: exit" 1 "$rc"
says "$target: " "Connection refused"

# A server that answers nothing any more, and what hangs in our own process.
stall=6 settings
server "$relay --after 1 freeze $SFTP_SERVER"
target=sftp:$(id -un)@127.0.0.1:$port:$store
printf 'target %s\n' "$target" >> "$work/conf"
began=$(date +%s)
rc=0
"$AGENT" list "$@" > "$work/list" 2> "$work/stderr" || rc=$?
equals "frozen server: exit" 1 "$rc"
says "$target: " "no answer for 4 s"
[ $(($(date +%s) - began)) -lt 30 ] || fail "frozen server: $(($(date +%s) - began)) s"

server "$relay --rate 2000 $SFTP_SERVER"
target=sftp:$(id -un)@127.0.0.1:$port:$store
sed -i "s|^target .*|target $target|" "$work/conf"
"$AGENT" list --json "$@" > "$work/list" 2> "$work/stderr" &
verb=$!
wait_until pgrep -P "$verb"
kill -STOP "$(pgrep -P "$verb")"
rc=0
wait "$verb" || rc=$?
equals "hung: exit" 1 "$rc"
/usr/bin/python3 -c 'import json, sys
target, = json.load(open(sys.argv[1]))["targets"]
assert target == {"target": sys.argv[2], "error": "no answer for 6 s"}, target' \
	"$work/list" "$target" || fail "hung: $(cat "$work/list")"
