#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The operator's tool on a machine that is up: load, unload, status, show and test, by the
# kernel's own call and by kexec-tools, then a crash by `crashbox test --crash`, and after
# the reboot `crashbox test --report` and what is on the disk.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
target_disk ext4 400M
second_disk 16M
config <<END
target disk:LABEL=crash:/crash
END
files="--kernel /capture/vmlinuz --initrd /capture/initrd"
cat >"$dir/verbs" <<END
status
unload
status
test --crash --yes-crash $host
load $files --kexec-tools
unload
load $files --append crashbox.level=17
show $files
test --crash --yes-crash somebody
test
status --json
END
cat >"$dir/verbs-after" <<END
test --report
list
END

# Loading takes kexec-tools a while.
arm_seconds=240
boot fk.crash=test fk.lib=yes

# verbs EXPECTED, in which each line is a status and the words behind it
cat >"$dir/wanted" <<END
1 status
0 unload
2 status
1 test --crash --yes-crash $host
0 load $files --kexec-tools
0 unload
0 load $files --append crashbox.level=17
0 show $files
1 test --crash --yes-crash somebody
0 test
1 status --json
0 test --report
0 list
END
expect_verbs

# What they said. The first kernel loads no service, which is the only warning.
expect_console '^ok    loaded    by syscall at '
expect_console '^ok    drivers   the capture kernel has the 3 drivers'
expect_console '^fail  loaded    no capture kernel is loaded'
expect_console '^warn  boot      nothing loads at the next boot'
expect_console '^ok    target 1  disk:LABEL=crash:/crash: ext4 on /dev/vd., mounted at /busy'
expect_console 'nothing is crashed: a dump would not arrive'
expect_console '^kernel    /capture/vmlinuz'
expect_console '^command   console=ttyS0 .*irqpoll nr_cpus=1 '
expect_console 'this machine is called testhost'
expect_console '^ok    target 1  disk:LABEL=crash:/crash: .* read back, removed again'
expect_console '^ok: the dump of the test crash has arrived and is whole; this kernel started'
expect_console "^$host-[-0-9:]* *complete "

# The dump of the crash is the only one left, at the level that load was told.
expect_back 90
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_dmesg 'Comm: crashbox'
expect_whole_dump
expect level.used 17
