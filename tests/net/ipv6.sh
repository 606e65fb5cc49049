#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A network of IPv6 only: an address of a router's advertisement (dnsmasq), no router, a
# static address, and one that another machine has.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

cable
in_world ip addr add 2001:db8:1::1/64 dev w0 nodad
down "net eth0: slaac: no address from a router in 3 s" "net eth0 slaac timeout=3"
within_s 3 4
in_us ip link set eth0 down

dns_masq --interface=w0 --enable-ra --dhcp-range=2001:db8:1::,ra-only --ra-param=w0,4,600
up "net eth0 slaac"
within_s 0 12
has_address eth0 2001:db8:1:0:5054:ff:fec0:0/64
has_route "default via fe80::"
reaches 2001:db8:1::1
! in_us ip -4 addr show dev eth0 | grep -q inet || fail "an IPv4 address from nowhere"
in_us ip link set eth0 down

up "net eth0 address=2001:db8:1::5/64 gateway=2001:db8:1::1"
has_address eth0 2001:db8:1::5/64
reaches 2001:db8:1::1
[ "$(in_us ip -6 -o addr show dev eth0 scope global | wc -l)" = 1 ] ||
	fail "without slaac, an address of a router: $(in_us ip -6 addr show dev eth0)"

in_us ip link set eth0 down
down "net eth0: address 2001:db8:1::1/64: another machine has it" \
	"net eth0 address=2001:db8:1::1/64"
within_s 0 5

in_us ip addr flush dev eth0
in_us ip link set eth0 down

# Both: the one that does not answer does not keep the other from working.
netup "net eth0 dhcp slaac timeout=4" >/dev/null
[ "$rc" = 0 ] || fail "slaac works, and yet: $(cat "$work/said")"
warns "net eth0: DHCP: no answer in 4 s"
reaches 2001:db8:1::1
