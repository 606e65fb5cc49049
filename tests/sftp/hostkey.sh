#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A server with another key, or without one that is pinned, gets nothing: not even an
# attempt to log in, which would be a byte of ours. Proved by the server's own log.
# shellcheck disable=SC2119 # functions have defaults
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"

nothing_got_through()
{
	sleep 1
	grep -q "Connection from" "$work/sshd.log" || fail "$1: it never came"
	! grep -Ei "userauth|Accepted|authenticat|session opened|subsystem" "$work/sshd.log" ||
		fail "$1: it went on to log in"
	[ ! -e "$remote" ] || fail "$1: something was written"
}

core dmesg-plain
server
settings "$work/other_key.pub"
send "$remote"
fails "wrong host key" "Host key verification failed"
nothing_got_through "wrong host key"

# Several pinned keys: any of them will do, and none of them is the others' excuse.
server
printf 'ssh_host_key %s\n' "$(cat "$work/id.pub")" >> "$work/conf"
send "$remote"
fails "two wrong host keys" "Host key verification failed"
nothing_got_through "two wrong host keys"

# A server that offers types that we did not pin.
ssh-keygen -q -t ecdsa -N '' -C '' -f "$work/ecdsa_key"
server "$SFTP_SERVER" "HostKeyAlgorithms ecdsa-sha2-nistp256" "HostKey $work/ecdsa_key"
settings
send "$remote"
fails "a key of another type" "no matching host key type"
nothing_got_through "a key of another type"

# No pinned key: nobody is called.
server
printf 'ssh_key %s\n' "$work/id" > "$work/conf"
send "$remote"
fails "no pinned key" "must be pinned by a line 'ssh_host_key"
sleep 1
! grep -q "Connection from" "$work/sshd.log" || fail "called without a pinned key"

# And the right one among several works.
settings "$work/other_key.pub"
printf 'ssh_host_key %s\n' "$(cat "$work/host_key.pub")" >> "$work/conf"
send "$remote"
succeeds "the second of two pinned keys"
