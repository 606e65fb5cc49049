# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What every case shares: making the guest's disks and images, one run, and questions
# about what came out. A case sources this file, says in the order of a story what
# happens, and ends with status 0 (passed), 1 (failed: crashbox did wrong), 2 (lost:
# the machine hung) or 77 (skipped, with the reason).
# Everything lies in $dir = build/e2e/CASE: console.log, events, target, out/, and
# qemu.cmd, which runs the same machine once more ("sh qemu.cmd").
# Environment: SERIES (kernel, 6.1), VM_TIMEOUT (factor for all deadlines, 1),
# BINARY (build/crashbox), KEEP=1.
set -eu

top=$(cd "$(dirname "$0")" && while [ ! -d initramfs ]; do cd ..; done && pwd)
cd "$top"
series=${SERIES:-6.1}
scale=${VM_TIMEOUT:-1}
first_args="console=ttyS0 panic=10"
binary=${BINARY:-build/crashbox}
case_name=${0##*/}
case_name=${case_name%.sh}
dir=$top/build/e2e/$case_name
host=testhost		# what the crashed kernel calls itself

# What a case may change before boot.
memory=1G
cpus=2
reserve=192M
arm_seconds=120
capture_seconds=180
hook=''
share_ram=''
capture_args=''
raw_capture_image=''
power_cut=''		# set: the end of capture_seconds is a power cut, and wanted
target_speed=0		# bytes per second that the target disk takes, 0: as it can
fs=''

fail()
{
	echo "$*" >"$dir/why"
	echo "$case_name: $*" >&2
	exit 1
}

lost()
{
	echo "lost: $*" >"$dir/why"
	echo "$case_name: lost: $*" >&2
	exit 2
}

skip()
{
	echo "$*" >"$dir/why"
	echo "$case_name: skipped: $*" >&2
	exit 77
}

rm -rf "$dir"
mkdir -p "$dir"

# ---- images ----

# One build of the test init and of the image around it, shared by all cases.
# shellcheck source=qemu/images.sh
. "$top/qemu/images.sh"

# target_disk FS SIZE [MKFS_ARG...]: a file system with the label "crash"
target_disk()
{
	fs=$1
	truncate -s "$2" "$dir/target"
	shift 2
	case $fs in
	ext4) mkfs.ext4 -q -L crash "$@" "$dir/target" ;;
	xfs) mkfs.xfs -q -L crash "$@" "$dir/target" ;;
	esac >"$dir/mkfs.log" 2>&1 || lost "mkfs.$fs: $(tail -n 1 "$dir/mkfs.log")"
}

target_uuid()
{
	blkid -p -o value -s UUID "$dir/target"
}

# config <<EOF: the agent's configuration
config()
{
	cat >"$dir/crashbox.conf"
}

# ---- the run ----

# drive NAME: one raw disk, known to the guest by its serial number
drive()
{
	limit=''
	[ "$1" != target ] || limit=,throttling.bps-write=$target_speed
	echo "-drive if=none,id=$1,file=$dir/$1,format=raw,cache=unsafe,werror=report$limit"
	echo "-device virtio-blk-pci,drive=$1,serial=$1"
}

# vm FK_ARGS: run one machine; its status is that of qemu/session
vm()
{
	# shellcheck disable=SC2046 # options, none of them with a blank inside
	set -- $(qemu_options) -append "$first_args crashkernel=$reserve $*"
	set -- qemu/session "$dir" $((arm_seconds * scale)) $((capture_seconds * scale)) \
		"$hook" "$@"
	{
		echo "cd '$top' && truncate -s 0 '$dir/state' && truncate -s 4M '$dir/state'"
		printf "'%s' " "$@"
		echo
	} >"$dir/qemu.cmd"
	"$@"
}

# The machine, each group of options with its reason.
qemu_options()
{
	echo "qemu-system-x86_64 -nodefaults -no-user-config -display none"
	# /dev/kvm may be there and hang; TCG is the same everywhere.
	echo "-accel tcg,thread=$tcg_threads -cpu Nehalem -smp $cpus -m $memory"
	if [ -n "$share_ram" ]; then
		echo "-object memory-backend-file,id=ram,size=$memory,share=on,mem-path=$dir/ram"
		echo "-machine memory-backend=ram"
	fi
	# ttyS0: console, a log for people. ttyS1: the channel, which gives the verdict.
	echo "-serial file:console.log"
	echo "-chardev socket,id=channel,path=channel -serial chardev:channel"
	for disk in state out target raw; do
		if [ -f "$dir/$disk" ]; then
			drive "$disk"
		fi
	done
	echo "-kernel $kernel/vmlinuz -initrd $dir/initrd"
}

verdict()
{
	cat "$dir/verdict" 2>/dev/null || echo "qemu/session ended without a verdict"
}

