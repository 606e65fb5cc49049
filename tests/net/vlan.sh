#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# 802.1q: an address inside of a VLAN, beside one outside of it on the same wire; DHCP in
# a VLAN; a VLAN that nobody else is in; again, on what is there already.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

cable
needs vlan
in_world ip addr add 198.51.100.1/24 dev w0
in_world ip link add link w0 name w0.42 type vlan id 42
in_world ip addr add 192.0.2.1/24 dev w0.42
in_world ip link set w0.42 up

up "net eth0.42 address=192.0.2.5/24 gateway=192.0.2.1"
has_address eth0.42 192.0.2.5/24
has_route "default via 192.0.2.1 dev eth0.42"
reaches 192.0.2.1
up "net ${MAC}0 vlan=42 address=192.0.2.5/24 mtu=1400\nnet eth0 address=198.51.100.5/24"
has_address eth0 198.51.100.5/24
in_us ip link show eth0.42 | grep -q "mtu 1400" || fail "no mtu 1400 in the VLAN"
in_us ip link show eth0 | grep -q "mtu 1500" || fail "the mtu of the VLAN is that of all"
reaches 192.0.2.1
reaches 198.51.100.1

in_us ip link del eth0.42
down "net eth0.43: DHCP: no answer in 2 s" "net eth0 vlan=43 dhcp timeout=2"
in_world ip link set w0 mtu 9000
up "net eth0 vlan=42 address=192.0.2.6/24 mtu=9000"
in_us ip link show eth0.42 | grep -q "mtu 9000" || fail "no mtu 9000 in the VLAN"
in_us ip link del eth0.42
dns_masq --interface=w0.42 --dhcp-range=192.0.2.50,192.0.2.60,255.255.255.0,10m
up "net eth0.42 dhcp"
reaches 192.0.2.1

in_us ip link del eth0.42
in_us ip link add link eth0 name eth0.42 type vlan id 41
down "eth0.42 is there already, and not VLAN 42 of eth0" "net eth0.42 dhcp"
