#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An active-backup bond of two legs on one switch: each cut in its turn, one that is not
# there, no leg at all, a bond of another mode that a module has made, a VLAN on top.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

cable
cable
needs bond vlan bridge
in_world ip link add switch type bridge
in_world ip link set w0 master switch
in_world ip link set w1 master switch
in_world ip addr add 192.0.2.1/24 dev switch
in_world ip link set switch up
in_world ip link add link switch name switch.7 type vlan id 7
in_world ip addr add 198.51.100.1/24 dev switch.7
in_world ip link set switch.7 up
static="address=192.0.2.5/24 gateway=192.0.2.1"

# freeze IFACE: the configuration that an image with this interface would have
freeze()
{
	echo 'target disk:/dev/vda:/' >"$work/targets"
	in_us "$top/build/crashbox" image --config "$work/targets" --config-only --host \
		--net "$1" --print-config
}

frozen()
{
	freeze "$1" | sed -n '/^net /p'
}

# not_frozen IFACE WORDS
not_frozen()
{
	! freeze "$1" >"$work/config" 2>"$work/errors" || fail "$1 was not refused"
	grep -q "$2" "$work/errors" || fail "'$2' is not said: $(cat "$work/errors")"
}

# active: the leg that carries
active()
{
	in_us ip -d link show bond0 | sed -n 's/.*active_slave \([^ ]*\).*/\1/p'
}

in_us ip link add bond0 type bond mode balance-rr
up "net bond0 bond=eth0,eth1 $static"
in_us ip -d link show bond0 | grep -q "mode active-backup" || fail "another mode"
reaches 192.0.2.1
first=$(active)
in_world ip link set "w${first#eth}" down
sleep 1
[ "$(active)" != "$first" ] || fail "$first is cut, and still active"
reaches 192.0.2.1
in_world ip link set "w${first#eth}" up
second=$(active)
sleep 1
in_world ip link set "w${second#eth}" down
sleep 1
[ "$(active)" = "$first" ] || fail "$second is cut, and still active"
reaches 192.0.2.1
up "net bond0 bond=eth0,eth1 $static"
[ "$(in_us ip -o addr show dev bond0 | grep -c ' inet ')" = 1 ] || fail "two addresses"
in_world ip link set "w${second#eth}" up

# Round-robin, which a switch here does not mind; one of another mode is made anew.
up "net bond0 bond=eth0,eth1 mode=balance-rr $static"
in_us ip -d link show bond0 | grep -q "mode balance-rr" || fail "another mode"
reaches 192.0.2.1
equals "frozen" "net bond0 bond=${MAC}0,${MAC}1 mode=balance-rr address=192.0.2.5/24" \
	"$(frozen bond0 | sed 's/ gateway.*//')"

# By MAC, with a leg that is gone, before the bond exists.
in_us ip link del bond0
netup "net bond0 bond=${MAC}1,52:54:00:01:02:03 vlan=7 address=198.51.100.5/24 carrier=3" \
	>/dev/null
[ "$rc" = 0 ] || fail "one leg is not enough: $(cat "$work/said")"
warns "net bond0: leg 52:54:00:01:02:03: no such interface"
has_address bond0.7 198.51.100.5/24
reaches 198.51.100.1
in_us ip link set eth0 down
in_us ip link set eth0 master bond0
legs="bond0 bond=${MAC}0,${MAC}1"
equals "frozen" "net $legs vlan=7 address=198.51.100.5/24" "$(frozen bond0.7)"

# A bridge with one way out, which a container's end is not.
in_us ip link add br0 type bridge
in_us ip link add c0 type veth peer name c1
in_us ip link set c0 master br0
not_frozen br0 "br0: a bridge with no way out"
in_us ip link set bond0.7 master br0
in_us ip addr add 198.51.100.6/24 dev br0
in_us ip link set br0 up
equals "frozen" "net $legs vlan=7 address=198.51.100.6/24" "$(frozen br0)"
in_us ip link del br0
in_us ip link add link eth1 name eth1.9 type vlan id 9 protocol 802.1ad
not_frozen eth1.9 "eth1.9: a VLAN of another kind than 802.1q"
in_us ip link del eth1.9
in_us ip link del bond0

down "net bond0: none of its 2 legs is there" "net bond0 bond=gone0,gone1 $static carrier=1"
in_world ip link set w0 down
in_world ip link set w1 down
down "net bond0: no carrier after 2 s" "net bond0 bond=eth0,eth1 $static carrier=2"
