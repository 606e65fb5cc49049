#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels: 5.10 6.1 6.12 7.2
#
# Our own capture kernel, profile virt, in 18 MiB (arm64: 20), where a stock kernel has
# crashed: on x86_64 the newest one with page tables of five levels, which ours has not.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
built=virt-x86_64 least=18M
[ "$arch" = amd64 ] || built=virt-arm64 least=20M
CAPTURE_KERNEL=${CAPTURE_KERNEL:-$top/build/kernel/$built/vmlinuz}
[ -f "$CAPTURE_KERNEL" ] || skip "there is no $CAPTURE_KERNEL (make kernel)"
reserve=${RESERVE:-$least}
[ "$arch$series" != amd647.2 ] || cpu=$cpu,la57=on
target_disk ext4 400M
config <<END
target disk:LABEL=crash:/crash
level 31
END
boot fk.crash=sysrq

expect_saved 60
expect level.used 31
expect_console 'Linux version [^ ]*-crashbox'
