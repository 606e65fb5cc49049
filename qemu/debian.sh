# shellcheck shell=sh disable=SC2154 # the variables are lib.sh's
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A real Debian with systemd as the guest, for cases that source this behind lib.sh: its
# root file system is of qemu/debian-root, its kernels and initramfs are those that it has
# in its own /boot. Its life is told in stages. Each is one start of the machine, runs a
# shell script (sh -eu) as root once the system is up, and ends with a reset or power-off.
#	debian_root		makes $dir/root
#	debian_package KERNEL=	builds the package (without a kernel of ours); package_file
#				says where it is
#	debian_put FILE...	files that stages find in /case
#	debian_stage NAME [ARG...] <<'EOF'
#				the script; it may end with reboot or crash
# What a script writes is in $dir/NAME.out, the console of that stage in
# $dir/console-NAME.log. A command that fails fails the case. Needs root, as debootstrap does.

debian_seconds=600	# for one stage
debian_version=''	# the kernel that the next stage boots; empty: the newest of the root
tcg_threads=multi	# a newer kernel than 6.1 wants "single"
memory=1G
secure_boot=''		# set: see debian_firmware
# One list for all cases that do not need more, so that it is installed once.
debian_packages="linux-image-cloud-amd64 initramfs-tools zstd xz-utils grub2-common"

# The unit that runs a stage. It is no part of multi-user.target, so that all of that,
# crashbox.service among it, has come up or failed before.
debian_hook()
{
	cat <<'END'
#!/bin/sh
set -eu
cat >/etc/systemd/system/case.target <<'UNIT'
[Unit]
Requires=multi-user.target case.service
After=multi-user.target
AllowIsolate=yes
UNIT
cat >/etc/systemd/system/case.service <<'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'mkdir -p /case && mount -r LABEL=case /case && exec sh /case/begin'
TimeoutStartSec=infinity
UNIT
# Nobody waits for these, and an emulated machine is slow.
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
	e2scrub_reap.service fstrim.timer man-db.timer getty@tty1.service \
	serial-getty@ttyS0.service getty-static.service systemd-update-utmp.service \
	systemd-update-utmp-runlevel.service systemd-tmpfiles-clean.timer; do
	ln -sf /dev/null "/etc/systemd/system/$unit"
done
END
}

debian_root()
{
	[ "$(id -u)" = 0 ] || skip "debootstrap needs root"
	command -v debootstrap >/dev/null || skip "there is no debootstrap (tests/setup)"
	debian_hook >"$dir/hook"
	# shellcheck disable=SC2086 # a list of names
	qemu/debian-root "$dir/root" 3G $debian_packages -- "$dir/hook" \
		>"$dir/debian-root.log" 2>&1 ||
		lost "qemu/debian-root: $(tail -n 1 "$dir/debian-root.log")"
	[ -z "$secure_boot" ] || debian_firmware
	mkdir -p "$dir/case"
	cat >"$dir/case/begin" <<'END'
exec >/dev/ttyS1 2>&1
cd /case
sh -eu stage
status=$?
case $status in
111) echo "status 0"; reboot 2>/dev/null ;;
*) echo "status $status"; poweroff 2>/dev/null ;;
esac
END
	cat >"$dir/words" <<'END'
# How a script may end; without any of these the machine is switched off.
reboot() { exit 111; }
crash() { echo "status 0"; sync; sleep 1; echo c >/proc/sysrq-trigger; sleep 60; exit 1; }
failed() { echo "$*"; exit 1; }
# equals WHAT WANTED GOT
equals() { [ "$2" = "$3" ] || failed "$1: wanted '$2', got '$3'"; }
# wants STATUS WORD...: crashbox with these words ends so; what it says is in /tmp/said
wants()
{
	wanted=$1 got=0
	shift
	crashbox "$@" </dev/null >/tmp/said 2>&1 || got=$?
	read -r now rest </proc/uptime
	echo "== $now s: crashbox $*: status $got"
	cat /tmp/said
	[ "$got" = "$wanted" ] || failed "crashbox $*: status $got, wanted $wanted"
}
# says TEXT...: each is in a line of that; of two blanks or more the number does not count
says()
{
	for text in "$@"; do
		tr -s ' ' </tmp/said | grep -q -- "$text" || failed "it does not say: $text"
	done
}
END
}

