#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Two targets, both too small: the log and the manifest are on both, and say why there is no
# vmcore; the larger one has as much of it as it takes. The old dump stays, for there is no
# new one in its place.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
old=crash/$host-2020-01-01-00:00:00
mkdir -p "$dir/seed/$old"
echo old >"$dir/seed/$old/vmcore"
no_reboot=yes
read_here=yes
target_disk ext4 18M -d "$dir/seed"
second_disk 20M
config <<END
target disk:LABEL=crash:/crash
target disk:LABEL=second:/crash
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
[ ! -e "$dump/vmcore-incomplete" ] || fail "the smaller one was chosen"
find_dump /crash out-second
expect_dmesg 'sysrq triggered crash'
expect_incomplete 2
expect valid.value false
expect dmesg_saved true
expect complete.reasons '*o space*'
expect errors '*what fits is written, the worthiest first*'
"$reader" dmesg "$dump/vmcore-incomplete" >"$dir/dmesg-of-part" ||
	fail "the log cannot be read out of the part"
cmp "$dir/dmesg-of-part" "$dump/vmcore-dmesg.txt" || fail "the part has another log"
