# shellcheck shell=sh disable=SC2154,SC2034,SC2086,SC2046 # variables are lib.sh's, or lists
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Ways to be wrong, for qemu/cases/promise.sh: one row each, and one function, way_NAME, for
# what it takes. All of a row's machine that no function changes is right.
#
# A row: NAME, the kind of TARGET (disk, nfs4, sftp), what the crash must leave (saved, log,
# lost, alive: the kernel goes on), the GRADE and the row of `status` that tells it, and a
# part of its text.
ways="
good		disk	saved	ok	target	ext4 on /dev/vd., not mounted
no-crashkernel	disk	lost	fail	reserved	no memory is reserved
not-loaded	disk	lost	fail	loaded	no capture kernel is loaded
too-small	disk	lost	fail	loaded	no capture kernel is loaded
no-memory	disk	lost	fail	reserved	62 MiB, and .* is the least that was seen
no-fs-module	disk	lost	fail	drivers	the targets need xfs
no-disk-module	disk	lost	fail	drivers	the targets need virtio_blk
other-modules	disk	lost	fail	drivers	are of Linux 6.12.*, which takes none of them
wrong-label	disk	lost	fail	target	no disk LABEL=nobody here
wrong-device	disk	lost	fail	target	no disk /dev/vdz here
no-such-uuid	disk	lost	fail	target	no disk UUID=.* here
other-fs	disk	lost	fail	target	neither ext4 nor xfs
encrypted	disk	lost	fail	target	neither ext4 nor xfs
ext4-quota	disk	saved	ok	target	ext4 on /dev/vd., not mounted
own-quota	disk	saved	ok	target	ext4 on /dev/vd., not mounted
full		disk	log	fail	target	only .* are free
crash-loop	disk	log	fail	target	crash loop: 3 crashes within 2h
short-deadline	disk	log	warn	deadline	12 s, and a dump of .* which is assumed
file-system-errors disk	saved	warn	target	has written down
two-labels	disk	saved	warn	target	more than one disk is called so
unfed-watchdog	disk	log	fail	watchdog	need i6300esb
fed-watchdog	disk	saved	ok	watchdog	drivers
kdump-beside	disk	saved	warn	others	kdump.service is enabled
no-room		disk	log	warn	target	a dump at level 0 may take
read-only	disk	saved	warn	target	mounted read-only
write-protected	disk	lost	fail	target	write-protected
changed-config	disk	saved	warn	inside	another configuration
broken-line	disk	saved	warn	inside	line 2: .*: passed over
broken-target	disk	lost	fail	inside	no target
empty-image	disk	lost	fail	inside	no target
append-target	disk	lost	fail	target	disk:LABEL=nobody:/crash: no disk
append-level	disk	saved	warn	inside	level: .*passed over
no-image-file	disk	saved	warn	image	No such file
other-image	disk	saved	warn	image	is not what is loaded
other-kernel	disk	saved	warn	kernel	is not what is loaded
failed-load	disk	saved	ok	loaded	by syscall
failed-load-twice disk	lost	fail	loaded	no capture kernel is loaded
old-init	disk	saved	warn	init	crashbox 0.0.9
other-cpu	disk	lost	fail	init	for another CPU
no-exec		disk	lost	fail	init	may not be executed
first-broken	disk	saved	fail	target	no disk LABEL=nobody here
oops-goes-on	disk	alive	warn	panic	kills a process only
no-service	disk	saved	warn	boot	nothing loads at the next boot
lockdown	disk	lost	fail	lockdown	only a signed kernel may be loaded
net-good	nfs4	saved	ok	target	are free
ssh-good	sftp	saved	ok	target	are free
no-net-line	nfs4	lost	fail	network	nothing in .* sets up a network
no-card-driver	nfs4	lost	fail	network	virtio_net
no-such-card	nfs4	lost	fail	network	no interface here has this MAC
other-network	nfs4	lost	fail	network	no net line leads to 10.0.2.2
wrong-gateway	nfs4	lost	warn	network	gateway 10.0.2.99: nobody answers
good-dhcp	nfs4	saved	ok	target	are free
no-dhcp		nfs4	lost	warn	network	no server offers an address
no-nfs-module	nfs4	lost	fail	drivers	the targets need nfs
not-exported	nfs4	lost	fail	target	nfs4:10.0.2.2:/nowhere
no-server	nfs4	lost	fail	target	refused
black-hole	nfs4	lost	fail	target	10.0.2.66
not-insecure	nfs4	lost	fail	inside	NFS does not prove
no-address	nfs4	lost	fail	inside	server.example
read-only-nfs	nfs4	lost	fail	target	cannot write there
full-nfs	nfs4	log	fail	target	only .* are free
no-client	sftp	lost	fail	ssh	/bin/ssh is not in
no-key		sftp	lost	fail	ssh	the key .* is not in
wrong-host-key	sftp	lost	fail	target	[Hh]ost key
wrong-key	sftp	lost	fail	target	denied
no-host-key	sftp	lost	fail	inside	ssh_host_key
no-folder-there	sftp	lost	fail	target	cannot write there
"

