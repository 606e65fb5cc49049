#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A carrier that comes late, one that never comes, an interface that never appears, one
# that appears late, a wrong MAC: each wait has its end, and is said.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

cable
in_world ip addr add 192.0.2.1/24 dev w0
static="address=192.0.2.5/24 gateway=192.0.2.1"

in_world ip link set w0 down
down "net eth0: no carrier after 2 s" "net eth0 $static carrier=2"
within_s 2 3
down "net any: no interface with a carrier after 2 s (there are: eth0)" \
	"net any $static carrier=2"
(sleep 3; ip -n "$world" link set w0 up) &
up "net eth0 $static carrier=20"
within_s 2 5
has_route "default via 192.0.2.1 dev eth0"
reaches 192.0.2.1

down "net 52:54:00:01:02:03: no such interface after 1 s (there are: eth0)" \
	"net 52:54:00:01:02:03 $static carrier=1"
within_s 1 2
down "net ens3: no such interface after 1 s.*driver in the image" "net ens3 dhcp carrier=1"

# Frozen by MAC, found under another name; and one whose driver takes its time.
in_us ip link set eth0 down
in_us ip link set eth0 name enp7s0
up "net ${MAC}0 $static"
has_address enp7s0 192.0.2.5/24
(sleep 2; ip -n "$world" link add late type veth peer name eth1 netns "$us"
	ip -n "$world" link set late up) &
up "net eth1 address=203.0.113.5/24 carrier=20"
within_s 1 4

# Of several, one that does not come keeps no other from working, and both wait at once.
in_us ip link set enp7s0 down
in_us ip addr flush dev enp7s0
in_world ip link set late down
netup "net eth1 dhcp carrier=4\nnet gone0 dhcp carrier=4\nnet ${MAC}0 $static" >/dev/null
[ "$rc" = 0 ] || fail "one of three works, and yet: $(cat "$work/said")"
within_s 4 5
warns "net eth1: no carrier after 4 s"
warns "net gone0: no such interface after 4 s"
reaches 192.0.2.1
