#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A slow server is waited for, for much longer than the stall time, as long as it answers.
# shellcheck disable=SC2119 # functions have defaults
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"

bulk 12
server "$relay --rate 1000000 $SFTP_SERVER"
stall=5 settings
{
	wait_until grep -q "Accepted publickey" "$work/sshd.log"
	sleep 3
	for key in /run/crashbox-ssh-*/key /tmp/crashbox-ssh-*/key; do
		! cmp -s "$key" "$work/id" || echo "$key"
	done > "$work/keys"
} &
send "$remote" --codec none
if [ ! -f "$work/keys" ] || [ -s "$work/keys" ]; then
	fail "our key lies about: $(cat "$work/keys")"
fi
succeeds "1 MB/s"
[ "$took" -ge 10 ] || fail "it was not slow: $took s"
same_as_disk --codec none
