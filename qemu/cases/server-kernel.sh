#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: | ahci nvme megasas-gen2 pvscsi e1000e
#
# Our capture kernel for servers, profile server-nfs, with the disks and the network card
# that QEMU has of what it is made for; the kernel that crashes has none of their drivers.
# Needs make kernel PROFILE=server-nfs, a quarter of an hour.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
CAPTURE_KERNEL=${CAPTURE_KERNEL:-$top/build/kernel/server-nfs-x86_64/vmlinuz}
[ -f "$CAPTURE_KERNEL" ] || skip "there is no $CAPTURE_KERNEL (make kernel PROFILE=server-nfs)"
reserve=${RESERVE:-32M}
case $VARIANT in
e1000e)
	nic=$VARIANT kind=nfs4
	# shellcheck source=qemu/net.sh
	. "$top/qemu/net.sh"
	start_server
	;;
*)
	no_reboot=yes read_here=yes # the first kernel has no driver for it
	target_on=$VARIANT target=disk:LABEL=crash:/crash guest_net='' target_config=''
	target_disk ext4 400M
	;;
esac
config <<END
$guest_net
target $target
$target_config
END
boot fk.crash=sysrq fk.cache=0

expect_saved 60
expect target "$target"
expect_console 'Linux version [^ ]*-crashbox'
