#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The power goes while the dump is being written to a slow disk. What had been reported
# as saved or durable is there and whole; nothing looks whole that is not.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
target_disk ext4 400M
target_speed=1500000
config <<END
target disk:LABEL=crash:/crash
END
power_cut='copy +[2-9][0-9]% \([1-9]'
boot fk.crash=sysrq fk.cache=0

find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_incomplete '[12]'
expect valid.value false
expect valid.reasons '*not finished*'
expect dmesg_saved true
expect_durable
