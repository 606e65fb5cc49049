#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Addresses, routes, MTU and a gateway's MAC as they are written down: two interfaces,
# IPv4 and IPv6, a gateway outside of a /32, a gateway that does not say its MAC.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

cable
cable
in_world ip addr add 192.0.2.1/24 dev w0
in_world ip addr add 2001:db8::1/64 dev w0 nodad
in_world ip addr add 198.51.100.1/24 dev w1
in_world ip addr add 10.1.1.1/32 dev lo
in_world ip link set w0 mtu 9000
up "net eth0 address=192.0.2.5/24 address=2001:db8::5/64 gateway=192.0.2.1 \
gateway=2001:db8::1 mtu=9000\nnet eth1 address=198.51.100.5/24 gateway=198.51.100.1 \
route=10.1.0.0/16,198.51.100.1 route=203.0.113.0/24"
has_address eth0 192.0.2.5/24
has_address eth0 2001:db8::5/64
has_address lo 127.0.0.1/8
has_route "default via 192.0.2.1 dev eth0"
has_route "default via 198.51.100.1 dev eth1"
has_route "10.1.0.0/16 via 198.51.100.1 dev eth1"
has_route "203.0.113.0/24 dev eth1"
has_route "default via 2001:db8::1 dev eth0"
in_us ip route get 8.8.8.8 | grep -q "dev eth0" || fail "the first gateway does not go first"
in_us ip link show eth0 | grep -q "mtu 9000" || fail "no mtu 9000"
reaches 192.0.2.1
reaches 2001:db8::1
reaches 10.1.1.1
! in_us ip -6 addr show dev eth0 | grep -q "2001:db8::5.*tentative" ||
	fail "the address is still tentative"
[ "$(in_us cat /proc/sys/net/ipv6/conf/eth0/accept_ra)" = 0 ] || fail "listens to routers"

# `crashbox status` asks which card the way to a server goes over today.
# over LINE ADDRESS WANTED
over()
{
	got=$(in_us "$NETUP" --over "$1" "$2") || :
	equals "$1, to $2" "$3" "$got"
}
over "eth0 dhcp" 192.0.2.1 ""
over "${MAC}0 dhcp" 192.0.2.1 ""
over "bond9 bond=eth1,${MAC}0 dhcp" 192.0.2.1 ""
over "any dhcp" 192.0.2.1 ""
over "eth1 dhcp" 192.0.2.1 "over eth0"
over "${MAC}1 dhcp" 2001:db8::1 "over eth0"
over "eth0 dhcp" 10.1.1.1 "over eth1"
over "eth1 dhcp" 10.1.1.1 ""
over "eth1 dhcp" 192.0.2.5 ""
in_us ip link add bridge type bridge
in_us ip link set eth0 master bridge
in_us ip addr flush dev eth0
in_us ip addr add 192.0.2.5/24 dev bridge
in_us ip link set bridge up
over "eth0 dhcp" 192.0.2.1 ""
over "eth1 dhcp" 192.0.2.1 "over bridge"
in_us ip link del bridge
up "net eth0 address=192.0.2.5/24 address=2001:db8::5/64 gateway=192.0.2.1 \
gateway=2001:db8::1 mtu=9000"

# What cannot be had of the MTU is said, and the rest goes on.
netup "net eth1 address=198.51.100.5/24 mtu=65535\nnet eth0 address=192.0.2.5/24" >/dev/null
[ "$rc" = 0 ] || fail "for the sake of an MTU nothing works"
reaches 198.51.100.1

# As clouds have it: the machine's network is the machine alone.
in_us ip addr flush dev eth0
in_us ip addr flush dev eth1
in_us ip link set eth1 down
up "net eth0 address=172.16.0.2/32 gateway=192.0.2.1"
has_route "default via 192.0.2.1 dev eth0.*onlink"

# A MAC that was written down counts only when the gateway says nothing.
in_us ip neigh flush dev eth0
up "net eth0 address=192.0.2.5/24 gateway=192.0.2.1 neighbour=192.0.2.1,52:54:00:01:02:03"
within_s 0 2
in_us ip neigh show 192.0.2.1 | grep -q "${WORLD_MAC}0" || fail "the answer does not count"
in_world ip link set w0 arp off
in_us ip neigh flush dev eth0
up "net eth0 address=192.0.2.5/24 gateway=192.0.2.1 neighbour=192.0.2.1,${WORLD_MAC}0"
within_s 3 4
in_us ip neigh show 192.0.2.1 | grep -q "${WORLD_MAC}0 .*PERMANENT" || fail "no MAC"
in_world ip neigh add 192.0.2.5 lladdr "${MAC}0" dev w0
reaches 192.0.2.1