# boot [fk.KEY=VALUE...]: crash, capture, come back, and unpack what is on the target
boot()
{
	shared_image
	capture_image
	first_image
	truncate -s 4M "$dir/state"
	if [ -f "$dir/target" ]; then
		truncate -s "$(stat -c %s "$dir/target")" "$dir/out"
		truncate -s +1M "$dir/out"
		set -- fk.target=yes "fk.fs=$fs" "$@"
	fi
	ended=0
	vm "$@" || ended=$?
	case $ended in
	0) ;;
	2 | 3)
		mv "$dir/console.log" "$dir/console-crash.log"
		[ $ended = 3 ] || [ -n "$power_cut" ] || lost "$(verdict)"
		vm "$@" fk.role=collect || lost "looking afterwards: $(verdict)"
		;;
	*) lost "$(verdict)" ;;
	esac
	unpack
}

unpack()
{
	tr -d '\0' <"$dir/state" | sed '1d' >"$dir/dmesg-before"
	rm -f "$dir/ram"
	[ -f "$dir/out" ] || return 0
	mv "$dir/out" "$dir/out.tar"
	mkdir "$dir/out"
	tar --force-local -xpf "$dir/out.tar" -C "$dir/out" ||
		lost "the files of the target cannot be unpacked"
	rm -f "$dir/out.tar"
}

# ---- questions; each fails the case when the answer is not the wanted one ----

# Set $dump to the folder of the one dump below FOLDER of the target.
find_dump()
{
	dump=''
	for folder in "$dir/out$1/$host"-*; do
		[ -d "$folder" ] || fail "no folder $1/$host-* on the target"
		[ -z "$dump" ] || fail "more than one folder $1/$host-* on the target"
		dump=$folder
	done
}

# expect_back SECONDS: from the crash to the next kernel
expect_back()
{
	seconds=$(awk '$2 == "go" { t = $1 } $2 == "back" && t { printf "%d", $1 - t; t = 0 }' \
		"$dir/events")
	[ -n "$seconds" ] || fail "the machine did not reboot by itself"
	[ "$seconds" -le $(($1 * scale)) ] ||
		fail "$seconds s from the crash to the next kernel, at most $1 wanted"
}

expect_mode()
{
	[ -e "$1" ] || fail "${1##*/} is not on the target"
	mode=$(stat -c %a "$1")
	[ "$mode" = "$2" ] || fail "${1##*/} has mode $mode, not $2"
}

# manifest KEY.KEY: print the value
manifest()
{
	/usr/bin/python3 -c '
import json, sys
value = json.load(open(sys.argv[1]))
for key in sys.argv[2].split("."):
    value = value[key]
print(value if isinstance(value, str) else json.dumps(value))' "$dump/manifest.json" "$1" ||
		fail "manifest.json has no $1"
}

# expect KEY PATTERN: a fact of the manifest, PATTERN as in case
expect()
{
	fact=$(manifest "$1") || fail "manifest.json has no $1"
	# shellcheck disable=SC2254 # a pattern is what is meant
	case $fact in
	$2) ;;
	*) fail "manifest.json: $1 is $fact, not $2" ;;
	esac
}

expect_console()
{
	grep -qe "$1" "$dir"/console*.log || fail "the console does not say: $1"
}

# The log must hold all that the crashed kernel itself told us before the crash, line
# for line, and end with the panic (TEXT). Prefixes and indentation are the reader's.
expect_dmesg()
{
	expect_mode "$dump/vmcore-dmesg.txt" 600
	for log in "$dir/dmesg-before" "$dump/vmcore-dmesg.txt"; do
		sed 's/^<[0-9]*>//; s/^\[ *[0-9]*\.[0-9]*\] \{0,1\}//; s/^ *//' "$log" \
			>"$dir/${log##*/}.plain"
	done
	n_lines=$(wc -l <"$dir/dmesg-before.plain")
	[ "$n_lines" -gt 100 ] || lost "the log from before the crash has $n_lines lines"
	head -n "$n_lines" "$dir/vmcore-dmesg.txt.plain" |
		diff "$dir/dmesg-before.plain" - >"$dir/dmesg.diff" ||
		fail "vmcore-dmesg.txt differs from the kernel's own log, see dmesg.diff"
	grep -q "$1" "$dump/vmcore-dmesg.txt" || fail "vmcore-dmesg.txt does not say: $1"
}

# A whole dump: files, modes, the reader's verdict, the manifest's facts.
expect_whole_dump()
{
	expect_mode "$dump" 700
	for file in vmcore manifest.json kexec-dmesg.log; do
		expect_mode "$dump/$file" 600
	done
	for file in "$dump"/*incomplete*; do
		[ ! -e "$file" ] || fail "${file##*/} was left behind"
	done
	"$binary" check "$dump/vmcore" >"$dir/check" 2>&1 ||
		fail "crashbox check: $(tail -n 1 "$dir/check")"
	expect valid.value true
	expect complete.value true
	expect host "$host"
	expect kernel "$(cat "$kernel/version")"
	sum=$(sha256sum "$dump/vmcore")
	expect sha256 "${sum%% *}"
}

expect_no_vmcore()
{
	[ ! -e "$dump/vmcore" ] || fail "there is a vmcore where there must be none"
}
