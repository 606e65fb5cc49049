# SPDX-License-Identifier: GPL-2.0-or-later
"""The verbs that only look, on a Debian with systemd that is armed: a configuration is
judged, and what an image and a load would be is shown, which changes nothing."""
from harness.case import Case
from harness.guest import Guest
from harness.prepared import MACHINE, Resumed

SCRIPT = r"""
wants 0 config /etc/crashbox.conf
printf 'level 31\ntarket disk:LABEL=crash:/\n' >/tmp/bad
wants 1 config /tmp/bad
says '/tmp/bad.*line 2.*tarket'
before=$(sha256sum /var/lib/crashbox/crashbox.img)
wants 0 image --list
says ' init /proc/self/exe' ' modules/virtio_pci.ko ' ' modules/virtio_blk.ko ' \
	' etc/crashbox.conf$'
wants 0 image --print-config
says "^target disk:UUID=.*:/dumps\$"
equals "the image, after it was only shown" "$before" \
	"$(sha256sum /var/lib/crashbox/crashbox.img)"
wants 0 show
says "^kernel /boot/vmlinuz-$(uname -r)\$" '^image /var/lib/crashbox/crashbox.img$' \
	'^command .*irqpoll nr_cpus=1 ' '^left out crashkernel=128M: ' '^target 1 disk:UUID='
"""


def story(guest: Guest) -> None:
	Resumed(guest).resume("config", SCRIPT)


CASE = Case(machine=MACHINE, story=story)
