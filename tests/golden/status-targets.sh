#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox status on a made-up machine: what it says of the targets themselves, of their disks
# and of the room on them, mounted or not.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/machine.sh
. "$top/tests/machine.sh"

# Targets, the second of which is another row.
another
put etc/crashbox.conf 'target disk:LABEL=crash:/
target disk:LABEL=nobody:/'
reload
status 2
row ok 'target 1' ext4
row fail 'target 2' 'no disk LABEL=nobody here'

another
dd if=/dev/zero of="$at/dev/vdb" bs=4096 count=4 conv=notrunc status=none
put etc/crashbox.conf 'target disk:/dev/vdb:/'
reload
status 2
row fail 'target 1' 'none of ext4, xfs, btrfs'

# A name that the next boot may give to another disk. A partition is none, nor is a CD.
another
put etc/crashbox.conf 'target disk:/dev/vdb:/'
reload
mkdir -p "$at/sys/class/block/vdb1" "$at/sys/class/block/sr0" "$at/sys/class/block/sda"
touch "$at/sys/class/block/vdb1/partition"
status 0
mkdir "$at/sys/class/block/vdc"
status 1
row warn 'target 1' 'disk:/dev/vdb:/: of 2 disks each boot calls another one so: name it by UUID='
put etc/crashbox.conf 'target disk:LABEL=crash:/'
reload
status 0

another
put sys/class/block/vdb/ro 1
status 2
row fail 'target 1' write-protected

another
rm "$at/dev/vdb"
truncate -s 40M "$at/dev/vdb"
mkfs.ext4 -q -L crash "$at/dev/vdb"
status 2
row fail 'target 1' 'only [0-9.]* MiB are free'

# Room for bytes, and none for names, by the superblock or where it is mounted.
another
debugfs -w -R 'ssv free_inodes_count 9' "$at/dev/vdb" 2>/dev/null
status 2
row fail 'target 1' 'only 9 more files can be made (inodes), and a crash makes up to 10'
if [ "$(id -u)" = 0 ]; then
	another
	put proc/self/mountinfo '30 22 254:16 / /srv rw - ext4 /dev/vdb rw'
	mkdir "$at/srv"
	mount -t tmpfs -o size=900m,nr_inodes=9 none "$at/srv"
	trap 'umount "$at/srv"' EXIT
	status 2
	row fail 'target 1' 'at /srv.*: only 8 more files can be made'
	umount "$at/srv"
	trap - EXIT
fi

another
put proc/meminfo 'MemTotal:       16014000 kB'
status 1
row warn 'target 1' 'a dump at level 31 may take 1.6 GiB'

another
put proc/self/mountinfo '30 22 254:16 / /srv/crash\040disk rw - ext4 /dev/vdb rw'
mkdir -p "$at/srv/crash disk"
put etc/crashbox.conf 'target disk:/dev/vdb:/dumps'
reload
status 0
row ok 'target 1' 'mounted at /srv/crash disk, the folder will be made: '
mkdir "$at/srv/crash disk/dumps"
status 0
row ok 'target 1' 'mounted at /srv/crash disk: '
put proc/self/mountinfo '30 22 254:16 / /srv/crash\040disk ro,noatime - ext4 /dev/vdb ro'
status 1
row warn 'target 1' 'read-only at /srv/crash disk'

# A folder in which not even root makes one, or whose parent is none.
another
put proc/self/mountinfo '30 22 254:16 / /srv rw - ext4 /dev/vdb rw'
put etc/crashbox.conf 'target disk:/dev/vdb:/dumps/here'
reload
mkdir -p "$at/srv/dumps"
if chattr +i "$at/srv/dumps" 2>/dev/null; then
	trap 'chattr -i "$at/srv/dumps"' EXIT
	status 2
	row fail 'target 1' '/dumps/here: nothing can be made there (chattr -i'
	chattr -i "$at/srv/dumps"
	mkdir "$at/srv/dumps/here"
	chattr +i "$at/srv/dumps"
	status 0
	chattr -i "$at/srv/dumps"
	trap - EXIT
fi
rm -r "$at/srv/dumps"
echo file >"$at/srv/dumps"
status 2
row fail 'target 1' '/dumps: cannot open the folder: Not a directory'
rm -rf "$work/machine" "$good"
