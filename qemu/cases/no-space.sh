#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A target that is too small: the log and the manifest are kept, there is no vmcore, and
# the manifest says why. The old dump stays, for there is no new one in its place.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
old=crash/$host-2020-01-01-00:00:00
mkdir -p "$dir/seed/$old"
echo old >"$dir/seed/$old/vmcore"
no_reboot=yes
read_here=yes
target_disk ext4 20M -d "$dir/seed"
config <<END
target disk:LABEL=crash:/crash
keep 1
END
boot fk.crash=sysrq fk.cache=0

expect_back 60
[ "$(cat "$dir/out/$old/vmcore")" = old ] || fail "the old dump is gone"
rm -r "${dir:?}/out/$old"
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_no_vmcore
expect_mode "$dump/manifest.json" 600
expect complete.value false
expect complete.reasons '*the dump needs about*'
