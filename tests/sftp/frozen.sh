#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A server that stops answering in the middle: its SFTP server while sshd still keeps the
# connection alive, then sshd too. An error within the stall time, once: what would still
# be written afterwards is not tried and waited for again.
# shellcheck disable=SC2119 # functions have defaults
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"

bulk 16
server "$relay --after 5000000 freeze $SFTP_SERVER"
stall=6 settings
send "$remote" --codec none
fails "SFTP server frozen" "no answer for 6 s"
if [ "$took" -lt 6 ] || [ "$took" -gt 20 ]; then
	fail "SFTP server frozen: $took s"
fi
not_finished
[ -s "$remote/vmcore-incomplete" ] || fail "not in the middle"

# All of it: the keepalives of the client, 3 in 5 s each, would notice as well.
server "$relay --rate 2000000 $SFTP_SERVER"
rm -rf "$remote"
stall=8 settings
{
	wait_until in_the_middle
	for process in $(pgrep -P "$sshd_pid") $(cat "$work/pids"); do
		kill -STOP "$process" 2> /dev/null || :
		echo "$process" >> "$work/pids"
	done
} 2> /dev/null &
send "$remote" --codec none
fails "all frozen" "no answer for 8 s"
[ "$took" -le 25 ] || fail "all frozen: $took s"
not_finished