# way NAME: its row, in $way_kind, $way_crash, $way_grade, $way_row and $way_text
way()
{
	set -f	# a pattern is none of file names
	set -- $(echo "$ways" | awk -v name="$1" '$1 == name')
	set +f
	[ $# -ge 5 ] || lost "VARIANT=$1: no such way"
	way_kind=$2 way_crash=$3 way_grade=$4 way_row=$5
	shift 5
	way_text=$*
}

# drivers NAME...: of the image, in place of all that the target needs
drivers()
{
	image_drivers=$*
}

# by_hand LINE...: the image is a generic one, with this configuration, which nothing has
# checked, and maybe other files behind it
by_hand()
{
	mkdir -p "$dir/by-hand"
	printf '%s\n' "$@" >"$dir/by-hand/conf"
	hand_files="dir etc 755
file etc/crashbox.conf 600 $dir/by-hand/conf"
}

# says LINE...: of the configuration, in place of the target's
says()
{
	printf '%s\n' "$@" >"$dir/crashbox.conf"
}

# Verbs before `status`.
before()
{
	printf '%s\n' "$@" >>"$dir/verbs"
}

load_by_hand()
{
	before "load --kernel /capture/vmlinuz --initrd /capture/initrd"
	guest_words="$guest_words fk.load=no"
}

# ---- the machine ----

way_good() { :; }
way_no_crashkernel() { reserve=0M && load_by_hand; }
way_not_loaded() { before unload; }
way_too_small() { reserve=16M && load_by_hand; }
way_no_memory() { reserve=62M; }
way_oops_goes_on()
{
	crash=nullderef guest_words="$guest_words fk.oops=0"
	before "put /proc/sys/kernel/panic_on_oops 0"
}
way_no_service() { service=''; }
way_short_deadline() { says "$target_line" "deadline 12" "stall 6"; }

way_kdump_beside()
{
	wants=etc/systemd/system/multi-user.target.wants
	first_files="$first_files
dir etc/systemd 755
dir etc/systemd/system 755
dir $wants 755
file $wants/kdump.service 644 $top/initramfs/install/crashbox.service"
}

# A disk that takes a minute and more, and a watchdog that does not wait as long. Debian's
# older cloud kernels have no driver for it.
guard()
{
	devices="-device i6300esb -action watchdog=reset"
	host_modules=i6300esb target_speed=800000
	before "guard 60"
}

way_unfed_watchdog() { guard; }

way_fed_watchdog()
{
	guard
	image_drivers="i6300esb $image_drivers"
}

way_lockdown() { first_args="$first_args lockdown=integrity" && load_by_hand; }

# ---- the files ----

way_no_fs_module()
{
	target_disk xfs 400M
	mkdir "$dir/out"	# nothing will be there to be read
	drivers virtio_pci virtio_blk
}
way_no_disk_module() { drivers virtio_pci ext4; }
way_other_modules() { image_modules=6.12; }
way_changed_config() { before "put /etc/crashbox.conf target disk:LABEL=nobody:/crash"; }
way_no_image_file() { before "remove /capture/initrd"; }
way_other_image() { before "put /capture/initrd damaged"; }
way_other_kernel() { before "put /capture/vmlinuz damaged"; }

# A second load whose image is too large: the kernel has let go of the first one by then.
way_failed_load()
{
	truncate -s 48M "$dir/big"
	reserve=90M
	first_files="$first_files
file capture/big 644 $dir/big"
	before "load --kernel /capture/vmlinuz --initrd /capture/big"
}

# And the file by the first one's name is another by now.
way_failed_load_twice()
{
	before "put /capture/initrd damaged"
	way_failed_load
}

way_append_target() { capture_args=crashbox.target=disk:LABEL=nobody:/crash; }
way_append_level() { capture_args=crashbox.level=99; }

way_broken_line() { by_hand "$target_line" "levle 17"; }

way_broken_target() { by_hand "target dsik:LABEL=crash:/crash"; }
way_empty_image() { hand_files="dir etc 755"; }

way_old_init()
{
	sed 's/\x00crashbox 0\.[0-9.]*\x00/\x00crashbox 0.0.9\x00/' "$binary" >"$dir/init"
	agent=$dir/init
}

way_other_cpu()
{
	cp "$binary" "$dir/init"
	printf '\267\0' | dd of="$dir/init" bs=1 seek=18 conv=notrunc status=none
	agent=$dir/init
}

way_no_exec()
{
	by_hand "$target_line"
	hand_files="$hand_files
file init 644 $binary"
}

# ---- the disk ----

way_wrong_label() { says "target disk:LABEL=nobody:/crash"; }
way_wrong_device() { says "target disk:/dev/vdz:/crash"; }
way_no_such_uuid() { says "target disk:UUID=01234567-89ab-cdef-0123-456789abcdef:/crash"; }

way_other_fs()
{
	dd if=/dev/zero of="$dir/target" bs=4096 count=4 conv=notrunc status=none
	mkdir "$dir/out"	# there is nothing to be read
	says "target disk:/dev/vdb:/crash"
}

way_encrypted()
{
	way_other_fs
	printf 'LUKS\272\276\0\2' | dd of="$dir/target" conv=notrunc status=none
}

way_ext4_quota() { target_disk ext4 400M -O quota; }

# On our own kernel, which has no modules.
way_own_quota()
{
	CAPTURE_KERNEL=$top/build/kernel/virt-x86_64/vmlinuz
	[ -f "$CAPTURE_KERNEL" ] || skip "there is no $CAPTURE_KERNEL (make kernel)"
	target_disk ext4 400M -O quota,project,casefold
}

way_full() { target_disk ext4 12M -m 0; }

# Three crashes of the last minutes, each with a dump, of boots as short as this one.
way_crash_loop()
{
	for ago in 300 600 900; do
		old=$dir/seed/crash/$host-$(date -u -d "@$(($(date +%s) - ago))" +%Y-%m-%d-%H:%M:%S)
		mkdir -p "$old"
		echo old >"$old/vmcore"
		echo '{ "uptime_seconds": 60 }' >"$old/manifest.json"
	done
	target_disk ext4 400M -d "$dir/seed"
	says "$target_line" "crash_loop 3 in 2h"
}

way_no_room()
{
	target_disk ext4 150M
	says "$target_line" "level 0" "deadline 90"
}

way_file_system_errors() { debugfs -w -R 'ssv state 2' "$dir/target" 2>/dev/null; }
way_two_labels() { second_disk 400M && tune2fs -L crash "$dir/second" >/dev/null; }
way_read_only() { before "mount-ro target /srv"; }
way_write_protected() { target_words=,readonly=on; }
way_first_broken() { says "target disk:LABEL=nobody:/crash" "$target_line" "deadline 300"; }

# ---- the network ----

way_net_good() { :; }
way_ssh_good() { :; }
way_no_net_line() { by_hand "target $target" "$target_config"; }
way_no_card_driver() { drivers virtio_pci nfs nfsv4; }
way_no_such_card() { net_line="net 52:54:00:99:99:99 address=10.0.2.15/24"; }
way_other_network() { net_line="net 52:54:00:12:34:56 address=10.0.9.15/24"; }
way_wrong_gateway()
{
	ip addr add 10.0.3.2/24 dev v1
	target=nfs4:10.0.3.2:/crash net_line="$net_line gateway=10.0.2.99"
}

way_no_dhcp() { net_line="net 52:54:00:12:34:56 dhcp"; }

way_good_dhcp()
{
	way_no_dhcp
	command -v dnsmasq >/dev/null || skip "there is no dnsmasq (tests/setup)"
	dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user=root --pid-file= \
		--leasefile-ro --no-ping --interface=v1 --bind-interfaces --log-dhcp \
		--log-facility="$dir/dnsmasq.log" \
		--dhcp-range=10.0.2.100,10.0.2.120,255.255.255.0 &
}

way_no_nfs_module() { drivers virtio_pci virtio_net; }
way_not_exported() { target=nfs4:$server:/nowhere; }
way_no_server() { kill_server; }
way_black_hole() { target=nfs4:$black_hole:/crash; }
way_not_insecure() { by_hand "target $target" "$net_line"; }

way_no_address() { by_hand "target nfs4:server.example:/crash" "$net_line" "insecure yes"; }

way_read_only_nfs() { mount -o remount,ro "$export_dir"; }
way_full_nfs() { dd if=/dev/zero of="$export_dir/old" bs=1M status=none || :; }

way_no_client()
{
	by_hand "target $target" "$target_config" "$net_line"
	hand_files="$hand_files
dir run 755
file run/id 600 $dir/ssh/id"
}

way_no_key()
{
	way_no_client
	hand_files="$(echo "$hand_files" | sed '/id$/d')
dir bin 755
file bin/ssh 755 $top/build/ssh
file etc/passwd 644 $dir/passwd"
}

way_wrong_host_key() { target_config=$(other_key "$target_config"); }
way_wrong_key() { cp "$dir/ssh/other-id" "$dir/ssh/id"; }

way_no_host_key()
{
	target_config=$(echo "$target_config" | sed '/ssh_host_key/d')
	way_no_client
}

way_no_folder_there() { mount -o remount,ro "$export_dir"; }

# The pinned key is not the server's.
other_key()
{
	echo "$1" | sed "s|ssh_host_key .*|ssh_host_key $(cut -d ' ' -f 1-2 "$dir/ssh/other-host.pub")|"
}
