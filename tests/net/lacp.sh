#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A bond of mode 802.3ad of two legs: with another such bond at the other end, of which each
# leg is cut in its turn, frozen as it is, and at the end of a cable where nobody speaks LACP.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

cable
cable
cable
needs bond vlan
in_world ip link add lag type bond mode 802.3ad miimon 100 lacp_rate fast
for leg in w0 w1; do
	in_world ip link set $leg down
	in_world ip link set $leg master lag
done
in_world ip link set lag up
in_world ip addr add 192.0.2.1/24 dev lag
in_world ip link add link lag name lag.7 type vlan id 7
in_world ip addr add 198.51.100.1/24 dev lag.7
in_world ip link set lag.7 up
static="address=192.0.2.5/24 gateway=192.0.2.1"

# partner: how many of our legs the other end has taken into its aggregate
partners()
{
	in_us cat /proc/net/bonding/bond0 | sed -n 's/.*Number of ports: //p'
}

up "net bond0 bond=eth0,eth1 mode=802.3ad $static"
in_us ip -d link show bond0 | grep -q "mode 802.3ad.*lacp_rate fast" ||
	fail "another mode: $(in_us ip -d link show bond0)"
in_us ip -d link show bond0 | grep -q "ad_partner_mac $WORLD_MAC" ||
	fail "no partner: $(in_us ip -d link show bond0)"
reaches 192.0.2.1
tries=0
while [ "$(partners)" != 2 ]; do
	tries=$((tries + 1))
	[ "$tries" -lt 100 ] || fail "not both legs are joined: $(partners)"
	sleep 0.1
done
for leg in 0 1; do
	in_world ip link set w$leg down
	sleep 1
	reaches 192.0.2.1
	in_world ip link set w$leg up
	sleep 3
done
echo 'target disk:/dev/vda:/' >"$work/targets"
in_us "$top/build/crashbox" image --config "$work/targets" --config-only --host --net bond0 \
	--print-config >"$work/config"
grep -q "^net bond0 bond=${MAC}0,${MAC}1 mode=802.3ad address=192.0.2.5/24" "$work/config" ||
	fail "frozen: $(grep net "$work/config")"
up "net bond0 bond=eth0,eth1 mode=802.3ad vlan=7 address=198.51.100.5/24"
reaches 198.51.100.1
in_us ip link del bond0

# Nobody answers on that cable.
in_world ip addr add 203.0.113.1/24 dev w2
netup "net bond1 bond=eth2 mode=802.3ad address=203.0.113.5/24" >/dev/null
[ "$rc" = 0 ] || fail "not up: $(cat "$work/said")"
warns "net bond1: nobody answers to LACP"
within_s 9 25
reaches 203.0.113.1
