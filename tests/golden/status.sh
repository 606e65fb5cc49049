#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox status on a made-up machine where all is well, and then on one for each thing that
# can be wrong: the row that says so, its grade, and the exit status.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/machine.sh
. "$top/tests/machine.sh"

record
status 0
row ok init 'crashbox 0'
row ok inside 'has the configuration /.*/etc/crashbox.conf$'
row ok reserved '192 MiB'
row ok loaded 'by syscall at 2026-09-21 14:13:20 UTC'
row ok kernel 'Linux 6.1.0-56-cloud-a'
row ok image crashbox.img
row ok 'target 1' 'ext4 on /dev/vdb, not mounted: 1[0-9][0-9].* MiB are free'
row ok boot 'loads at every boot'
row ok drivers 'has the 3 drivers and file systems'
row ok update 'newest kernel is the running one'
row ok panic 'an oops is captured'
row ok report 'names, types and unwind tables are in this kernel'
grep -q '^ok: [0-9]* ok, 0 warnings, 0 failures$' "$work/got" || fail "no last line"

another
rm "$at/etc/crashbox.conf"
status 2
row fail config 'crashbox.conf: No such file'

another
put etc/crashbox.conf 'level 31'
status 2
row fail config 'no target'

another
put etc/crashbox.conf 'tarket disk:LABEL=crash:/'
status 2
row fail config 'line 1.*tarket'

another
rm "$at/sys/kernel/kexec_crash_loaded"
status 2
row fail reserved 'CONFIG_KEXEC'

another
put sys/kernel/kexec_crash_size 0
put sys/kernel/kexec_crash_loaded 0
status 2
row fail reserved 'no memory is reserved: boot with crashkernel=[1-9]'

another
put sys/kernel/kexec_crash_loaded 0
status 2
row fail loaded 'no capture kernel is loaded'

another
rm "$at/run/crashbox/loaded"
status 1
row warn loaded 'nobody knows what'

another
an_image virtio_pci virtio_blk ext4 jbd2
status 1
row warn image 'is not what is loaded'

another
put $image 'another one'
record
status 2
row fail image 'not an image of crashbox'

# Drivers: in the image, or built in by the kernel's own account, or by the distribution's.
another
an_image ext4
record
status 1
row warn drivers 'whether virtio_blk virtio_pci is built into .* cannot be told'
a_kernel boot/vmlinuz-$release config=$base/CONFIG_VIRTIO_BLK=y/CONFIG_VIRTIO_PCI=m
record
status 2
row fail drivers 'the targets need virtio_pci, which is neither in .*crashbox.img'
a_kernel boot/vmlinuz-$release config=$base/CONFIG_VIRTIO_PCI=y/CONFIG_VIRTIO_BLK=y/CONFIG_X=m
record
status 0
row ok drivers 'has the 3 drivers'
a_kernel boot/vmlinuz-$release
record
# It is the one that runs, and what it has but did not load, is built in.
put proc/sys/kernel/osrelease 6.1.0-56-cloud-a
put proc/filesystems "nodev	sysfs
	ext4"
status 0
row ok drivers 'has the 3 drivers'
an_image virtio_pci
record
status 0
for module in ext4 virtio_blk; do
	cp -a "$good/sys/module/virtio_blk" "$at/sys/module/$module" 2>/dev/null || :
	put sys/module/$module/initstate live
	status 1
	row warn drivers "$module"
	rm "$at/sys/module/$module/initstate"
done
put proc/sys/kernel/osrelease $release
an_image ext4
record
put lib/modules/6.1.0-56-cloud-a/modules.builtin 'kernel/drivers/block/virtio-blk.ko
kernel/drivers/virtio/virtio_pci_modern_dev.ko'
status 2
row fail drivers 'the targets need virtio_pci, which is neither'
put lib/modules/6.1.0-56-cloud-a/modules.builtin 'kernel/drivers/block/virtio_blk.ko
kernel/drivers/virtio/virtio_pci.ko'
status 0

# Modules of another kernel are as good as none.
another
magic=6.1.0-55-cloud-a
an_image virtio_pci virtio_blk ext4
magic=6.1.0-56-cloud-a
record
status 2
row fail drivers 'crashbox.img are of Linux 6.1.0-55-cloud-a, and .* is 6.1.0-56-cloud-a, which'
a_kernel boot/vmlinuz-$release config=$base/CONFIG_VIRTIO_PCI=y/CONFIG_VIRTIO_BLK=y/CONFIG_EXT4_FS=y
record
status 0
row ok drivers 'has the 3 drivers'

