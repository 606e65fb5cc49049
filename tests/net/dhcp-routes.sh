#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A lease with classless routes, where the router option must not count (RFC 3442), one of
# them over a gateway that is outside of the machine's own network.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

cable
in_world ip addr add 192.0.2.1/24 dev w0
in_world ip addr add 198.51.100.1/24 dev w0
in_world ip addr add 10.9.9.9/32 dev lo
dns_masq --interface=w0 --dhcp-range=192.0.2.50,192.0.2.60,255.255.255.0,10m \
	--dhcp-option=option:router,192.0.2.99 \
	--dhcp-option=option:classless-static-route,10.0.0.0/8,192.0.2.1,0.0.0.0/0,198.51.100.1
up "net eth0 dhcp"
has_route "10.0.0.0/8 via 192.0.2.1 dev eth0"
has_route "default via 198.51.100.1 dev eth0"
! in_us ip route | grep -q 192.0.2.99 || fail "the router option counted"
reaches 10.9.9.9
