#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A watchdog device, its driver in the image before those of the disks: crashbox arms it,
# keeps it quiet while it works, and leaves it armed for the reboot.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
[ "$arch" = amd64 ] || skip "no driver for a watchdog that QEMU's arm64 board has"
series=6.12		# Debian's older cloud kernels have no driver for it
no_reboot=yes
read_here=yes
devices="-device i6300esb -action watchdog=pause"
first_modules=i6300esb
target_disk ext4 400M
config <<END
target disk:LABEL=crash:/crash
END
boot fk.crash=sysrq fk.cache=0

expect_back 90
expect_console 'crashbox: watchdog armed'
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_whole_dump
