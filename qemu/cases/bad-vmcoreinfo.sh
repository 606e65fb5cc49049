#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# VMCOREINFO was overwritten before the crash: with a page structure of an absurd size
# nothing can be filtered. All pages but those of zeros are kept, and this is said.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
share_ram=yes
memory=512M
hook="$top/qemu/overwrite-ram $dir/ram 'SIZE(page)=64' 'SIZE(page)=03' >$dir/hook.log"
no_reboot=yes
read_here=yes
target_disk ext4 900M
config <<END
target disk:LABEL=crash:/crash
level 31
END
boot fk.crash=sysrq

expect_saved 120
expect level.asked 31
expect level.used 1
expect filter_trusted false
