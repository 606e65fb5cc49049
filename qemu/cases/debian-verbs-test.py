# SPDX-License-Identifier: GPL-2.0-or-later
"""A whole dump is rehearsed on a Debian with systemd, with a report of the machine as it
lives: what is written is removed again, and a target that has no room, or is not there, is told."""
from harness.case import Case
from harness.guest import Guest
from harness.prepared import MACHINE, Resumed

SCRIPT = r"""
disk=$(blkid -L crash)
echo "target disk:LABEL=crash:/dumps" >/etc/crashbox.conf
systemctl reload crashbox
# The target's folder stays, once it was made.
mount "$disk" /srv
mkdir /srv/dumps
umount /srv
content() { mount -r "$disk" /srv; (cd /srv && find . | sort); umount /srv; }
before=$(content)
wants 0 test
says '^ok target 1 disk:LABEL=crash:/dumps: .* with a report, read back, removed again'
equals "what is left of a test" "$before" "$(content)"
wants 0 estimate --no-earlier
says '^time [0-9hms]* for the [0-9.]* [MG]iB that a dump now has, to disk:LABEL=crash:/dumps, as the last test$'
wants 0 status
says '^ok deadline .*, as the last test$'
mount "$disk" /srv
fallocate -l $(($(stat -f -c '%f * %S' /srv) - 20000000)) /srv/full
umount /srv
wants 2 status
says '^fail target 1 .*: only [0-9.]* MiB are free'
before=$(content)
wants 1 test
says '^fail target 1 disk:LABEL=crash:/dumps: ' '^fail: 0 of 1 targets'
equals "what is left of a test without room" "$before" "$(content)"
mount "$disk" /srv
rm /srv/full
umount /srv
echo 'target disk:LABEL=nobody:/' >/tmp/nobody
wants 1 test --config /tmp/nobody
says '^fail target 1 disk:LABEL=nobody:/: .*LABEL=nobody' '^fail: 0 of 1 targets'
"""


def story(guest: Guest) -> None:
	Resumed(guest).resume("test", SCRIPT)


CASE = Case(machine=MACHINE, story=story)
