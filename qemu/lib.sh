# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What every case shares: making the guest's disks and images, one run, and questions
# about what came out. A case sources this file, says in the order of a story what
# happens, and ends with status 0 (passed), 1 (failed: crashbox did wrong), 2 (lost:
# the machine hung) or 77 (skipped, with the reason).
# Everything lies in $dir = build/e2e/CASE: console.log, events, target, out/, and
# qemu.cmd, which runs the same machine once more ("sh qemu.cmd").
# A guest's clock is that of the host, however little computing time it gets. So $scale, how
# busy the machine is as a case begins (see qemu/busy), stretches what is configured in the
# guest (deadline, stall, budget) and our own limits alike; and how long the crash may take
# is measured by how long the very same machine took to boot.
# Environment: SERIES (kernel, 6.1), ARCH (amd64, or arm64, whose SERIES is 6.12 if none
# is named), CPU (QEMU's name), VM_TIMEOUT (in place of what qemu/busy says), BINARY (the one
# under test), KEEP=1, CAPTURE_KERNEL (a vmlinuz with its drivers built in; else the
# crashed kernel is its own), MEMORY (1G) and RESERVE (192M) where the case has no reasons
# of its own, CAPTURE_SECONDS (180).
set -eu

top=$(cd "$(dirname "$0")" && while [ ! -d agent ]; do cd ..; done && pwd)
cd "$top"
arch=${ARCH:-amd64}
cpu_is() { agent/deps/cpu "$arch" "$1"; }	# what agent/deps/cpus says of it
arch=$(cpu_is deb) || exit 2
scale=${VM_TIMEOUT:-$(qemu/busy)}
reader=build/crashbox	# reads dumps on this machine
series=${SERIES:-$(cpu_is series)}
cpu=${CPU:-$(cpu_is cpu)}
first_args="console=$(cpu_is console) panic=10 $(cpu_is args)"
suffix=''		# of names below build/ that are another CPU's
binary=${BINARY:-$reader}
if [ "$arch" != amd64 ]; then
	suffix=-$arch
	binary=${BINARY:-build/$(cpu_is name)/crashbox}
fi
case_name=${CASE:-${0##*/}}	# with its kernel, when qemu/run says so
case_name=${case_name%.sh}
dir=$top/build/e2e/$case_name
host=testhost		# what the crashed kernel calls itself

# What a case may change before boot.
memory=${MEMORY:-1G}
cpus=2
reserve=${RESERVE:-192M}
arm_seconds=120
capture_seconds=${CAPTURE_SECONDS:-180}
hook=''
share_ram=''
capture_args=''
raw_capture_image=''
generic=''		# the capture image is a generic one, packed with this codec, with the
			# configuration appended; no-config: the command line has it all; or here: it is
			# made in the guest, for what the guest finds there
power_cut=''		# an extended regular expression: when the console has said that, the power goes
target_on=virtio	# or nvme, ahci, or a SCSI controller by QEMU's name
target_speed=0		# bytes per second that the target disk takes, 0: as it can
target_words=''		# more of its -drive
target_hangs_after=''	# bytes to and from the target, then it answers nothing any more
fs=''
console=''		# xoff, deaf: what befalls the serial console, see qemu/bad-console
no_reboot=''		# set: the guest's reset ends QEMU, nothing boots after it
read_here=''		# set: the disks (ext4) are read on this host, not in the guest
first_modules=''	# for the capture image, before the drivers of the disks
devices=''		# more QEMU options
host_modules=''	# loaded by the first kernel for its network, see fk.net
first_files=''		# more cpio list lines for its image
workload=''		# see workloads.sh

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
# shellcheck source=qemu/workloads.sh
. "$top/qemu/workloads.sh"
# shellcheck source=qemu/logs.sh
. "$top/qemu/logs.sh"

# target_disk FS SIZE [MKFS_ARG...]: a file system with the label "crash"
target_disk()
{
	fs=$1
	truncate -s "$2" "$dir/target"
	shift 2
	case $fs in
	ext4) mkfs.ext4 -q -F -L crash "$@" "$dir/target" ;;
	xfs) mkfs.xfs -q -f -L crash "$@" "$dir/target" ;;
	esac >"$dir/mkfs.log" 2>&1 || lost "mkfs.$fs: $(tail -n 1 "$dir/mkfs.log")"
}