# Our own kernel, if it was built, tells it itself: it has these three and xfs, NFS and NVMe,
# and no RAID controller.
vmlinuz=$top/build/kernel/virt-x86_64/vmlinuz
if [ -f "$vmlinuz" ]; then
	another
	cp "$vmlinuz" "$at/boot/vmlinuz-$release"
	magic=$(grep -ao '[0-9.]*-crashbox (' "$vmlinuz" | head -n 1 | cut -d ' ' -f 1)
	an_image none
	magic=6.1.0-56-cloud-a
	for module in virtio_pci nvme megaraid_sas; do
		mkdir -p "$at/sys/module/$module"
		rm "$at/sys/devices/pci0000:00/0000:00:05.0/driver/module"
		ln -s "$at/sys/module/$module" \
			"$at/sys/devices/pci0000:00/0000:00:05.0/driver/module"
		record
		case $module in
		megaraid_sas)
			status 2
			row fail drivers 'the targets need megaraid_sas, which is neither in'
			;;
		*)
			status 0
			row ok drivers 'has the 3 drivers and file systems'
			;;
		esac
	done
fi

another
rm "$at/$image"
status 1
row warn image 'No such file.*the next boot has none'

another
echo >>"$at/boot/vmlinuz-$release"
status 1
row warn kernel 'is not what is loaded'

another
put sys/kernel/security/lockdown 'none [integrity] confidentiality'
status 2
row fail lockdown 'integrity: only a signed kernel.*is not signed'
a_kernel boot/vmlinuz-$release signed
record
status 0
row ok lockdown 'is signed$'
put usr/lib/crashbox/vmlinuz 'our own'
status 0
row ok lockdown 'is signed; /usr/lib/crashbox/vmlinuz is not, and left alone$'
rm "$at/usr/lib/crashbox/vmlinuz"
# Whether the running kernel has the key shows in its list.
key='1a I------ 1 perm 1f030000 0 0 asymmetri'
put proc/keys "$key Build time key: 0102: X509.rsa 0102 []
$key Another: Signer CA of Tests: 0a0b: X509.rsa 0a0b []"
put sys/kernel/kexec_crash_loaded 0
status 2
row ok lockdown 'is signed$'
put proc/keys "$key Build time key: 0102: X509.rsa 0102 []"
status 2
row fail lockdown "the running one has no key of 'Signer CA of Tests', who signed .* with Secure Boot"
put sys/kernel/kexec_crash_loaded 1
status 0
row ok lockdown 'is signed$'

another
mkdir -p "$at/sys/firmware/efi/efivars"
printf '\6\0\0\0\1' >"$at/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
status 2
row fail lockdown 'Secure Boot: only a signed kernel.*is not signed'

another
put proc/sys/kernel/kexec_load_disabled 1
status 0
put sys/kernel/kexec_crash_loaded 0
status 2
row fail lockdown 'only a boot helps'

another
rm "$at/etc/systemd/system/multi-user.target.wants/crashbox.service"
status 1
row warn boot 'nothing loads at the next boot'
put etc/runlevels/default/crashbox '#!/sbin/openrc-run'
status 0

another
put boot/grub/grub.cfg "linux /vmlinuz-$release root=/dev/vda1"
status 1
row warn boot 'does not have crashkernel='

another
put boot/vmlinuz-6.1.0-100-cloud-amd64 newer
status 0
row ok update 'may start 6.1.0-100-cloud-amd64; the service makes'
rm "$at/etc/systemd/system/multi-user.target.wants/crashbox.service"
status 1
row warn update 'may start 6.1.0-100-cloud-amd64, and the image is for 6.1.0-56'

# Our own kernel has nothing to do with the running one.
another
sed -i "s|^kernel .*|kernel $at/usr/lib/crashbox/vmlinuz|" "$at/run/crashbox/loaded"
mkdir -p "$at/usr/lib/crashbox"
cp "$at/boot/vmlinuz-$release" "$at/usr/lib/crashbox/vmlinuz"
put boot/vmlinuz-6.1.0-100-cloud-amd64 newer
status 0
row ok update 'not the running one'
put sys/kernel/kexec_crash_size $((8 << 20))
status 2
row fail reserved '8 MiB, and [1-9][0-9] MiB is the least .* with our kernel: boot with crashkernel=[1-9]'

# Of a distribution's kernel it is certain where it takes no less to start than the measured one.
another
put sys/kernel/kexec_crash_size $((70 << 20))
status 1
row warn reserved '70 MiB, and 7[0-9] MiB is the least .* a distribution.s kernel, though one that takes more to start than this: boot with crashkernel=192M'
a_kernel boot/vmlinuz-$release run=52
record
status 2
row fail reserved '70 MiB, and 7[0-9] MiB is the least .* a distribution.s kernel: boot with crashkernel=192M'

