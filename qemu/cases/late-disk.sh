#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Seconds: 110
#
# The disk appears a minute after the crash, when the wait for it is over: a later round
# finds it, and it gets the whole dump.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
no_reboot=yes
read_here=yes
target_disk ext4 400M
mv "$dir/target" "$dir/late"
mkdir "$dir/out"
devices="-monitor unix:monitor,server=on,wait=off -device virtio-scsi-pci,id=hba
-drive if=none,id=late,file=late,format=raw,cache=unsafe"
first_modules="virtio_scsi sd_mod"
hook="(sleep 75; '$top/qemu/monitor' '$dir' device_add scsi-hd,drive=late,bus=hba.0,id=sd) \
	>>'$dir/monitor.log' 2>&1 &"
config <<END
target disk:LABEL=crash:/crash
wait 5s
END
boot fk.crash=sysrq fk.cache=0

expect_back 200
expect_console 'nothing is saved yet: all is tried again in 1 s'
read_disk late out-late
find_dump /crash out-late
expect_dmesg 'sysrq triggered crash'
expect_whole_dump
