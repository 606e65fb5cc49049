#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox image on made-up machines: what a target's file system asks for while it is
# mounted, what its drivers may ask for as firmware, and what no capture kernel can have.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

cd "$work"
root=$work/root
release=9.9-test
modules=$root/lib/modules/$release
firmware=$root/lib/firmware

# module NAME [FIRMWARE...]: an object file that names them, as a driver's does
module()
{
	file=$modules/kernel/$1.ko
	echo "kernel/$1.ko:" >>"$modules/modules.dep"
	shift
	{
		# shellcheck disable=SC1003 # it does end a line
		echo '#define INFO(n, t) __attribute__((section(".modinfo"), used)) \'
		echo '	static const char info##n[] = t;'
		echo 'INFO(0, "license=GPL")'
		n=0
		for firmware_file in "$@"; do
			n=$((n + 1))
			echo "INFO($n, \"firmware=$firmware_file\")"
		done
	} >module.c
	gcc -c -o "$file" module.c
}

# disk NAME DRIVER MKFS...: a made-up PCI device's, with a file system
disk()
{
	device=$root/sys/devices/pci0000:00/0000:00:05.0/block/$1
	mkdir -p "$device" "$root/sys/class/block" "$root/sys/module/$2" "$root/dev" \
		"$root/sys/drivers/$2"
	ln -s "$device" "$root/sys/class/block/$1"
	ln -sfn "$root/sys/module/$2" "$root/sys/drivers/$2/module"
	ln -sfn "$root/sys/drivers/$2" "$root/sys/devices/pci0000:00/0000:00:05.0/driver"
	file=$root/dev/$1
	shift 2
	truncate -s 320M "$file"
	"$@" "$file" >said 2>&1 || fail "$*: $(cat said)"
}

mkdir -p "$modules/kernel" "$firmware/card" "$root/boot"
PATH=$PATH:/usr/sbin:/sbin
module card card/new.fw card/packed.fw card/old.fw
module ext4
module xfs
module quota_v2
disk vda card mkfs.ext4 -q -L plain
disk vdb card mkfs.ext4 -q -L quota -O quota
disk vdc card mkfs.ext4 -q -L casefold -O casefold
disk vdd card mkfs.xfs -q -L ci -n version=ci
echo new >"$firmware/card/new.fw"
echo packed | xz >"$firmware/card/packed.fw.xz"

# image LABEL OPTION...: what would go in for the disk of that label, to `said`
image()
{
	echo "target disk:LABEL=$1:/" >conf
	shift
	"$AGENT" image --root "$root" --agent "$top/build/crashbox" --config conf --list "$@" \
		>said 2>errors
}

# has NAME...: these, and no other modules and firmware
has()
{
	awk '$3 ~ /^(modules|lib\/firmware)\// && $1 ~ /^-/ { print $3 }' said |
		grep -v modules/order >got || :
	printf '%s\n' "$@" | diff - got || fail "other files are in the image"
}

# refused LABEL WORDS OPTION...
refused()
{
	label=$1 words=$2
	shift 2
	! image "$label" "$@" || fail "was not refused: $words"
	grep -q -e "$words" errors || fail "the message lacks '$words': $(cat errors)"
}

fw='lib/firmware/card/new.fw lib/firmware/card/packed.fw'
# shellcheck disable=SC2086 # two words
image plain --modules "$modules" && has $fw modules/card.ko modules/ext4.ko
grep -q 'card.ko may ask for, and that is not in /lib/firmware: card/old.fw$' errors ||
	fail "no word of what is missing: $(cat errors)"
grep -q '^-0644 *7 lib/firmware/card/packed.fw ' said || fail "it is packed in the image"
# shellcheck disable=SC2086
image quota --modules "$modules" && has $fw modules/card.ko modules/ext4.ko \
	modules/quota_v2.ko

# Named drivers are for whatever disk there will be.
image plain --modules "$modules" --drivers ext4 && has modules/ext4.ko modules/quota_v2.ko

# Who we are to a server of NVMe goes along as it is here, and what its disk may have on it.
mkdir -p "$root/etc/nvme"
echo nqn.2014-08.org.example:us >"$root/etc/nvme/hostnqn"
printf '%s\n' 'target nvme:192.0.2.7/nqn.2014-08.org.example:crash/UUID=1-2:/' 'insecure yes' \
	'net 52:54:00:12:34:56 dhcp' >conf
"$AGENT" image --root "$root" --agent "$top/build/crashbox" --config conf --no-modules --list \
	>said 2>errors || fail "a disk over NVMe/TCP: $(cat errors)"
grep -q '^-0600 *27 etc/nvme/hostnqn' said || fail "its name of us is not there: $(cat said)"
! grep -q hostid said || fail "a file that is not here is in the image"

# What is no module has to be built in, as far as the configuration tells.
image casefold --modules "$modules"
grep -q 'can mount ext4 with casefold (CONFIG_UNICODE) cannot be told' errors ||
	fail "nothing is said of casefold: $(cat errors)"
echo '# CONFIG_UNICODE is not set
CONFIG_XFS_FS=m' >"$root/boot/config-$release"
sed -i '1i #' "$root/boot/config-$release"
refused casefold "ext4 has casefold, which the kernel of .* cannot mount (CONFIG_UNICODE is off)" \
	--modules "$modules"
image ci --modules "$modules"
echo '# CONFIG_XFS_SUPPORT_ASCII_CI is not set' >>"$root/boot/config-$release"
refused ci 'CONFIG_XFS_SUPPORT_ASCII_CI is off' --modules "$modules"
rm "$modules/kernel/quota_v2.ko"
sed -i /quota/d "$modules/modules.dep"
refused quota 'CONFIG_QFMT_V2 is off' --modules "$modules"

# A kernel of ours tells by itself what it has, and has its lists beside it.
own=$root/usr/lib/crashbox
mkdir -p "$own"
"$top/tests/tools/mkkernel" "$own/vmlinuz" release=6.12-crashbox \
	config='CONFIG_EXT4_FS=y/CONFIG_XFS_FS=y/# CONFIG_UNICODE is not set'
printf 'kernel/fs/ext4/ext4.ko\nkernel/drivers/card.ko\n' >"$own/modules.builtin"
printf 'card.firmware=card/new.fw\0other.firmware=card/packed.fw\0' \
	>"$own/modules.builtin.modinfo"
image plain && has lib/firmware/card/new.fw
[ ! -s errors ] || fail "a good machine is complained of: $(cat errors)"
refused quota 'kernel of .*vmlinuz cannot mount (CONFIG_QFMT_V2 is off)'
refused casefold 'CONFIG_UNICODE is off'
image ci
grep -q 'not built into .*vmlinuz: xfs$' errors || fail "no word of xfs: $(cat errors)"
image elsewhere
grep -q 'LABEL=elsewhere.*: no such device here .*nobody has checked' errors ||
	fail "no word of a disk that is not here: $(cat errors)"
cp -r "$own" copy
image plain --kernel copy/vmlinuz && has lib/firmware/card/new.fw
