#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# on_success poweroff: the machine stays off, and the dump is there.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
read_here=yes
target_disk ext4 400M
config <<END
target disk:LABEL=crash:/crash
on_success poweroff
END
boot fk.crash=sysrq

grep -q 'verdict 3' "$dir/events" || fail "the machine did not switch itself off"
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_whole_dump
