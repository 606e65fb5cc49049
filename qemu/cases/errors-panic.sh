#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The first target's superblock says errors=panic, and its folder is damaged, as it is where
# that was why the machine died: the capture kernel does not panic in turn, and the second
# target gets the whole dump.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
no_reboot=yes
read_here=yes
mkdir -p "$dir/seed/crash"
target_disk ext4 400M -d "$dir/seed"
tune2fs -e panic "$dir/target" >"$dir/tune2fs.log" 2>&1 || lost "tune2fs"
block=$(debugfs -R 'blocks /crash' "$dir/target" 2>/dev/null | tr -d ' ')
size=$(dumpe2fs -h "$dir/target" 2>/dev/null | sed -n 's/^Block size: *//p')
if [ -z "$block" ] || [ -z "$size" ]; then
	lost "where is /crash?"
fi
head -c "$size" /dev/zero | tr '\0' '\252' |
	dd of="$dir/target" bs="$size" seek="$block" conv=notrunc status=none
second_disk 400M
config <<END
target disk:LABEL=crash:/crash
target disk:LABEL=second:/crash
END
boot fk.crash=sysrq fk.cache=0

expect_back 60
grep -q 'EXT4-fs error' "$dir/console.log" || fail "nobody has met the damage"
! grep -q 'panic forced after error' "$dir/console.log" || fail "the capture kernel panicked"
find_dump /crash out-second
expect_dmesg 'sysrq triggered crash'
expect_whole_dump
