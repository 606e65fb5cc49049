#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The capture process dies in the middle of the dump: so many workers that the kernel
# takes it for want of memory. The log is there, the manifest says who died and when,
# nothing looks like a whole dump, and the machine comes back.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
no_reboot=yes
read_here=yes
target_disk ext4 1500M
config <<END
target disk:LABEL=crash:/crash
level 0
codec none
workers 256
END
boot fk.crash=sysrq fk.cache=0

expect_console 'Killed process'
expect_back 60
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_incomplete 2
expect_mode "$dump/manifest.json" 600
expect valid.value false
expect dmesg_saved true
expect valid.reasons '*the capture process died (signal 9) in stage copy*'
