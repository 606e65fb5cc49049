#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The folder that crashbox vm makes for itself: by a name that was free, and nothing is removed
# that it has not made. QEMU and its guest are made up.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
cd "$work"
AGENT=$top/build/crashbox
head -c 4096 /dev/zero >kernel

# vm STATUS WORDS...: with a guest that says what the environment has
vm()
{
	expected=$1 rc=0
	shift
	"$AGENT" vm --kernel kernel --unarmed --qemu "$top/tests/tools/fakeqemu.py" --tap "$@" \
		>stdout 2>stderr </dev/null || rc=$?
	equals "vm $*: $(cat stderr)" "$expected" $rc
}

# Every name of the next minutes is taken, by a link and by a folder.
mkdir own victim
echo precious >victim/file
now=$(date +%s)
i=0
while [ $i -lt 200 ]; do
	echo "crashbox-vm-$(date -d "@$((now + i))" +%Y%m%d-%H%M%S)"
	i=$((i + 1))
done >names
while read -r taken; do
	ln -s ../victim "own/$taken"
	mkdir "own/$taken-2"
done <names
ls own >before
cp kernel own/kernel
cd own
export FAKE_CHANNEL='up\nexit 0\n'
vm 0
mv stdout stderr ..
rm kernel
cd ..
ls own >after
cmp before after || fail "other folders than before: $(diff before after)"
equals "the victim" precious "$(cat victim/file)"
equals "the victim has" file "$(ls -A victim)"

# What is there after a failure is told, and kept; two of one second have two folders.
rm -r own
mkdir own
cp kernel own/kernel
cd own
export FAKE_CHANNEL='up\nexit 3\n' FAKE_CONSOLE='hello\n'
vm 1 & vm 1 & vm 1
wait
rm kernel std*
cd ..
equals "folders" 3 "$(find own -mindepth 1 -maxdepth 1 | wc -l)"
equals "consoles" 3 "$(cat own/crashbox-vm-*/console.log | grep -c '^hello$')"
equals "of nothing else" 3 "$(find own -type f | wc -l)"

# A start that fails leaves nothing, be it before QEMU or by it.
mkdir none
cd none
vm 125 --root /nowhere
vm 125 --qemu false
cp ../kernel .
vm 125 --root /nowhere
vm 125 --qemu false
rm kernel std*
equals "left by no start" "" "$(ls -A)"
