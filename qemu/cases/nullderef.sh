#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A module writes through a null pointer: an oops that becomes a panic. The log must
# name the guilty function, and the dump must be whole with a module's memory in it.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
[ "$arch" = amd64 ] || skip "the module is built for amd64 only"
series=6.1
qemu/null-module "$dir/null.ko" || {
	[ $? = 77 ] && skip "the headers of this 6.1 kernel are no longer on the mirror"
	lost "qemu/null-module"
}
target_disk ext4 400M
config <<END
target disk:LABEL=crash:/crash
END
boot fk.crash=nullderef

expect_back 60
find_dump /crash
expect_dmesg 'BUG: kernel NULL pointer dereference'
expect_dmesg 'crashbox_null_deref'
expect_whole_dump
# The console, too, begins with why it died, and not with the end of a register dump.
grep -A 1 'why the crashed kernel died:' "$dir/console.log" >"$dir/console.why" ||
	fail "the console does not say why the kernel died"
tail -n 1 "$dir/console.why" | grep -q '| .*BUG: kernel NULL pointer dereference' ||
	fail "the console's reason is another: $(tail -n 1 "$dir/console.why")"