# old_dumps FOLDER: two of this machine, one of another, and one that is none
old_dumps()
{
	for old in "$host-2020-01-01-00:00:00" "$host-2020-02-01-00:00:00" \
		otherhost-2019-01-01-00:00:00 "$host-notes"; do
		mkdir -p "$1/$old"
		for file in vmcore vmcore-dmesg.txt manifest.json; do
			echo old >"$1/$old/$file"
		done
	done
}

# second_disk SIZE: an ext4 with the label "second"; its files come to out-second/
second_disk()
{
	truncate -s "$1" "$dir/second"
	mkfs.ext4 -q -L second "$dir/second" >"$dir/mkfs.log" 2>&1 ||
		lost "mkfs.ext4: $(tail -n 1 "$dir/mkfs.log")"
}

# target_fails_at N once|for-good: the N-th write to the target fails, or all from there
target_fails_at()
{
	n=1
	while [ "$n" -lt "$1" ]; do
		printf '[set-state]\nevent = "write_aio"\nstate = "%d"\nnew_state = "%d"\n' \
			"$n" $((n + 1))
		n=$((n + 1))
	done >"$dir/faults"
	once=off
	[ "$2" != once ] || once=on
	printf '[inject-error]\nevent = "write_aio"\nstate = "%d"\niotype = "write"\n' "$1" \
		>>"$dir/faults"
	printf 'once = "%s"\n' "$once" >>"$dir/faults"
}

target_uuid()
{
	blkid -p -o value -s UUID "$dir/target"
}

# config <<EOF: the agent's configuration, its times for an idle machine
config()
{
	awk -v scale="$scale" '
		$1 ~ /^(deadline|stall|budget|wait)$/ { u = $2; sub(/^[0-9]*/, "", u); $2 = $2 * scale u }
		{ print }' >"$dir/crashbox.conf"
}

# ---- the run ----

# drive NAME: one raw disk, known to the guest by its serial number
drive()
{
	limit='' file=$dir/$1 on=virtio
	if [ "$1" = target ]; then
		on=$target_on
		limit=,throttling.bps-write=$target_speed$target_words
		# A byte per second; QEMU lets go of what waits when the guest is reset.
		[ -z "$target_hangs_after" ] || limit=,throttling.bps-total=1
		[ -z "$target_hangs_after" ] ||
			limit=$limit,throttling.bps-total-max=$target_hangs_after
		[ ! -f "$dir/faults" ] || file=blkdebug:$dir/faults:$file
	fi
	echo "-drive if=none,id=$1,file=$file,format=raw,cache=unsafe,werror=report$limit"
	case $on in
	virtio) echo "-device virtio-blk-pci,drive=$1,serial=$1" ;;
	nvme) echo "-device nvme,drive=$1,serial=$1" ;;
	ahci) echo "-device ich9-ahci,id=hba -device ide-hd,bus=hba.0,drive=$1,serial=$1" ;;
	*) echo "-device $on,id=hba -device scsi-hd,bus=hba.0,drive=$1,serial=$1" ;;
	esac
}

