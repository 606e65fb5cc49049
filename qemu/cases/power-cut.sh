#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The power goes while the dump is being written to a slow disk. What had been reported
# as saved is there and whole; nothing looks whole that is not.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
target_disk ext4 400M
# The cut comes later on a busy machine, and must still come before the end.
target_speed=$((1500000 / (scale * scale)))
config <<END
target disk:LABEL=crash:/crash
END
power_cut=yes
capture_seconds=13
boot fk.crash=sysrq fk.cache=0

grep -q 'crashbox: dmesg saved' "$dir/console-crash.log" ||
	lost "the power cut came before the log was saved (VM_TIMEOUT=2 may help)"
find_dump /crash
expect_dmesg 'sysrq triggered crash'
if [ -e "$dump/vmcore" ]; then
	# The cut came in the moment between the rename and the manifest.
	"$reader" check "$dump/vmcore" >"$dir/check" 2>&1 ||
		fail "there is a vmcore and it is not whole: $(tail -n 1 "$dir/check")"
elif "$reader" check "$dump/vmcore-incomplete" >"$dir/check" 2>&1; then
	fail "crashbox check takes the cut dump for a whole one"
fi
