#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A target that is too small: the log and the manifest are kept, there is no vmcore, and
# the manifest says why.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
target_disk ext4 20M
config <<END
target disk:LABEL=crash:/crash
END
boot fk.crash=sysrq fk.cache=0

expect_back 60
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_no_vmcore
expect_mode "$dump/manifest.json" 600
expect complete.value false
expect complete.reasons '*the dump needs about*'
