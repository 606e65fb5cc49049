#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# From the middle of the dump on, the disk fails every write: the log from before is
# there, nothing looks whole, and the second target gets the whole dump.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
no_reboot=yes
read_here=yes
target_disk ext4 400M
second_disk 400M
target_fails_at 40 for-good
config <<END
target disk:LABEL=crash:/crash
target disk:LABEL=second:/crash
END
boot fk.crash=sysrq fk.cache=0

expect_back 60
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_no_vmcore
find_dump /crash out-second
expect_dmesg 'sysrq triggered crash'
expect_whole_dump
expect errors '*target 1*'
