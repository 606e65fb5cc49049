#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Servers that go away: nobody listens, the SFTP server or the whole connection is killed
# in the middle, something that is not SSH answers. An error in seconds, and no vmcore.
# shellcheck disable=SC2119 # functions have defaults
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"

bulk 16
server
stop_server
send "$remote"
fails "nobody listens" "Connection refused"
[ "$took" -le 5 ] || fail "nobody listens: $took s"

for what in kill cut; do
	server "$relay --after 5000000 $what $SFTP_SERVER"
	rm -rf "$remote"
	send "$remote" --codec none
	fails "$what" "the connection ended"
	[ "$took" -le 15 ] || fail "$what: $took s"
	not_finished
	[ -s "$remote/vmcore-incomplete" ] || fail "$what: not in the middle"
done

# A login script that talks, which is what breaks SFTP in real life.
server "echo Welcome to this machine; exec $SFTP_SERVER"
send "$work/talks"
fails "a script that talks" "not SFTP: 'Welcome to this machine"

server "$SFTP_SERVER" "ForceCommand exit 3"
send "$work/ends"
fails "ends at once" "the connection ended"

# Silence behind an open port.
/usr/bin/python3 -c 'import socket, sys, time
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen(5)
print(s.getsockname()[1], flush=True)
time.sleep(60)' > "$work/port" &
silent=$!
sleep 1
port=$(cat "$work/port")
stall=5 settings
send "$work/silence"
kill "$silent"
fails "silence" "sftp:"
[ "$took" -le 10 ] || fail "silence: $took s"
