# SPDX-License-Identifier: GPL-2.0-or-later
"""Volumes of all kinds, made by Debian's own tools, as targets of one crash: each gets the
log, and the variant's the dump as well. Afterwards LVM, mdadm and cryptsetup take them up
again as they left them, and no mirror has legs that differ. With faults: volumes that have
changed since they were loaded are not touched, and mirrors do without a leg."""
import re

from harness import host, questions
from harness.case import Case
from harness.debian import PACKAGES, Debian, own_kernel
from harness.guest import Guest

# Each of the two disks; what is made of their partitions is in MAKE.
PARTITIONS = "label: gpt\n" + "size=260M\n" + "size=110M\n" * 5
MAKE = r"""
fs() { mkfs.ext4 -q -L "$1" "$2"; echo "target disk:LABEL=$1:/crash" >>/tmp/targets; }
array() { mdadm --quiet --create "/dev/md$1" --run --metadata "$3" --raid-devices 2 --level $2 \
	--assume-clean "/dev/vdc$4" "/dev/vdd$4" || mdadm --quiet --create "/dev/md$1" --run \
	--metadata "$3" --raid-devices 2 --level $2 "/dev/vdc$4" "/dev/vdd$4"; }
luks()
{
	printf secret | cryptsetup -q luksFormat --type luks2 --luks2-metadata-size 16k \
		--luks2-keyslots-size 256k --pbkdf pbkdf2 --pbkdf-force-iterations 1000 $3 "$1" -
	# As it is opened by default: the key is where nobody can read it.
	printf secret | cryptsetup open --key-file - "$1" "$2"
}
vgcreate -q box /dev/vdc1 /dev/vdd1
lvcreate -q -n linear -L 80M box /dev/vdc1
lvextend -q -L +40M box/linear /dev/vdd1
fs linear /dev/box/linear
lvcreate -q -i 2 -n striped -L 80M box
fs striped /dev/box/striped
lvcreate -q --type raid1 -m 1 --nosync -n raid1 -L 80M box
fs raid1 /dev/box/raid1
array 1 1 1.2 2
fs md1 /dev/md1
array 2 0 1.2 3
fs md0 /dev/md2
array 3 10 1.1 4
fs md10 /dev/md3
luks /dev/vdc5 plain ""
fs luks /dev/mapper/plain
array 4 1 1.0 6
vgcreate -q tower /dev/md4
lvcreate -q -n top -L 90M tower
luks /dev/tower/top stacked ""
fs stack /dev/mapper/stacked
lsblk -o NAME,TYPE,SIZE,FSTYPE,LABEL
"""
CRASH = r"""
grep 'LABEL=VARIANT:' /tmp/targets >/etc/crashbox.conf
grep -v 'LABEL=VARIANT:' /tmp/targets >>/etc/crashbox.conf
dpkg -i crashbox_*.deb
wants 1 image
says 'cryptsetup refresh --disable-keyring'
equals "armed without a key" 0 "$(cat /sys/kernel/kexec_crash_loaded)"
for name in plain stacked; do
	printf secret | cryptsetup refresh --disable-keyring --key-file - $name
done
wants 0 image
if zstdcat /var/lib/crashbox/crashbox.img | grep -a -q "$(dmsetup table --showkeys plain |
		cut -d ' ' -f 5)"; then
	failed "the key is in the image"
fi
wants 0 load
says 'with the keys of encrypted volumes'
wants 1 status
says "^ok volumes " "^ok keys " "^ok drivers "
if grep "^fail" /tmp/said; then failed "status fails"; fi
"""
# What befalls them after that: a volume that grows, another key, a member that fails, one
# that is written to as the machine dies, and an LVM disk that is no longer known.
FAULTS = r"""
lvextend -q -L +8M tower/top
wants 2 status
says '^fail volumes a volume of the targets has changed since .*crashbox image'
uuid=$(blkid -o value -s UUID /dev/vdc5)
cryptsetup close plain
luks /dev/vdc5 plain "--uuid $uuid"
mkfs.ext4 -q -L luks /dev/mapper/plain
mdadm --quiet /dev/md1 --fail /dev/vdd2
mkdir /mnt/md10
mount /dev/md3 /mnt/md10
(while :; do dd if=/dev/zero of=/mnt/md10/busy bs=64k count=64 conv=fsync; done 2>/dev/null) &
sleep 2
dd if=/dev/zero of=/dev/vdd1 bs=4k count=1 conv=fsync
"""
SAID = (
	# Whatever is not where it was is not touched, nor what has lost a part it needs.
	"tower-top: the volume has changed since it was loaded",
	"target [0-9]: .*none of ext4, xfs, btrfs is on it .was its key changed",
	"box-linear: d[0-9]+ is not here", "box-striped: d[0-9]+ is not here",
	# Mirrors come up without what they lack.
	"a leg of a mirror is not here",
	*(f"target [0-9] has the dmesg and .*dump: disk:LABEL={name}:"
	  for name in ("md0", "md1", "md10", "raid1")),
	*(f"target [0-9] has no dump, .*: disk:LABEL={name}:"
	  for name in ("stack", "luks", "linear", "striped")),
	"crashbox: saved .* in disk:LABEL=md1:")
