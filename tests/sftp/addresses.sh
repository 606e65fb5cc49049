#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A name with several addresses: each is tried, in order, and they share the time of one;
# by a capture, by list and by status alike.
# shellcheck disable=SC2119 # functions have defaults
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"

core dmesg-plain
server

# Nobody listens on the first two.
settings
echo "resolve server 127.9.9.9 ::ffff:127.9.9.8 127.0.0.1" >> "$work/conf"
host=server send "$remote"
succeeds "the third address"
says "127.9.9.9" "its next address"
[ -e "$remote/vmcore" ] || fail "no vmcore"

target=sftp:$(id -un)@server:$port:$work
echo "target $target" >> "$work/conf"
"$AGENT" list --ssh "$SSH" --config "$work/conf" > "$work/list" 2> "$work/stderr" ||
	fail "list: $(cat "$work/stderr")"
"$AGENT" status --ssh "$SSH" --config "$work/conf" > "$work/status" 2>&1 || :
grep -q "^ok .*target 1 .*$target" "$work/status" || fail "status: $(cat "$work/status")"

# One that is silent costs its share and no more.
/usr/bin/python3 -c 'import socket, sys, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.9.9.9", int(sys.argv[1])))
s.listen(8)
open(sys.argv[2], "w")
time.sleep(300)' "$port" "$work/listens" &
silent=$!
trap 'kill $silent 2> /dev/null; stop_server' EXIT
wait_until [ -e "$work/listens" ]
rm -rf "$remote"
host=server stall=12 send "$remote"
succeeds "behind a silent one"
[ "$took" -le 60 ] || fail "$took s"

# All of them fail: the last one's reason.
settings
echo "resolve server 127.9.9.7 127.9.9.8" >> "$work/conf"
host=server send "$remote/2"
fails "none" "127.9.9.8" "Connection refused"
