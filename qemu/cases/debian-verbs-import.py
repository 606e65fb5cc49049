# SPDX-License-Identifier: GPL-2.0-or-later
"""Configurations of other kdump tools are taken over on a Debian with systemd, and are
what is meant there."""
from harness.case import Case
from harness.guest import Guest
from harness.prepared import MACHINE, Resumed

SCRIPT = """
mkdir -p /etc/default
cp /case/kdump-tools /etc/default/kdump-tools
wants 0 import /etc/default/kdump-tools --output /tmp/moved
says 'KDUMP_INITRD'
grep -qx "target disk:UUID=$(findmnt -no UUID /):/var/crash" /tmp/moved ||
	failed "not the root disk: $(cat /tmp/moved)"
wants 0 config /tmp/moved
wants 1 import /etc/default/kdump-tools --output /tmp/moved
wants 0 import /case/redhat-ext4.conf --from redhat
says '^target disk:UUID=03138356-5e61-4ab3-b58e-27507ac41937:/var/crash' '^on_failure halt'
wants 0 import /case/suse --from suse
says '^target nfs:192.0.2.7:/export' '^net kdumpnic dhcp'
"""


def story(guest: Guest) -> None:
	Resumed(guest).resume("import", SCRIPT)


CASE = Case(machine=MACHINE, story=story)