# Watchdogs: one that is armed wants its driver where it will be fed, or else resets.
another
dog=sys/devices/pci0000:00/0000:00:1f.0/watchdog/watchdog0
put $dog/identity 'HPE iLO2+ HW Watchdog Timer'
put $dog/state inactive
put $dog/timeout 30
mkdir -p "$at/sys/class/watchdog" "$at/sys/module/hpwdt" \
	"$at/sys/devices/pci0000:00/0000:00:1f.0/driver"
ln -s "$at/sys/module/hpwdt" "$at/sys/devices/pci0000:00/0000:00:1f.0/driver/module"
ln -s "$at/sys/devices/pci0000:00/0000:00:1f.0" "$at/$dog/device"
ln -s "$at/$dog" "$at/sys/class/watchdog/watchdog0"
status 0
row ok watchdog 'HPE iLO2+ HW Watchdog Timer, not armed now'
put $dog/state active
status 1
row warn watchdog 'whether hpwdt is built into'
a_kernel boot/vmlinuz-$release "config=$base/CONFIG_HP_WATCHDOG=m"
record
status 2
row fail watchdog 'the watchdogs that are armed (HPE.*, 30 s) need hpwdt, which is neither'
an_image virtio_pci virtio-blk ext4 hpwdt
record
status 0
row ok watchdog 'the 1 drivers'
# In software it ends with the kernel.
rm "$at/$dog/device"
an_image virtio_pci virtio-blk ext4
record
status 1
row warn watchdog 'which driver the watchdogs that are armed (HPE.*) have cannot be told'
mkdir -p "$at/sys/bus/pci/drivers/HPE iLO2+ HW Watchdog Timer"
ln -s "$at/sys/module/hpwdt" "$at/sys/bus/pci/drivers/HPE iLO2+ HW Watchdog Timer/module"
status 2
row fail watchdog 'need hpwdt'
put $dog/identity 'Software Watchdog'
status 0

another
put proc/sys/kernel/panic_on_oops 0
status 1
row warn panic 'an oops kills a process only, and is not captured: set kernel.panic_on_oops=1'

# What a report could not say, by what the running kernel lacks; no dump is lost by it.
another
sed -i /orc_unwind/d "$at/proc/kallsyms"
status 1
row warn report 'stacks are incomplete.*CONFIG_UNWINDER_ORC'
sed -i /entry_SYSCALL/d "$at/proc/kallsyms"
status 0
row ok report 'names, types and frame pointers'
sed -i s/init_task/init_tusk/ "$at/proc/kallsyms"
status 1
row warn report 'no tasks.*CONFIG_KALLSYMS_ALL'
rm "$at/sys/kernel/btf/vmlinux"
status 1
row warn report 'no tasks.*CONFIG_DEBUG_INFO_BTF'
sed -i '/virtio_blk/!d' "$at/proc/kallsyms"
status 1
row warn report 'only the log.s own words'
rm "$at/proc/kallsyms"
status 1
row warn report 'only the log.s own words'

# A file system that has had an error, in its own words, and the kernel's.
another
debugfs -w -R 'ssv state 2' "$at/dev/vdb" 2>/dev/null
status 1
row warn 'target 1' '/dev/vdb has written down 1 error of its file system: e2fsck'
debugfs -w -R 'ssv error_count 7' "$at/dev/vdb" 2>/dev/null
status 1
row warn 'target 1' 'has written down 7 errors'
# A disk that is a session with a server, which no capture kernel has.
another
session=sys/devices/platform/host6/session1/target6:0:0/6:0:0:0/block/vdb
mkdir -p "$at/sys/devices/platform/host6/session1/iscsi_session"
put $session/dev 254:16
put $session/ro 0
ln -sfn "../../../$session" "$at/sys/class/block/vdb"
status 2
row fail drivers 'disk:LABEL=crash:/crash: '

# A copy of the disk, with the same label.
another
mkdir -p "$at/sys/devices/pci0000:00/0000:00:06.0/virtio3/block/vdc"
ln -s "../../devices/pci0000:00/0000:00:06.0/virtio3/block/vdc" "$at/sys/class/block/vdc"
cp "$at/dev/vdb" "$at/dev/vdc"
status 1
row warn 'target 1' 'disk:LABEL=crash:/crash: more than one disk is called so'
another
put proc/self/mountinfo '30 22 254:16 / /srv rw - ext4 /dev/vdb rw,emergency_ro'
mkdir "$at/srv"
status 1
row warn 'target 1' '/dev/vdb is mounted for writing at /srv, and has stopped to write'

