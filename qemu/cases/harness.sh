#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The harness itself, with no crashbox in the capture kernel: a real crash, a capture
# kernel that only copies /proc/vmcore, a file system that was in use, and the way home of
# its files.
# When this fails, look here first and at no other case.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
raw_capture_image=yes
truncate -s 1G "$dir/raw"
target_disk ext4 100M
boot fk.crash=sysrq

grep -q ' rawcopy size=[1-9]' "$dir/events" || fail "/proc/vmcore was not copied"
expect_back 60
expect_mode "$dir/out/busy-file" 644
[ "$(head -c 23 "$dir/out/busy-file")" = crashbox-dirty-00000000 ] ||
	[ "$(head -c 23 "$dir/out/busy-file")" = crashbox-cache-00000000 ] ||
	fail "busy-file does not hold what the workload wrote"
[ "$(head -c 4 "$dir/raw" | tail -c 3)" = ELF ] || fail "the copy is no ELF file"
tail -n 1 "$dir/dmesg-before" | grep -q 'last words of this kernel' ||
	fail "the log from before the crash is cut"
