#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A verb that is ended in the middle of logging in leaves nothing, and while the client
# runs nobody can read our key, not even others of the user that it runs as. That is a user
# of its own: a process of nobody, whom many services are, cannot end it.
# shellcheck disable=SC2119 # functions have defaults
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"

client_runs()
{
	client=$(pgrep -f "^[^ ]*ssh .*UserKnownHostsFile=.* -p $port ")
}

client_is_gone()
{
	! client_runs
}

# Our key outside of where it belongs, and mounts of ours that others can see.
around()
{
	find /run /tmp -xdev -newer "$work/settled" -type f -size -64k 2> /dev/null |
		grep -v "^$work/" | xargs -r -d '\n' grep -lsF "$(sed -n 2p "$work/id")" || :
	grep -c "crashbox.*ramfs" /proc/self/mountinfo || :
}

# A server that takes the connection and never says a word.
port=$(free_port)
/usr/bin/python3 -c 'import socket, sys, time
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
open(sys.argv[2], "w")
time.sleep(300)' "$port" "$work/listens" &
silent=$!
trap 'kill $silent 2> /dev/null; stop_server' EXIT
wait_until [ -e "$work/listens" ]

stall=60 settings
target=sftp:$(id -un)@127.0.0.1:$port:$work
echo "target $target" >> "$work/conf"
for signal in INT KILL TERM; do
	: > "$work/settled"
	"$AGENT" list --ssh "$SSH" --config "$work/conf" > "$work/list" 2>&1 &
	verb=$!
	wait_until client_runs
	client_runs || fail "$signal: no client: $(cat "$work/list")"
	equals "$signal: what lies about" 0 "$(around)"
	if [ "$(id -u)" = 0 ]; then
		owner=$(stat -c %u "/proc/$client/environ")
		equals "$signal: who may look into the client" 0 "$owner"
		equals "$signal: the client is" "65525 65525" \
			"$(awk '/^[UG]id/ { print $2 }' "/proc/$client/status" | xargs)"
		! setpriv --reuid 65534 --regid 65534 --clear-groups \
			kill -0 "$client" 2> "$work/read" || fail "$signal: nobody can end it"
		[ -r "/proc/$client/cwd/key" ] || fail "$signal: the key is not where it is looked for"
		for file in cwd/key environ mem; do
			for uid in 65534 65525; do
				! setpriv --reuid $uid --regid $uid --clear-groups head \
					-c 1 "/proc/$client/$file" > "$work/read" 2>&1 ||
					fail "$signal: $uid can read $file"
			done
		done
	fi
	# As a terminal does it: to all of them. A job in the background ignores INT.
	kill "-$signal" "$verb" 2> /dev/null || :
	[ "$signal" != INT ] || kill -TERM "$verb"
	wait "$verb" 2> /dev/null || :
	wait_until client_is_gone
	client_is_gone || fail "$signal: the client lives on"
	equals "$signal: what is left" 0 "$(around)"
done
