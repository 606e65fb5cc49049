#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox image --host: what a machine has by DHCP and by hand is written down, and with
# that alone, with the server gone and the interface under another name, it comes up again.
# shellcheck source=tests/net/lib.sh
. "${0%/*}/lib.sh"

cable
cable
in_world ip addr add 192.0.2.1/24 dev w0
in_world ip addr add 203.0.113.9/32 dev lo
in_world ip addr add 2001:db8::1/64 dev w1 nodad
in_world ip addr add 2001:db8:9::9/128 dev lo
dns_masq --interface=w0 --dhcp-range=192.0.2.50,192.0.2.60,255.255.255.0,10m \
	--dhcp-option=option:mtu,1400 --dhcp-host="${MAC}0,192.0.2.55"
up "net eth0 dhcp\nnet eth1 address=2001:db8::5/64 route=2001:db8:9::/64,2001:db8::1"
reaches 203.0.113.9
reaches 2001:db8:9::9

# freeze [IFACE...]: the net lines that an image for $work/targets would have
freeze()
{
	for iface in "$@"; do
		set -- "$@" --net "$iface"
		shift
	done
	in_us "$top/build/crashbox" image --config "$work/targets" --config-only --host \
		--print-config "$@" >"$work/config" 2>"$work/errors" || return 1
	sed -n '/^net /p' "$work/config" >"$work/frozen"
}

# frozen WANTED CONFIG_LINES [IFACE...]
frozen()
{
	wanted=$1
	printf '%b\n' "$2" >"$work/targets"
	shift 2
	freeze "$@" || fail "is refused: $(cat "$work/errors")"
	printf '%b\n' "$wanted" | diff -u - "$work/frozen" || fail "not as expected (-wanted)"
}

# refused WORDS CONFIG_LINES [IFACE...]
refused()
{
	words=$1
	printf '%b\n' "$2" >"$work/targets"
	shift 2
	! freeze "$@" || fail "was not refused: $words"
	grep -q -e "$words" "$work/errors" || fail "'$words' is not said: $(cat "$work/errors")"
}

first="net ${MAC}0 mtu=1400 address=192.0.2.55/24 gateway=192.0.2.1 \
neighbour=192.0.2.1,${WORLD_MAC}0"
second="net ${MAC}1 address=2001:db8::5/64 route=2001:db8:9::/64,2001:db8::1 \
neighbour=2001:db8::1,${WORLD_MAC}1"
frozen "$first" 'target disk:/dev/vda' eth0
frozen "$first" 'target disk:/dev/vda\ntarget nfs:203.0.113.9:/crash\ninsecure yes'
frozen "$second\n$first" 'target nfs:[2001:db8:9::9]:/x\nresolve dump 203.0.113.9
target nfs:dump:/x\ninsecure yes'
frozen "$first\n$second" 'target disk:/dev/vda' eth0 eth1
in_us ip neigh flush dev eth0
in_us ip neigh flush dev eth1
frozen "$first\n$second" 'target disk:/dev/vda' eth0 eth1
in_world ip link set w0 arp off
in_us ip neigh flush dev eth0
frozen "${first% neighbour=*}" 'target disk:/dev/vda' eth0
in_world ip link set w0 arp on
refused 'no target is on the network' 'target disk:/dev/vda'
refused 'no target is on the network' 'target nfs:127.0.0.1:/x\ninsecure yes'
refused 'has net lines of its own' 'target disk:/dev/vda\nnet any dhcp'
refused 'eth7: no such interface' 'target disk:/dev/vda' eth7
refused 'lo: not an Ethernet interface' 'target disk:/dev/vda' lo
in_us ip addr flush dev eth1
refused 'eth1: has no address' 'target disk:/dev/vda' eth1
in_us ip addr flush dev eth0
refused 'no route leads to any target' 'target nfs:198.51.100.1:/x\ninsecure yes'

stop_servers
for nr in 0 1; do
	in_us ip link set "eth$nr" down
	in_us ip addr flush dev "eth$nr"
	in_us ip link set "eth$nr" name "enp${nr}s0"
done
up "$first\n$second"
has_address enp0s0 192.0.2.55/24
reaches 203.0.113.9
reaches 2001:db8:9::9
