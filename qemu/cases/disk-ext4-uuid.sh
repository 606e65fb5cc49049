#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# By UUID, loaded with the older kexec_load call, with three settings overridden
# on the kernel command line, so that one image can serve a fleet.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
target_disk ext4 400M
config <<END
target disk:UUID=$(target_uuid):/var/crash
level 31
codec zstd
END
host=row-7.rack_3
capture_args="crashbox.level=27 crashbox.codec=zlib crashbox.host=$host"
boot fk.crash=sysrq fk.load=classic

expect_back 60
find_dump /var/crash
expect_dmesg 'sysrq triggered crash'
expect_whole_dump
expect level.asked 27
expect codec zlib