# vm FK_ARGS: run one machine; its status is that of qemu/session
vm()
{
	# shellcheck disable=SC2046 # options, none of them with a blank inside
	set -- $(qemu_options) -append "$first_args crashkernel=$reserve $*"
	[ -z "$power_cut" ] || echo "$power_cut" >"$dir/cut"
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
	board=$(cpu_is machine)
	echo "qemu-system-$(cpu_is qemu) ${board:+-machine $board}"
	echo "-nodefaults -no-user-config -display none"
	# /dev/kvm may be there and hang; TCG is the same everywhere.
	echo "-accel tcg,thread=$tcg_threads -cpu $cpu -smp $cpus -m $memory"
	if [ -n "$share_ram" ]; then
		echo "-object memory-backend-file,id=ram,size=$memory,share=on,mem-path=$dir/ram"
		echo "-machine memory-backend=ram"
	fi
	# First port: console, a log for people. Second: the channel, which gives the
	# verdict; where the machine has but one port, the other is a PCI card.
	case $console in
	'') echo "-serial file:console.log" ;;
	*) echo "-chardev pipe,id=console,path=console -serial chardev:console" ;;
	esac
	case $(cpu_is ports) in
	1) echo "-chardev socket,id=channel,path=channel -device pci-serial,chardev=channel" ;;
	*) echo "-chardev socket,id=channel,path=channel -serial chardev:channel" ;;
	esac
	[ -z "$no_reboot" ] || echo "-action reboot=shutdown"
	[ -z "$devices" ] || echo "$devices"
	for disk in state out target second raw work-ext4 work-xfs; do
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
	if [ -f "$dir/target" ] && [ -z "$read_here" ]; then
		truncate -s "$(stat -c %s "$dir/target")" "$dir/out"
		truncate -s +1M "$dir/out"
		set -- fk.target=yes "fk.fs=$fs" "$@"
	fi
	[ -z "$workload" ] || set -- "fk.workload=$workload" "$@"
	ended=0
	if [ -n "$console" ]; then
		mkfifo "$dir/console.in" "$dir/console.out"
		qemu/bad-console "$console" "$dir" >"$dir/bad-console.log" 2>&1 &
	fi
	vm "$@" || ended=$?
	[ -z "$console" ] || kill "$!" || lost "qemu/bad-console, see bad-console.log"
	case $ended$read_here in
	0* | 3yes) ;;
	2 | 3)
		mv "$dir/console.log" "$dir/console-crash.log"
		[ $ended = 3 ] || [ -n "$power_cut" ] || lost "$(verdict)"
		if [ -n "$power_cut" ]; then
			[ "$(verdict)" = "the power was cut" ] ||
				lost "the console never said $power_cut: $(verdict)"
			rm "$dir/cut"
			power_cut=''
		fi
		vm "$@" fk.role=collect || lost "looking afterwards: $(verdict)"
		;;
	*) lost "$(verdict)" ;;
	esac
	unpack
}

# operate [fk.KEY=VALUE...]: a machine that does not crash, on which the verbs of $dir/verbs
# are run; operator.conf is its configuration
operate()
{
	shared_image
	: >"$dir/capture.img"
	first_image
	vm fk.role=verbs "$@" || lost "$(verdict)"
}

# expect_verbs: each line of wanted is the exit status of a verb, and its words
expect_verbs()
{
	sed -n 's/^[0-9.]* verb //p' "$dir/events" >"$dir/got"
	diff "$dir/wanted" "$dir/got" >"$dir/verbs.diff" ||
		fail "a verb ended otherwise (< wanted, > got): $(cat "$dir/verbs.diff")"
}

unpack()
{
	head -c 2M "$dir/state" | tr -d '\0' | sed '1d' >"$dir/dmesg-before"
	tail -c +2097153 "$dir/state" | tr -d '\0' >"$dir/kmsg-before"
	sed -n 's/^[0-9.]* \(\(made\|skipped\|note\) .*\)/\1/p' "$dir/events" >"$dir/made"
	rm -f "$dir/ram" "$dir"/work-*
	[ ! -f "$dir/second" ] || read_disk second out-second
	# A folder "out" is a server's.
	[ -z "$read_here" ] || [ -d "$dir/out" ] || read_disk target out
	[ -z "$read_here" ] || [ ! -d "$dir/out" ] || [ -d "$dir/out-disk" ] ||
		[ ! -f "$dir/target" ] || read_disk target out-disk
	[ -f "$dir/out" ] || return 0
	mv "$dir/out" "$dir/out.tar"
	mkdir "$dir/out"
	tar --force-local -xpf "$dir/out.tar" -C "$dir/out" ||
		lost "the files of the target cannot be unpacked"
	rm -f "$dir/out.tar"
}

# read_disk NAME FOLDER: replay the journal of an ext4 as it was left, copy its /crash
read_disk()
{
	fixed=0
	e2fsck -fy "$dir/$1" >"$dir/fsck-$1.log" 2>&1 || fixed=$?
	[ "$fixed" -le 2 ] || fail "disk $1: e2fsck cannot mend it, see fsck-$1.log"
	mkdir "$dir/$2"
	debugfs -R "rdump /crash $dir/$2" "$dir/$1" >>"$dir/fsck-$1.log" 2>&1 ||
		lost "debugfs: $(tail -n 1 "$dir/fsck-$1.log")"
}