# What a machine of that size needs at a slow rate, and a start.
another
put etc/crashbox.conf 'target disk:LABEL=crash:/crash
stall 10
deadline 21'
reload
status 1
row warn deadline '21 s, and a dump of 102.4 MiB may take 22 s, at 47.7 MiB/s, which is assumed: what is not'
put etc/crashbox.conf 'target disk:LABEL=crash:/crash
stall 10
deadline 22'
reload
status 0
row ok deadline '22 s, .* may take 22 s, at 47.7 MiB/s, which is assumed$'

# What earlier crashes have left where the disk is mounted: a loop while this boot is as young
# as those were, and how fast the last dump went.
another
put proc/self/mountinfo '30 22 254:16 / /srv rw - ext4 /dev/vdb rw'
put etc/crashbox.conf 'target disk:LABEL=crash:/crash
deadline 21
stall 10
host web'
reload
# crashes NAME AGO...: of a host, so many seconds ago, with dumps
crashes()
{
	of=$1
	shift
	for ago in "$@"; do
		folder=srv/crash/$of-$(date -u -d "@$(($(date +%s) - ago))" +%Y-%m-%d-%H:%M:%S)
		put "$folder/vmcore" x
		put "$folder/manifest.json" '{ "complete": { "value": true }, "uptime_seconds": 60,
			"bytes": { "dump": 30000000, "dump_holes": 10000000 },
			"seconds": { "copy": 3.5, "sync": 0.250, "verify": 0.25 } }'
	done
}
crashes web 400 200
crashes other 10 20 30
put proc/uptime '100.00 10.0'
status 1
row ok 'target 1' 'mounted at /srv'
row warn deadline '21 s, and a dump of 102.4 MiB may take 41 s, at 4.8 MiB/s, as the last dump: what'
crashes web 100
status 2
row fail 'target 1' 'disk:LABEL=crash:/crash: a crash now would leave its log and no dump there, crash loop: 3 crashes within 15m'
put proc/uptime '850.00 10.0'
status 1
put proc/uptime '100.00 10.0'
put etc/crashbox.conf 'target disk:LABEL=crash:/crash
deadline 41
crash_loop off
host web'
reload
status 0
row ok deadline 'may take 41 s, at 4.8 MiB/s, as the last dump$'

# What the superblock asks for, and firmware that the image lacks and this machine has.
another
mkfs.ext4 -q -F -L crash -O quota,casefold "$at/dev/vdb"
status 1
row warn drivers 'whether quota of ext4 (CONFIG_QFMT_V2) casefold of ext4 (CONFIG_UNICODE)'
a_kernel boot/vmlinuz-$release config=$base'/CONFIG_QFMT_V2=m/CONFIG_UNICODE=y'
record
status 2
row fail drivers 'the targets need quota of ext4 (CONFIG_QFMT_V2), which is neither'
an_image virtio_pci virtio-blk ext4 quota_v2
record
status 0
put lib/modules/6.1.0-56-cloud-a/modules.builtin 'kernel/none.ko'
printf 'virtio_blk.firmware=vb/1.fw\0virtio_blk.firmware=vb/2.fw\0x.firmware=vb/3.fw\0' \
	>"$at/lib/modules/6.1.0-56-cloud-a/modules.builtin.modinfo"
status 0
put lib/firmware/vb/2.fw.xz 'packed'
put lib/firmware/vb/3.fw 'of no target'
status 2
row fail firmware 'may ask for vb/2.fw, which this machine has, and .*crashbox.img has not'

# Nobody listens on port 1; whoever answers there is taken for a server.
another
put etc/crashbox.conf 'target nfs:127.0.0.1:1:/x
insecure yes'
reload
status 2
row fail 'target 1' '127.0.0.1.*refused'
row fail network 'nothing in .*crashbox.img sets up a network, and a target is a server'

# As JSON, with the same exit status.
another
put etc/crashbox.conf 'target nfs:127.0.0.1:1:/x
insecure yes'
reload
status 2 --json
/usr/bin/python3 - "$work/got" <<'PYTHON' || fail "$(cat "$work/got")"
import json, sys
report = json.load(open(sys.argv[1]))
assert report["schema"] == 1 and report["status"] == "fail"
rows = {row["check"]: row for row in report["checks"]}
assert rows["target 1"]["status"] == "fail" and "refused" in rows["target 1"]["text"]
assert rows["reserved"]["status"] == "ok"
PYTHON

# Wrong words are none of the three.
status 3 --jsno
status 3 now
rm -rf "$work/machine" "$good"
