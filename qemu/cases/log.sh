#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernels: 5.10 6.1 6.12 7.2
#
# A log that went around its ring, with records of several lines, empty and long ones,
# bytes that are no text, and (where a module for it can be built) lines in pieces: what
# is saved is what the crashed kernel itself told, and the panic as the console had it.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
no_reboot=yes
read_here=yes
workload log
[ "$series" != 6.1 ] || qemu/null-module "$dir/cont.ko" crashbox_cont || [ $? = 77 ] ||
	lost "qemu/null-module"
target_disk ext4 400M
config <<END
target disk:LABEL=crash:/crash
END
boot fk.crash=sysrq

expect_back 60
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_dmesg 'around and around: 0007999 '
! grep -q 'around and around: 0000000 ' "$dump/vmcore-dmesg.txt" ||
	lost "the log did not go around its ring"
[ ! -f "$dir/cont.ko" ] || expect_dmesg 'crashbox-cont: begun, continued, ended$'
expect_dmesg_as_on_console
"$reader" dmesg -x "$dump/vmcore" >"$dir/dmesg-x"
qemu/same-log -x "$dir/kmsg-before" "$dir/dmesg-before" "$dir/dmesg-x" >"$dir/dmesg.diff" ||
	fail "crashbox dmesg -x: $(cat "$dir/dmesg.diff")"
# Who said it, no kernel of Debian's shows; but each line of a trace has its task's number.
"$reader" dmesg --caller "$dump/vmcore" |
	grep -q '\]\[ *T\([0-9]*\)\] CPU: .* PID: \1 Comm: selfdestruct ' ||
	fail "crashbox dmesg --caller does not name the task of the panic"
expect_whole_dump
