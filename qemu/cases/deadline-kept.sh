#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The dump is too large for the time there is: it ends early enough that all of what was
# copied is on the disk, and a manifest that says what is missing.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
no_reboot=yes
read_here=yes
target_disk ext4 1500M
target_speed=$((12000000 / scale))
config <<END
target disk:LABEL=crash:/crash
level 0
codec none
deadline 16
stall 12
END
boot fk.crash=sysrq fk.cache=0

expect_back 30
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_incomplete 2
expect_mode "$dump/manifest.json" 600
expect valid.value false
expect complete.value false
expect valid.reasons '*deadline*'
expect dmesg_saved true
expect pages.written '[1-9]*'