# debian_package [MAKE_ARG...]: the one under test, built anew if something has changed
debian_package()
{
	# Another case may want another package at the same time.
	{
		flock 8
		make -s deb "$@" >"$dir/deb.log" 2>&1 ||
			lost "make deb: $(tail -n 1 "$dir/deb.log")"
		cp "$(tail -n 1 "$dir/deb.log")" "$dir/"
	} 8>build/deb.lock
}

package_file()
{
	echo "$dir"/crashbox_*.deb
}

debian_put()
{
	cp "$@" "$dir/case/"
}

# from_root PATH FILE: a file out of the guest's root, as it is on the disk
from_root()
{
	rm -f "$2"
	debugfs -R "dump $1 $2" "$dir/root" >>"$dir/debugfs.log" 2>&1
	[ -s "$2" ]
}

# What the bootloader would start.
debian_kernel()
{
	[ -n "$debian_version" ] || debian_version=$(debugfs -R 'ls -p /boot' "$dir/root" \
		2>/dev/null | sed -n 's|.*/vmlinuz-\([^/]*\)/.*|\1|p' | sort -V | tail -n 1)
	for part in vmlinuz initrd.img; do
		from_root "/boot/$part-$debian_version" "$dir/$part" ||
			fail "the root has no /boot/$part-$debian_version"
	done
}

# A journal as a crash left it is replayed, so that debugfs sees what is there.
debian_fsck()
{
	fixed=0
	e2fsck -fy "$dir/root" >>"$dir/fsck-root.log" 2>&1 || fixed=$?
	[ "$fixed" -le 2 ] || fail "the root: e2fsck cannot mend it, see fsck-root.log"
}

