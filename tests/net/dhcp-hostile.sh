#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# DHCP servers that mean no good: broken replies before each good one, offers that are
# taken back, a flood of rubbish, a deaf one. The good address is what is taken, or after
# the time that was given, none.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

cable
in_world ip addr add 192.0.2.1/24 dev w0

# served HOW: our only server is of that kind from now on
served()
{
	stop_servers
	ip netns exec "$world" "$here/bad-dhcp.py" w0 "$1" &
	server_pids=$!
	sleep 1
	in_us ip addr flush dev eth0
}

for how in liar nak late; do
	served "$how"
	up "net eth0 dhcp"
	within_s 0 20
	has_address eth0 192.0.2.55/24
	[ "$(in_us ip -4 -o addr show dev eth0 | wc -l)" = 1 ] || fail "$how: another address"
	has_route "default via 192.0.2.1 dev eth0"
	reaches 192.0.2.1
done
served flood
down "net eth0: DHCP: no good answer in 4 s; [0-9]* bad ones" "net eth0 dhcp timeout=4"
within_s 4 6
[ -z "$(in_us ip -4 -o addr show dev eth0)" ] || fail "an address out of rubbish"
