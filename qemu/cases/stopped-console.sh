#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A stray Ctrl-S reaches the capture kernel's serial console at crashbox's first line:
# the dump is whole and the machine comes back, as if nobody had typed anything.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
console=xoff
no_reboot=yes
capture_seconds=75
read_here=yes
target_disk ext4 400M
config <<END
target disk:LABEL=crash:/crash
deadline 60
stall 20
END
# Each is warned of: more words than a line that is stopped can hold back (4 KiB).
for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
	capture_args="$capture_args crashbox.a crashbox.b crashbox.c crashbox.d crashbox.e"
done
boot fk.crash=sysrq fk.cache=0

grep -q 'at its first line' "$dir/bad-console.log" || lost "no XOFF was sent"
expect_back 45
expect_console 'crashbox: rebooting'
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_whole_dump
