#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The address comes from a DHCP server, to whichever interface has a carrier.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
command -v dnsmasq >/dev/null || skip "there is no dnsmasq (tests/setup)"
start_server
dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user=root --pid-file= \
	--leasefile-ro --no-ping --interface=v1 --bind-interfaces \
	--dhcp-range=10.0.2.100,10.0.2.120,255.255.255.0 --log-dhcp \
	--log-facility="$dir/dnsmasq.log" &
config <<END
net any dhcp
target $target
$target_config
deadline 90
END
boot fk.crash=sysrq fk.cache=0

expect_saved 60
expect_console '10.0.2.1[0-2][0-9]/24'
note_time
