#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox vm without a guest: words that do not go together, a kernel that is none, a QEMU
# that is not there or fails. Nothing was found out, which is 125, and nothing stays.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
cd "$work"
AGENT=$top/build/crashbox
: >kernel

# refuses WORDS_OF_IT COMMAND...
refuses()
{
	pattern=$1 rc=0
	shift
	"$AGENT" vm "$@" >stdout 2>stderr </dev/null || rc=$?
	equals "vm $*" 125 $rc
	grep -q -- "$pattern" stderr || fail "vm $*: no '$pattern': $(cat stderr)"
	for left in out/.work*; do
		[ ! -e "$left" ] || fail "vm $*: $left has stayed"
	done
}

refuses 'which kernel'
refuses 'only one of them' --kernel kernel --root . --initrd kernel
refuses 'where does ls run' --kernel kernel -- ls
refuses 'the guest has 100 MiB' --kernel kernel --memory 100M
refuses 'only one of them' --kernel kernel --unarmed --capture-kernel kernel
refuses "'1T'" --kernel kernel --memory 1T
refuses 'level' --kernel kernel --level 1
refuses 'kernel: ' --kernel kernel --out out
[ -d out ] || fail "the folder that was asked for is not there"
mkdir full
: >full/vmcore
refuses 'full/vmcore is already there' --kernel kernel --out full
rm -f full/vmcore

# What is only tested may be of a form that this program does not know.
head -c 4096 /dev/zero >bzImage
refuses 'QEMU has not started: .*/./no-qemu: No such file' --kernel bzImage --unarmed --qemu ./no-qemu \
	--out out
printf '#!/bin/sh\necho "qemu: no such machine" >&2; exit 1\n' >bad-qemu
chmod +x bad-qemu
refuses 'QEMU has not started: qemu: no such machine' --kernel bzImage --unarmed \
	--qemu ./bad-qemu --out out --junit junit.xml --tap
grep -q '^not ok 1 - boot' stdout || fail "no TAP: $(cat stdout)"
grep -q '<error type="nothing" message="QEMU has not started: qemu: no such machine"' \
	junit.xml || fail "JUnit: $(cat junit.xml)"
refuses 'mke2fs: ' --kernel bzImage --unarmed --root /nowhere --out out