# ---- questions; each fails the case when the answer is not the wanted one ----

# find_dump FOLDER [OUT]: set $dump to the one dump below FOLDER of the target, or of the
# disk whose files lie in OUT
find_dump()
{
	dump=''
	for folder in "$dir/${2:-out}$1/$host"-*; do
		[ -d "$folder" ] || fail "no folder $1/$host-* on the target"
		[ -z "$dump" ] || fail "more than one folder $1/$host-* on the target"
		dump=$folder
	done
}

boot_seconds=15		# an idle machine's, from QEMU's start until it can crash

# expect_back SECONDS: from the crash to the next kernel, or to the reset with $no_reboot
expect_back()
{
	slow=$(awk -v s="$scale" -v b=$boot_seconds '$2 == "armed" && $1 > s * b { s = $1 / b }
		END { print int(s + 0.99) }' "$dir/events")
	seconds=$(awk '$2 == "go" { t = $1 }
		t && ($2 == "back" || $2 == "verdict" && $3 == 3) { printf "%d", $1 - t; t = 0 }
		' "$dir/events")
	[ -n "$seconds" ] || fail "the machine did not reboot by itself"
	[ "$seconds" -le $(($1 * slow)) ] ||
		fail "$seconds s from the crash to the next kernel, at most $1 x $slow wanted"
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
	"$reader" check "$dump/vmcore" >"$dir/check" 2>&1 ||
		fail "crashbox check: $(tail -n 1 "$dir/check")"
	expect valid.value true
	expect complete.value true
	# No struct page of a healthy kernel denies what is known to be its own.
	expect pages.kept_known 0
	# Nor is its memory map hard to read, where it is believed at all.
	[ "$(manifest filter_trusted)" != true ] || [ "$(manifest pages.kept_unknown)" -le 8192 ] ||
		fail "$(manifest pages.kept_unknown) pages were not judged"
	expect host "$host"
	expect kernel "$(cat "$kernel/version")"
	sum=$(sha256sum "$dump/vmcore")
	expect sha256 "${sum%% *}"
}

expect_no_vmcore()
{
	[ ! -e "$dump/vmcore" ] || fail "there is a vmcore where there must be none"
}

# expect_incomplete PATTERN: what there is of a dump that was cut must say so itself, with
# status 2 of crashbox check, or 1 where pages it refers to did not reach the disk
expect_incomplete()
{
	expect_no_vmcore
	[ -e "$dump/vmcore-incomplete" ] || fail "vmcore-incomplete is not on the target"
	status=0
	"$reader" check "$dump/vmcore-incomplete" >"$dir/check" 2>&1 || status=$?
	# shellcheck disable=SC2254 # a pattern is what is meant
	case $status in
	$1) ;;
	*) fail "crashbox check of the cut dump: status $status: $(tail -n 1 "$dir/check")" ;;
	esac
}

# expect_durable: of the pages that the console said are durable, each is in the cut dump
expect_durable()
{
	percent=$(sed -n 's/.*copy  *[0-9]*% (\([0-9]*\)% durable).*/\1/p' "$dir"/console*.log |
		tail -n 1)
	[ -n "$percent" ] || lost "the console says nothing of what is durable"
	of=$(sed -n 's/.*crashbox: \([0-9]*\) of [0-9]* pages are kept.*/\1/p' \
		"$dir"/console*.log | tail -n 1)
	n_read=$(build/tools/readdump pages "$dump/vmcore-incomplete" | grep -vc ' broken: ') || :
	[ "${n_read:-0}" -ge $((of * percent / 100)) ] ||
		fail "$percent% of $of pages were called durable, $n_read are there"
	echo "$percent% were called durable, $((n_read * 100 / of))% are there" >"$dir/note"
}

# expect_saved SECONDS: the machine is back by then, and its whole dump on the target
expect_saved()
{
	expect_back "$1"
	find_dump /crash
	expect_dmesg 'sysrq triggered crash'
	expect_whole_dump
}
