#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One image for a whole fleet, without a configuration: what a host needs of it is
# appended, an archive that is not packed behind one that is.
# Variants: zstd | gzip none
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
generic=${VARIANT:-zstd}
target_disk ext4 400M
config <<END
target disk:LABEL=crash:/crash
level 29
host appended
END
boot fk.crash=sysrq

expect_back 60
host=appended
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_whole_dump
expect level.asked 29
expect host "$host"
