#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The disk of a guest that has crashed, and a debugfs that does not bring what is on it: the disk
# is kept, and no dump that was cut stays. Programs that are missing are told before all else.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
cd "$work"
AGENT=$top/build/crashbox
head -c 4096 /dev/zero >kernel
mkdir broken short
export FAKE_REASON=guest-reset FAKE_CHANNEL='up\n'

# vm OUT [PROGRAM...]: of a guest that panics, which is 3
vm()
{
	out=$1 rc=0
	FAKE_CONSOLE='Kernel panic - not syncing: sysrq\n' timeout -s KILL 60 "$AGENT" vm \
		--kernel kernel --memory 64M --unarmed --tap --out "$out" \
		--qemu "$top/tests/tools/fakeqemu.py" >stdout 2>stderr </dev/null || rc=$?
	equals "$out: $(cat stderr)" 3 $rc
}

# keeps OUT: its disk, which is one
keeps()
{
	grep -q "not all of its disk could be read, which is kept: $work/$1/target.img" stderr ||
		fail "$1: $(cat stderr)"
	equals "$1: a file system" '53 ef' \
		"$(od -A n -t x1 -j 1080 -N 2 "$1/target.img" | sed 's/^ *//')"
}

vm good
[ ! -e good/target.img ] || fail "a disk that was read is kept"

printf '#!/bin/sh\necho "debugfs: no"; exit 1\n' >broken/debugfs
cat >short/debugfs <<'EOF'
#!/bin/sh
case $2 in
'ls -p "/"') printf '/2/040755/0/0/.//\n/12/040755/0/0/crash//\n' ;;
'ls -p "/crash"') printf '/13/100644/0/0/%s/\n' manifest.json/6 notes/6 vmcore/100 ;;
dump*) to=${2##* \"}; echo short >"${to%\"}" ;;
esac
EOF
chmod +x broken/debugfs short/debugfs
PATH=$work/broken:$PATH vm unread
keeps unread
mkdir cut
echo mine >cut/notes
PATH=$work/short:$PATH vm cut
equals "a file of the user's" mine "$(cat cut/notes)"
keeps cut
[ -e cut/manifest.json ] || fail "the file that came as a whole is not there"
[ ! -e cut/vmcore ] || fail "a dump that was cut has stayed"
grep -q 'but for a whole dump' stderr || fail "cut: $(cat stderr)"

# Where such programs are otherwise there are none, if this user may hide them.
cat >hidden <<'EOF'
mount -t tmpfs none /usr/sbin && mount -t tmpfs none /sbin && PATH=/nowhere exec "$@"
EOF
unshare -rm sh hidden /bin/true 2>stderr || exit 0
rc=0
unshare -rm sh hidden "$AGENT" vm --kernel kernel --unarmed --out none 2>stderr || rc=$?
equals "no programs" 125 $rc
grep -q 'mke2fs is not installed: it comes with e2fsprogs' stderr || fail "$(cat stderr)"
equals "left" "" "$(ls -A none)"
