#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A capture process that dies between a commit and the word of it, with the supervisor of
# the capture kernel above it: the next one goes on with what is there, and the target gets
# its dump. On a disk, as the calls of a server's client are not its own.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

[ "$(id -u)" = 0 ] || skip "only root has loop devices"
# A loop device of our own, in mounts of our own: nothing is left on this machine.
if [ -z "${CRASHBOX_MOUNTS:-}" ]; then
	CRASHBOX_MOUNTS=1 exec unshare --mount "$0"
fi
AGENT=$top/build/crashbox	# a sanitizer's calls would be counted as well
command -v strace > /dev/null || fail "strace is not there; tests/setup installs it"
strace -o /dev/null true 2> "$work/why" || skip "no ptrace here: $(head -n 1 "$work/why")"
core "layout = 6.1" "ram = 0x1000-0x9f000" "ram = 0x100000-0x1000000" \
	"log-many 100 1.0 \"line %u\""
truncate -s 60M "$work/disk"
mkdir -p "$work/seed/crash"
mkfs.ext4 -q -L cbresumed -d "$work/seed" "$work/disk" > "$work/mkfs" 2>&1 || fail "mkfs.ext4"
loop=$(losetup --find --show "$work/disk" 2> "$work/losetup") || skip "no loop device is to be had"
trap 'losetup -d "$loop"' EXIT
printf 'target disk:LABEL=cbresumed:/crash\nworkers 1\n' > "$work/conf"

# rehearse [OPTION...]: its status is $status; strace's words are in trace.PID
rehearse()
{
	rm -f "$work"/trace.*
	status=0
	timeout 100 strace -ff -qq -y -o "$work/trace" "$@" "$AGENT" test --config "$work/conf" \
		"$work/core" > "$work/got" 2> "$work/stderr" || status=$?
}

rehearse
equals "without a death" 0 "$status"
whole=$(grep -l '"vmcore-incomplete", .*"vmcore")' "$work"/trace.*) || fail "no name is given"
cp "$whole" "$work/child"

# nth CALL PATTERN [BEHIND]: the number of the first such call of the child that fits, in a
# rehearsal without a death
nth()
{
	awk -v call="$1" -v pattern="$2" -v behind="${3:-.}" '
		index($0, call "(") == 1 { n++ }
		found && index($0, call "(") == 1 && $0 ~ pattern { print n; exit }
		$0 ~ behind { found = 1 }' "$work/child"
}

# dies WORDS CALL N: killed there, and WORDS are said by the one that goes on. Each process
# counts its own calls, so that one may die as well, of another one.
dies()
{
	[ -n "$3" ] || fail "there is no such $2"
	rehearse -e "inject=$2:signal=KILL:when=$3"
	grep -q 'the capture process died (signal 9)' "$work/stderr" ||
		fail "$2#$3: nobody died: $(cat "$work/stderr")"
	grep -q "$1" "$work/stderr" || fail "$2#$3: '$1' is not said: $(cat "$work/stderr")"
}

# The log has its name, and nobody has been told of it.
dies 'target 1 has the dmesg already' fsync \
	"$(nth fsync 'test-[^/]*>' '"vmcore-dmesg-incomplete.txt", .*"vmcore-dmesg.txt"')"
# So has the dump, which is not written again.
dies 'target 1 has the dump already' fsync \
	"$(nth fsync 'test-[^/]*>' '"vmcore-incomplete", .*"vmcore")')"
equals "the dump that was found" 0 "$status"
grep -q '^ok    target 1 .* read back, removed again' "$work/got" || fail "$(cat "$work/got")"

# A write of the log fails, once: it is written again in the same turn, and has its name.
nr=$(nth pwrite64 'vmcore-dmesg-incomplete')
rehearse -e "inject=pwrite64:error=EIO:when=$nr"
grep -q 'dmesg not saved: .*I/O error' "$work/stderr" || fail "pwrite64#$nr: $(cat "$work/stderr")"
awk '/pwrite64.*vmcore-dmesg-incomplete.*INJECTED/ { failed = 1 }
	failed && /renameat.*"vmcore-dmesg-incomplete.txt", .*"vmcore-dmesg.txt"\) = 0/ { again = 1 }
	END { exit !again }' "$work"/trace.* || fail "the log is not written again"
equals "a log at the second try" 0 "$status"
