#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One image for a whole fleet, without a configuration: the capture kernel's command line
# says it all.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
generic=no-config
capture_args='crashbox.target=disk:LABEL=crash:/crash crashbox.level=29'
target_disk ext4 400M
config </dev/null
boot fk.crash=sysrq

expect_saved 60
expect level.asked 29
expect target '*disk:LABEL=crash*'
