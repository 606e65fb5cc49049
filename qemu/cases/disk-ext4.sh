#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The main road: sysrq panic, a labelled ext4 that the crashed system had mounted.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
target_disk ext4 400M
config <<END
target disk:LABEL=crash:/crash
level 31
END
boot fk.crash=sysrq

expect_back 60
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_dmesg 'Comm: selfdestruct'
expect_whole_dump
expect level.asked 31
expect level.used 31
expect codec zstd
expect target '*disk:LABEL=crash*'
