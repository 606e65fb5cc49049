# shellcheck shell=sh disable=SC2154,SC2034 # the variables are lib.sh's
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A made-up machine where all is well, below $good, and what it takes to damage a copy of
# it: for the tests of `crashbox status`, which source this behind lib.sh. $at is the machine
# that is worked on.

good=$work/good
release=6.1.0-56-cloud-amd64
image=var/lib/crashbox/crashbox.img
crashkernel=crashkernel=192M

# put FILE TEXT, below $at
put()
{
	mkdir -p "$at/${1%/*}"
	printf '%s\n' "$2" >"$at/$1"
}

# an_image MODULE...: one that has them, packed, and behind it another archive with the
# configuration as it is now. They are of the kernel $magic. What else is to be in it is put
# into $tree before.
magic=6.1.0-56-cloud-a
tree=$work/tree
mkdir -p "$tree/modules" "$tree/etc"
cp "$top/build/crashbox" "$tree/init"
an_image()
{
	mkdir -p "$at/${image%/*}"
	printf '%s.ko\n' "$@" >"$tree/modules/order"
	printf 'an ELF file\0vermagic=%s SMP\0' "$magic" >"$tree/modules/x.ko"
	(cd "$tree" && find . ! -path './etc*' | sed 's,^\./,,' | cpio --quiet -o -H newc) |
		zstd -q1 >"$at/$image"
	cp "$at/etc/crashbox.conf" "$tree/etc/crashbox.conf"
	(cd "$tree" && find etc | cpio --quiet -o -H newc) >>"$at/$image"
}

# reload: the configuration as it is now goes into an image, which is loaded
reload()
{
	an_image virtio_pci virtio-blk ext4
	record
}

# a_kernel FILE [signed] [config=LINES]; $base is what any capture kernel has
base=CONFIG_PROC_VMCORE=y/CONFIG_BLK_DEV_INITRD=y/CONFIG_DEVTMPFS=y/CONFIG_RD_ZSTD=y
a_kernel()
{
	mkdir -p "$at/${1%/*}"
	file=$at/$1
	shift
	"$top/tests/tools/mkkernel" "$file" "$@"
}

# What `crashbox load` writes down, of the files as they are, with --append "$append".
append=''
record()
{
	put run/crashbox/loaded "$(
		for what in kernel image; do
			file=$at/boot/vmlinuz-$release
			[ $what = kernel ] || file=$at/$image
			sum=$(sha256sum "$file")
			echo "$what $file"
			echo "${what}_size $(stat -c %s "$file")"
			echo "${what}_mtime $(stat -c %Y "$file")"
			echo "${what}_sha256 ${sum%% *}"
		done
		echo how syscall
		echo when 1790000000
		echo "cmdline irqpoll $append"
	)"
}

at=$good
put etc/crashbox.conf 'target disk:LABEL=crash:/crash'
put proc/cmdline "root=/dev/vda1 ro $crashkernel"
put proc/sys/kernel/osrelease $release
put proc/sys/kernel/panic_on_oops 1
mkdir -p "$at/sys/kernel/btf"
touch "$at/sys/kernel/btf/vmlinux"
put proc/kallsyms '0000000000000000 D init_task
0000000000000000 T entry_SYSCALL_64
0000000000000000 D __start_orc_unwind_ip
0000000000000000 t init_module	[virtio_blk]'
put proc/meminfo 'MemTotal:        1014000 kB
MemFree:          614000 kB
Cached:           200000 kB
AnonPages:        100000 kB'
put proc/self/mountinfo '22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw'
put sys/kernel/kexec_crash_loaded 1
put sys/kernel/kexec_crash_size $((192 << 20))
device=sys/devices/pci0000:00/0000:00:05.0/virtio2/block/vdb
put $device/dev 254:16
put $device/ro 0
mkdir -p "$at/sys/class/block"
ln -s "../../../$device" "$at/sys/class/block/vdb"
for driver in 0000:00:05.0/driver:virtio_pci 0000:00:05.0/virtio2/driver:virtio_blk; do
	mkdir -p "$at/sys/module/${driver##*:}" "$at/sys/devices/pci0000:00/${driver%:*}"
	ln -s "$at/sys/module/${driver##*:}" "$at/sys/devices/pci0000:00/${driver%:*}/module"
done
put boot/grub/grub.cfg "linux /vmlinuz-$release root=/dev/vda1 $crashkernel"
an_image virtio_pci virtio-blk ext4
put etc/systemd/system/multi-user.target.wants/crashbox.service '[Unit]'
mkdir "$at/dev"
truncate -s 160M "$at/dev/vdb"
mkfs.ext4 -q -L crash "$at/dev/vdb"
a_kernel boot/vmlinuz-$release

# status WANTED [OPTION...]: run it on $at, which may hold the paths of its own record
status()
{
	wanted=$1
	shift
	got=0
	"$AGENT" status --root "$at" "$@" >"$work/got" 2>"$work/errors" || got=$?
	[ "$got" = "$wanted" ] ||
		fail "exit status $got, wanted $wanted: $(cat "$work/got" "$work/errors")"
}

# row GRADE CHECK TEXT: this is one of the lines
row()
{
	grep -q "^$1  *$2 .*$3" "$work/got" ||
		fail "no '$1 $2 ... $3' in: $(cat "$work/got")"
}

record

# another: a fresh copy of the good machine, to be damaged
another()
{
	rm -rf "$work/machine"
	cp -a "$good" "$work/machine"
	at=$work/machine
	record
}
