#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# DHCPv4 against dnsmasq: address, mask, router, MTU, classless routes; by name, by MAC,
# by neither; again on an interface that has it all; and no server at all.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

cable
in_world ip addr add 192.0.2.1/24 dev w0
down "net eth0: DHCP: no answer in 3 s" "net eth0 dhcp timeout=3"
within_s 3 4

# `crashbox status` only asks.
got=$(in_us "$NETUP" --offer eth0) || :
equals "an offer, without a server" "none: DHCP: no answer in 3 s" "$got"

dns_masq --interface=w0 --dhcp-range=192.0.2.50,192.0.2.60,255.255.255.0,10m \
	--dhcp-option=option:mtu,1400 --dhcp-host="${MAC}0,192.0.2.55"
in_us ip link set eth0 up
equals "an offer" 192.0.2.55/24 "$(in_us "$NETUP" --offer eth0)"
[ -z "$(in_us ip -4 -o addr show dev eth0)" ] || fail "an offer was taken"
! grep -q DHCPREQUEST "$work/dnsmasq.log" || fail "an address was asked for"
up "net eth0 dhcp"
within_s 0 5
has_address eth0 192.0.2.55/24
has_route "default via 192.0.2.1 dev eth0"
in_us ip link show eth0 | grep -q "mtu 1400" || fail "the server's MTU is not set"
reaches 192.0.2.1
up "net ${MAC}0 dhcp"
[ "$(in_us ip -4 -o addr show dev eth0 | wc -l)" = 1 ] || fail "a second time, two addresses"
[ "$(in_us ip -4 route show default | wc -l)" = 1 ] || fail "a second time, two routes"

in_us ip addr flush dev eth0
in_us ip link set eth0 down
up "net any dhcp"
has_address eth0 192.0.2.55/24

# The kernel's own words, where the configuration has none; and where it has.
in_us ip addr flush dev eth0
up "" "root=/dev/nfs ip=dhcp quiet"
has_address eth0 192.0.2.55/24
in_us ip addr flush dev eth0
up "net eth0 address=192.0.2.7/24" "ip=dhcp"
has_address eth0 192.0.2.7/24
! in_us ip addr show dev eth0 | grep -qF 192.0.2.55 || fail "ip= beside a net line counted"
