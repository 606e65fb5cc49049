#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One write of the dump fails, as on a bad sector: the disk keeps the log, a manifest that
# says what happened, and no vmcore; the second target gets the whole dump.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
no_reboot=yes
read_here=yes
target_disk ext4 400M
second_disk 400M
target_fails_at 40 once
config <<END
target disk:LABEL=crash:/crash
target disk:LABEL=second:/crash
END
boot fk.crash=sysrq fk.cache=0

expect_back 60
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_incomplete '[12]'
expect valid.value false
# Where it was the journal's write, the kernel lets nobody write there any more.
if grep -q ': Remounting filesystem read-only' "$dir/console.log"; then
	expect valid.reasons '*the capture was not finished*'
else
	expect valid.reasons '*writing vmcore*I/O error*'
fi
find_dump /crash out-second
expect_dmesg 'sysrq triggered crash'
expect_whole_dump
expect errors '*target 1*I/O error*'
