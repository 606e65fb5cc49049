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

# work_disk TYPE SIZE: a file system that is in use when the crash comes
work_disk()
{
	truncate -s "$2" "$dir/work-$1"
	"mkfs.$1" -q "$dir/work-$1" >"$dir/mkfs.log" 2>&1 ||
		lost "mkfs.$1: $(tail -n 1 "$dir/mkfs.log")"
}

workload()
{
	workload=$1
	case $1 in
	small) ;;
	mixed)
		work_disk ext4 96M
		work_disk xfs 320M
		;;
	*) lost "qemu/workloads.sh knows no workload '$1'" ;;
	esac
}
