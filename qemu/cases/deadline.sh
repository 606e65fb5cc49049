#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A target so slow that the dump cannot be done in time: the machine comes back at the
# deadline, with the log, and without a dump that looks whole.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
target_disk ext4 400M
target_speed=1000000
config <<END
target disk:LABEL=crash:/crash
deadline 15
stall 12
END
boot fk.crash=sysrq fk.cache=0

expect_back 45
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_no_vmcore
if "$binary" check "$dump/vmcore-incomplete" >"$dir/check" 2>&1; then
	fail "crashbox check takes the cut dump for a whole one"
fi
