#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The capture process dies in the middle of the dump: so many workers that the kernel
# takes it for want of memory. The next one has one worker, and saves all; the manifest
# says who died and when, and what the log of the crash told the one that died.
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
expect_back 120
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_whole_dump
expect_mode "$dump/manifest.json" 600
expect dmesg_saved true
expect panic 'Kernel panic - not syncing: sysrq triggered crash'
[ "$(manifest dmesg_records)" -gt 100 ] || fail "dmesg_records is $(manifest dmesg_records)"
expect errors '*the capture process died (signal 9) in stage copy*'
