#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox vm and a signal: while it makes a disk, while QEMU writes the memory, while the guest
# runs. It ends soon, and so does what it has started; its working folder goes.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
cd "$work"
AGENT=$top/build/crashbox
head -c 4096 /dev/zero >kernel
mkdir slow

# stopped ROW STATUS FILE WORDS...: a signal as soon as FILE is there
stopped()
{
	row=$1 expected=$2 file=$3 i=0 rc=0
	shift 3
	timeout -s KILL 20 "$AGENT" vm --kernel kernel --unarmed --tap "$@" \
		--qemu "$top/tests/tools/fakeqemu.py" >stdout 2>stderr </dev/null &
	vm=$!
	while [ ! -e "$file" ]; do
		i=$((i + 1))
		[ $i -lt 600 ] || { kill $vm; fail "$row: no $file: $(cat stderr)"; }
		sleep 0.1
	done
	kill -TERM $vm
	wait $vm || rc=$?
	equals "$row: $(cat stderr)" "$expected" $rc
	grep -q 'stopped' stderr || fail "$row: $(cat stderr)"
	equals "$row: left" "" "$(find . -name '.work-*')"
}

printf '#!/bin/sh\necho $$ >%s/making\nexec sleep 600\n' "$work" >slow/mke2fs
chmod +x slow/mke2fs
PATH=$work/slow:$PATH stopped 'a disk is made' 125 making
! kill -0 "$(cat making)" 2>/dev/null || fail "mke2fs lives on"
equals "a folder is left" "" "$(find . -name 'crashbox-vm-*')"

export FAKE_CONSOLE='Kernel panic - not syncing: sysrq\n' FAKE_REASON=guest-reset
FAKE_BUSY=dump-guest-memory stopped 'QEMU writes memory' 3 out/dump-guest-memory --out out
FAKE_BUSY=query-status stopped 'QEMU is asked' 125 asked/query-status --out asked
