#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What crashbox vm makes of a guest's words: a panic is the kernel's, not that of a command which
# prints such a line, and it is seen however much comes before it. QEMU is made up.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
cd "$work"
AGENT=$top/build/crashbox
head -c 4096 /dev/zero >kernel
panic='[    5.123456] Kernel panic - not syncing: sysrq triggered crash\n'

# verdict ROW STATUS
verdict()
{
	row=$1 expected=$2 rc=0
	shift 2
	timeout -s KILL 60 "$AGENT" vm --kernel kernel --memory 64M --unarmed --tap "$@" \
		--qemu "$top/tests/tools/fakeqemu.py" --out out >stdout 2>stderr </dev/null || rc=$?
	equals "$row: $(cat stderr)" "$expected" $rc
}

FAKE_CHANNEL='up\n' FAKE_REASON=guest-reset FAKE_CONSOLE=$panic verdict 'a panic' 3
FAKE_CHANNEL='up\nexit 0\n' FAKE_REASON=guest-reset FAKE_CONSOLE=$panic \
	verdict 'a panic on the way down' 3
FAKE_CHANNEL='up\n' FAKE_REASON=guest-reset FAKE_LATE=${panic%??} \
	verdict 'a panic behind much else, and a line with no end' 3
FAKE_CHANNEL='up\nexit 0\n' FAKE_CONSOLE=$panic verdict 'an old log is printed' 0
FAKE_CHANNEL='up\n' FAKE_REASON=guest-reset FAKE_CONSOLE='echo Kernel panic - not syncing\n' \
	verdict 'a line that speaks of one' 7
