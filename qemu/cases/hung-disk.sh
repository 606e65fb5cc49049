#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# In the middle of the dump the disk answers nothing any more, not even with an error:
# what waits for it cannot be killed. crashbox goes on without it, and the second target
# gets the whole dump.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
no_reboot=yes
read_here=yes
target_disk ext4 400M
target_hangs_after=12000000
second_disk 400M
config <<END
target disk:LABEL=crash:/crash
target disk:LABEL=second:/crash
stall 6
deadline 120
END
boot fk.crash=sysrq fk.cache=0

expect_back 45
expect_console 'nothing moved for'
expect_console 'cannot be killed'
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_no_vmcore
find_dump /crash out-second
expect_dmesg 'sysrq triggered crash'
expect_whole_dump
