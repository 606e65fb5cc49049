#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A target so slow that hardly what was begun can be finished in time: the machine comes
# back at the deadline, with the log, what the console had called durable, and without a dump
# that looks whole.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
target_disk ext4 400M
no_reboot=yes
read_here=yes
target_speed=$((1000000 / scale))
config <<END
target disk:LABEL=crash:/crash
deadline 15
stall 12
END
boot fk.crash=sysrq fk.cache=0

expect_back 30
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_incomplete '[12]'
# It ends by itself where the disk takes the last of it in time, else it is ended.
expect_console 'the deadline .*came\|its time was over in stage'
expect_durable
