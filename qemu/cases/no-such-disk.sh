#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Seconds: 100
#
# The file system is not there: nothing can be saved, and the machine comes back in time.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
target_disk ext4 100M
config <<END
target disk:UUID=01234567-89ab-cdef-0123-456789abcdef:/crash
deadline 40
stall 20
END
boot fk.crash=sysrq

expect_back 70
[ ! -e "$dir/out/crash" ] || fail "something was written to a disk nobody named"
expect_console '01234567-89ab-cdef-0123-456789abcdef'
