#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox ship to a server by SSH: all arrives under its name when it was read back; a
# connection that is cut leaves a part that the next run goes on with, and no name; one with
# another host key gets nothing; other bytes of that name stay.
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/ship.sh
. "$top/tests/ship.sh"
trap stop_server EXIT
trap 'exit 1' HUP INT TERM
a=h-2026-01-01-10:00:00 b=h-2026-01-02-10:00:00
there=$work/remote/$b

server
cp "$work/conf" "$work/keys"
# to PORT [LINE...]: the configuration
to()
{
	{
		echo "target disk:LABEL=none:/"
		echo "ship sftp:$(id -un)@127.0.0.1:$1:$work/remote"
		cat "$work/keys"
		shift
		[ $# = 0 ] || printf '%s\n' "$@"
	} >"$work/conf"
}
crash $a 1000
crash $b 8000000
to "$port"
ship 0 --ssh "$SSH" "$crashes"
says "10 files sent"
diff -r "$crashes" "$work/remote" || fail "not all has come as it is"
ship 0 --ssh "$SSH" "$crashes"
says "0 files sent"

rm -r "$root/var/lib/crashbox/crashes"
ship 0 --ssh "$SSH" "$crashes"
says "0 files sent" "10 there already"

# Cut in the middle of the dump: what is there is none, and is gone on with.
rm -r "${root:?}/var/lib/crashbox/crashes" "${work:?}/remote"
server "$relay --after 5000000 kill $SFTP_SERVER"
to "$port"
ship 1 --ssh "$SSH" "$crashes"
equals "lines of error" 1 "$(grep -cv '^sent \|^[0-9]* file' "$work/said")"
[ ! -e "$there/vmcore" ] || fail "a part has the name of the whole"
part=$(echo "$there"/vmcore-*-incomplete)
[ "$(wc -c <"$part")" -gt 1000000 ] || fail "no part is there"
# Once more from the start would not get through this.
server "$relay --after 6000000 kill $SFTP_SERVER"
to "$port"
ship 0 --ssh "$SSH" "$crashes"
says "sent $b/vmcore" "1 file sent"
diff -r "$crashes" "$work/remote" || fail "not all has come after the cut"

# What is there is another's, or is no more what was sent.
rm -r "$root/var/lib/crashbox/crashes"
echo other >"$there/report.txt"
ship 1 --ssh "$SSH" "$crashes"
says "has other bytes than $b/report.txt here; it was left alone"
equals "the other's" other "$(cat "$there/report.txt")"

sed -i "s|^ssh_host_key .*|ssh_host_key $(cut -d' ' -f1,2 "$work/other_key.pub")|" "$work/keys"
rm -r "$work/remote"
to "$port"
ship 1 --ssh "$SSH" "$crashes"
[ ! -e "$work/remote" ] || fail "a server with another key has got something"
