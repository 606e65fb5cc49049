# SPDX-License-Identifier: GPL-2.0-or-later
"""Things go wrong on a Debian with systemd, one after the other, and status says so: its
configuration, its disk, the modules of its image."""
from harness.case import Case
from harness.guest import Guest
from harness.prepared import MACHINE, Resumed

SCRIPT = r"""
disk=$(blkid -L crash)
# A configuration that is only touched, and one with another text, however old.
touch /etc/crashbox.conf
wants 0 status
echo "level 30" >>/etc/crashbox.conf
touch -d 2020-01-01 /etc/crashbox.conf
wants 1 status
says "^warn inside the image that is loaded has another configuration than /etc/crashbox.conf"
systemctl reload crashbox
wants 0 status
# A disk that was formatted anew has another UUID.
mkfs.ext4 -q -L crash "$disk"
wants 2 status
says '^fail target 1 disk:UUID=.*: no disk UUID='
echo "target disk:LABEL=crash:/dumps" >/etc/crashbox.conf
systemctl reload crashbox
wants 0 status
# Write-protected, and mounted read-only.
blockdev --setro "$disk"
wants 2 status
says '^fail target 1 .*: the disk is write-protected'
wants 1 test
says '^fail target 1 disk:LABEL=crash:/dumps: .*the disk is write-protected'
blockdev --setrw "$disk"
mount -r "$disk" /srv
wants 1 status
says '^warn target 1 .* mounted read-only at /srv'
umount /srv
# Modules of another kernel.
modules=/lib/modules/$(uname -r) other=/tmp/$(uname -r | tr 1 2)
mkdir "$other"
cp "$modules"/modules.* "$other"
(cd "$modules" && cp -t "$other" --parents kernel/drivers/virtio/*.ko kernel/drivers/block/*.ko)
find "$other" -name '*.ko' -exec sed -i "s/vermagic=$(uname -r)/vermagic=${other#/tmp/}/" {} +
wants 0 image --modules "$other" --output /tmp/other.img
wants 0 load --initrd /tmp/other.img
wants 2 status
says "^fail drivers the modules in /tmp/other.img are of Linux ${other#/tmp/}, and"
wants 0 load --append crashbox.level=27
wants 0 status
"""


def story(guest: Guest) -> None:
	Resumed(guest).resume("status", SCRIPT)


CASE = Case(machine=MACHINE, story=story)
