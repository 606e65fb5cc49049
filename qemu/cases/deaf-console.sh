#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Nobody takes what the capture kernel's serial console says from crashbox's first line
# on, so that a write to it would wait for ever: dump and reboot must not care.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
console=deaf
no_reboot=yes
capture_seconds=75
read_here=yes
target_disk ext4 400M
config <<END
target disk:LABEL=crash:/crash
deadline 60
stall 20
END
# Each is warned of: more words than QEMU and a UART's buffer can hold back (8 KiB).
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	capture_args="$capture_args crashbox.a crashbox.b crashbox.c crashbox.d crashbox.e"
	capture_args="$capture_args crashbox.f"
done
boot fk.crash=sysrq fk.cache=0

grep -q 'at its first line' "$dir/bad-console.log" || lost "the console was never stopped"
expect_saved 50