# Firmware that starts what is signed for Microsoft's key, which is Debian's shim; that starts
# Debian's GRUB, and that a kernel of Debian's, each with a look at the signature. QEMU's own
# -kernel would go around the first two. They lie on a disk of their own, with the kernel, as
# this firmware wakes up no other disk.
debian_firmware()
{
	ovmf=/usr/share/OVMF efi=$dir/efi
	[ -f $ovmf/OVMF_VARS_4M.ms.fd ] || skip "no ovmf (tests/setup)"
	command -v mcopy >/dev/null || skip "no mtools (tests/setup)"
	for package in shim-signed grub-efi-amd64-signed; do
		agent/deps/apt bookworm:amd64 binary "$efi/debs" $package \
			>>"$dir/apt.log" 2>&1 || lost "no package $package, see apt.log"
	done
	for deb in "$efi"/debs/*.deb; do
		dpkg-deb -x "$deb" "$efi"
	done
	cp $ovmf/OVMF_VARS_4M.ms.fd "$dir/variables"
}

# debian_loader ARGS: the disk that the firmware starts from, $dir/esp.disk
debian_loader()
{
	printf '%s\n' "linux /vmlinuz root=LABEL=root $1" 'initrd /initrd.img' boot \
		>"$efi/grub.cfg"
	rm -f "$dir/esp.disk"
	truncate -s 128M "$dir/esp.disk"
	set -- -i "$dir/esp.disk"
	{
		mformat "$@" -F :: && mmd "$@" ::/EFI ::/EFI/BOOT ::/EFI/debian &&
			mcopy "$@" "$efi/usr/lib/shim/shimx64.efi.signed" \
				::/EFI/BOOT/BOOTX64.EFI &&
			mcopy "$@" "$efi/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed" \
				::/EFI/BOOT/grubx64.efi &&
			mcopy "$@" "$efi/grub.cfg" ::/EFI/debian/grub.cfg &&
			mcopy "$@" "$dir/vmlinuz" "$dir/initrd.img" ::/
	} >"$dir/esp.log" 2>&1 || lost "the firmware's disk: $(tail -n 1 "$dir/esp.log")"
}

# After a crash: the one dump in /var/crash of the root is whole; sets $dump
expect_root_dump()
{
	expect_console 'crashbox: saved '
	mkdir "$dir/out"
	debugfs -R "rdump /var/crash $dir/out" "$dir/root" >>"$dir/debugfs.log" 2>&1
	find_dump /crash
	"$reader" check "$dump/vmcore" >"$dir/check" 2>&1 || fail "$(tail -n 1 "$dir/check")"
	expect valid.value true
	expect complete.value true
}

# The machine; a reset ends it, and the next stage starts it again.
debian_machine()
{
	args=$2
	set -- qemu-system-x86_64 -nodefaults -no-user-config -display none \
		-accel "tcg,thread=$tcg_threads" -cpu "$cpu" -smp "$cpus" -m "$memory" \
		-serial "file:$dir/console-$1.log" -serial "file:$dir/$1.raw" \
		-action reboot=shutdown -device virtio-rng-pci
	if [ -n "$secure_boot" ]; then
		debian_loader "$args"
		set -- "$@" -machine q35,smm=on -global ICH9-LPC.disable_s3=1 \
			-global driver=cfi.pflash01,property=secure,value=on \
			-drive "if=pflash,format=raw,readonly=on,file=$ovmf/OVMF_CODE_4M.secboot.fd" \
			-drive "if=pflash,format=raw,file=$dir/variables" \
			-drive "if=none,id=esp,file=$dir/esp.disk,format=raw" \
			-device virtio-blk-pci,drive=esp,bootindex=1
	else
		set -- "$@" -kernel "$dir/vmlinuz" -initrd "$dir/initrd.img" \
			-append "root=LABEL=root $args"
	fi
	for disk in root case target; do
		[ ! -f "$dir/$disk.disk" ] || set -- "$@" \
			-drive "if=none,id=$disk,file=$dir/$disk.disk,format=raw,cache=unsafe" \
			-device "virtio-blk-pci,drive=$disk"
	done
	{ printf "'%s' " "$@"; echo; } >"$dir/qemu.cmd"
	timeout -k 5 $((debian_seconds * scale)) "$@" >>"$dir/qemu.log" 2>&1
}

# debian_stage NAME [KERNEL_ARG...] <script
debian_stage()
{
	stage=$1
	shift
	cat "$dir/words" - >"$dir/case/stage"
	rm -f "$dir/case.disk"
	truncate -s 256M "$dir/case.disk"
	mkfs.ext4 -q -L case -O ^has_journal -d "$dir/case" "$dir/case.disk" ||
		lost "mkfs.ext4: the files of the case"
	debian_kernel
	ln -f "$dir/root" "$dir/root.disk"
	began=$(date +%s)
	ended=0
	# Else status has a warning on each: Debian's kernel goes on after an oops.
	set -- "$first_args oops=panic systemd.unit=case.target ${reserve:+crashkernel=$reserve} $*"
	debian_machine "$stage" "$1" || ended=$?
	echo "$stage: $(($(date +%s) - began)) s, Linux $debian_version" >>"$dir/stages"
	tr -d '\r' <"$dir/$stage.raw" >"$dir/$stage.out"
	debian_fsck
	[ "$ended" != 124 ] || lost "stage $stage: not over after $debian_seconds s"
	[ "$ended" = 0 ] || lost "stage $stage: QEMU ended with $ended, see qemu.log"
	case $(tail -n 1 "$dir/$stage.out") in
	'status 0') ;;
	*) fail "stage $stage: $(tail -n 2 "$dir/$stage.out" | tr '\n' ' ')" ;;
	esac
}
