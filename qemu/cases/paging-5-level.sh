#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels: 7.2
#
# A CPU with 57-bit addresses, so that the crashed kernel has one level of page tables
# more than in all other cases.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
cpu=$cpu,la57=on
no_reboot=yes
read_here=yes
target_disk ext4 400M
config <<END
target disk:LABEL=crash:/crash
END
boot fk.crash=sysrq fk.cache=0

expect_saved 60
expect filter_trusted true
build/tools/readdump vmcoreinfo "$dump/vmcore" | grep -qx 'NUMBER(pgtable_l5_enabled)=1' ||
	lost "the kernel did not use five levels"
