#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# keep 2, on a disk with two dumps of this machine, one of another and other things: the
# oldest of ours goes, once the new one is complete; nothing else does.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
no_reboot=yes
read_here=yes
old_dumps "$dir/seed/crash"
target_disk ext4 400M -d "$dir/seed"
config <<END
target disk:LABEL=crash:/crash
keep 2
END
boot fk.crash=sysrq fk.cache=0

expect_back 60
for old in "$host-2020-02-01-00:00:00" otherhost-2019-01-01-00:00:00 "$host-notes"; do
	diff -r "$dir/seed/crash/$old" "$dir/out/crash/$old" >&2 || fail "$old was touched"
	rm -r "$dir/out/crash/$old"
done
[ ! -e "$dir/out/crash/$host-2020-01-01-00:00:00" ] || fail "the oldest dump is still there"
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_whole_dump