AFTER_FAULTS = r"""
mdadm --assemble --scan || :
vgchange -q -ay || :
cat /proc/mdstat
lvs -a -o name,attr,health_status,devices box || :
n=0
for device in /dev/md1 /dev/md2 /dev/md3 /dev/md12? /dev/box/raid1; do
	[ -b "$device" ] && [ "$(blkid -o value -s TYPE "$device")" = ext4 ] || continue
	label=$(blkid -o value -s LABEL "$device")
	e2fsck -fp "$device" || [ $? = 1 ]
	mkdir -p "/mnt/$label"
	mount -r "$device" "/mnt/$label"
	set -- "/mnt/$label/crash/"*
	equals "crashes on $label" 1 $#
	grep 'sysrq: Trigger a crash' "$1/vmcore-dmesg.txt"
	[ "$label" != md1 ] || wants 0 check "$1/vmcore"
	umount "/mnt/$label"
	n=$((n + 1))
done
equals "targets" 4 $n
"""
AFTER = r"""
mdadm --assemble --scan || :
vgchange -q -ay || :
printf secret | cryptsetup open --key-file - /dev/vdc5 plain
printf secret | cryptsetup open --key-file - /dev/tower/top stacked
udevadm settle
lsblk -o NAME,TYPE,SIZE,FSTYPE,LABEL
cat /proc/mdstat
n=0
for device in /dev/box/* /dev/md1 /dev/md2 /dev/md3 /dev/md12? /dev/mapper/plain \
	/dev/mapper/stacked; do
	[ -b "$device" ] && [ "$(blkid -o value -s TYPE "$device")" = ext4 ] || continue
	label=$(blkid -o value -s LABEL "$device")
	grep -q "LABEL=$label:" /etc/crashbox.conf || continue
	e2fsck -fp "$device" || [ $? = 1 ]
	mkdir -p "/mnt/$label"
	mount -r "$device" "/mnt/$label"
	set -- "/mnt/$label/crash/"*
	equals "crashes on $label" 1 $#
	grep 'sysrq: Trigger a crash' "$1/vmcore-dmesg.txt"
	[ "$label" != VARIANT ] || wants 0 check "$1/vmcore"
	umount "/mnt/$label"
	n=$((n + 1))
done
equals "targets" "$(grep -c ^target /etc/crashbox.conf)" $n
# What was written went to both legs of a mirror.
for action in /sys/block/md*/md/sync_action; do
	[ -e "$action" ] && grep -q raid1 "${action%/*}/level" || continue
	echo check >"$action"
	while [ "$(cat "$action")" != idle ]; do sleep 1; done
	equals "blocks that differ" 0 "$(cat "${action%/*}/mismatch_cnt")"
	equals "legs that lack" 0 "$(cat "${action%/*}/degraded")"
done
lvs -a -o name,attr,health_status,sync_percent,devices box
lvchange --syncaction check box/raid1
while [ "$(lvs --noheadings -o raid_sync_action box/raid1 | tr -d ' ')" != idle ]; do
	sleep 1
done
equals "blocks that differ" 0 \
	"$(lvs --noheadings -o raid_mismatch_count box/raid1 | tr -d ' ')"
"""


def story(guest: Guest) -> None:
	debian = Debian(guest, [*PACKAGES, "lvm2", "mdadm", "cryptsetup-bin"])
	guest.write("partitions", PARTITIONS)
	for leg in ("leg1.disk", "leg2.disk"):
		host.blank(guest.path(leg), "820M")
		with open(guest.path("partitions"), "rb") as layout:
			host.do("sfdisk", ["sfdisk", "-q", guest.path(leg)],
				guest.path("sfdisk.log"), layout)
	# Our own kernel, in little memory, with the tallest stack as the one target.
	script, variant, kernel = CRASH, guest.variant, ""
	if variant == "own":
		guest.machine.reserve, kernel, variant = "24M", str(own_kernel()), "stack"
		script = re.sub("^grep -v .*\n", "", CRASH, flags=re.M)
	debian.install_crashbox(f"KERNEL={kernel}")
	if guest.variant == "faults":
		debian.stage("crash", MAKE + "echo wait 5 >>/tmp/targets\n" +
			     CRASH.replace("VARIANT", "md1") + FAULTS + "crash\n")
		questions.console(guest, *SAID)
		debian.stage("after", AFTER_FAULTS)
		return
	debian.stage("crash", MAKE + script.replace("VARIANT", variant) + "crash\n")
	questions.console(guest, "crashbox: putting its volume together",
			  f"crashbox: saved .* in disk:LABEL={variant}:")
	debian.stage("after", AFTER.replace("VARIANT", variant))


CASE = Case(rare=True, variants="stack | faults own linear striped raid1 md0 md1 md10 luks",
	    seconds=400, story=story)
