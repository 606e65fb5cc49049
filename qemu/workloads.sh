# shellcheck shell=sh disable=SC2154,SC2034 # the variables are lib.sh's
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The sets of memory that a kernel can have when it crashes, and what the machine must
# be like for each; the guest's part of it is in first-kernel/workload.c. A case says
# "workload NAME" before boot. What the guest made is in $dir/made afterwards, one
# "made KIND pages=N ..." or "skipped KIND: REASON" per line.
#	small		a little of most; what cases have that are about something else
#	mixed		page cache of ext4 and xfs, tmpfs, shared, huge, locked, merged,
#			swapped and freed memory, slab, pipes, zram
#	huge		hugetlb pages of 2 MiB and 1 GiB
#	hvo		the same with hugetlb_free_vmemmap=on
#	numa-hotplug	two nodes, a balloon, and a DIMM that came after the capture kernel
#			was loaded, which is then loaded again
#	numa-refresh	the same, but the kernel itself brings the headers up to date
#	log		a log of odd lines that went around its ring twice
#	poison		pages of all kinds that the kernel was told are broken

# work_disk TYPE SIZE: a file system that is in use when the crash comes
work_disk()
{
	truncate -s "$2" "$dir/work-$1"
	"mkfs.$1" -q "$dir/work-$1" >"$dir/mkfs.log" 2>&1 ||
		lost "mkfs.$1: $(tail -n 1 "$dir/mkfs.log")"
}

# needs CONFIG: skip where the kernel was not built with it
needs()
{
	config=$(qemu/fetch-kernel "$series" "$arch")/config
	grep -Eqx "($1)=y" "$config" || skip "workload $workload: Linux $series has no $1"
}

# Two nodes with a CPU and 512 MiB each, and a third for memory to come.
nodes()
{
	[ "$arch" = amd64 ] || skip "QEMU's arm64 machine takes DIMMs only with UEFI"
	memory=1G,slots=2,maxmem=4G
	for node in 0 1; do
		devices="$devices -object memory-backend-ram,id=node$node,size=512M"
		devices="$devices -numa node,nodeid=$node,cpus=$node,memdev=node$node"
	done
	devices="$devices -numa node,nodeid=2 -device virtio-balloon-pci"
	devices="$devices -qmp unix:qmp,server=on,wait=off"
	hook="$top/qemu/qmp $dir \"\$@\""
}

workload()
{
	workload=$1
	case $1 in
	small | log) ;;
	mixed)
		work_disk ext4 96M
		work_disk xfs 320M
		;;
	huge | hvo)
		[ "$arch" != amd64 ] || cpu=$cpu,+pdpe1gb
		memory=3G
		first_args="$first_args hugepagesz=1G hugepages=1 hugepagesz=2M hugepages=32"
		[ "$1" = huge ] || {
			needs 'CONFIG_HUGETLB_PAGE_(FREE|OPTIMIZE)_VMEMMAP'
			first_args="$first_args hugetlb_free_vmemmap=on"
		}
		;;
	numa-hotplug) nodes ;;
	numa-refresh)
		needs CONFIG_CRASH_HOTPLUG
		nodes
		;;
	poison) needs CONFIG_MEMORY_FAILURE ;;
	*) lost "qemu/workloads.sh knows no workload '$1'" ;;
	esac
}

# made_pages KIND...: how many pages of these kinds the guest said it had made
made_pages()
{
	awk -v kinds=" $* " '$1 == "made" && index(kinds, " " $2 " ") {
		sub(/.*pages=/, "")
		n += $1
	}
	END { print n + 0 }' "$dir/made"
}

# expect_at_least KEY NUMBER: a count of the manifest
expect_at_least()
{
	fact=$(manifest "$1") || fail "manifest.json has no $1"
	[ "$fact" -ge "$2" ] || fail "manifest.json: $1 is $fact, at least $2 wanted"
}

# What users had is not in a dump of level 31, what the kernel had is, to the page.
expect_marks()
{
	tests/tools/marks "$dump/vmcore" >"$dir/marks" || lost "tests/tools/marks failed"
	while read -r word kind rest; do
		[ "$word" = made ] || continue
		starts=$(awk -v k="$kind" '$1 == k { print $2 }' "$dir/marks")
		numbers=$(awk -v k="$kind" '$1 == k { print $3 }' "$dir/marks")
		n_made=$(made_pages "$kind")
		case $kind in
		dentry | msg | xattr | pipe | hotpipe | zramdense)
			[ "${numbers:-0}" -ge "$n_made" ] ||
				fail "${numbers:-0} of $n_made pages of the kernel ($kind) are kept"
			;;
		poison*)
			[ -z "$numbers" ] || fail "$numbers poisoned pages ($kind) were read"
			;;
		*)
			[ "${starts:-0}" = 0 ] ||
				fail "$starts pages of users ($kind: $rest) are in the dump"
			;;
		esac
	done <"$dir/made"
	expect_at_least pages.user "$(made_pages anon thp mthp locked swapped \
		node0 node1 hotadded hugetlb2m hugetlb1g)"
	# Both classes of page cache are left out at level 31.
	cache=$(($(manifest pages.cache) + $(manifest pages.cache_private)))
	n_made=$(made_pages shared sysv memfd tmpfs tmpfshuge ext4clean ext4written ext4dirty \
		xfsclean xfswritten xfsdirty)
	[ "$cache" -ge "$n_made" ] || fail "$cache pages of page cache left out of $n_made"
	# A poisoned page of a file, or of a huge page, is one frame like the others.
	expect_at_least pages.hwpoison "$(made_pages poisonanon poisonsoft poisonthp \
		poisonfile poisonhugetlb poisonslab)"
	expect_at_least pages.offline "$(made_pages balloon)"
}

# workload_case NAME: the whole story of a case whose subject is what memory holds
workload_case()
{
	no_reboot=yes
	read_here=yes
	workload "$1"
	target_disk ext4 600M
	config <<END
target disk:LABEL=crash:/crash
END
	boot fk.crash=sysrq

	expect_back 90
	find_dump /crash
	expect_dmesg 'sysrq triggered crash'
	expect_whole_dump
	expect level.used 31
	expect filter_trusted true
	expect_marks
}
