# SPDX-License-Identifier: GPL-2.0-or-later
"""A Debian with systemd is crashed by `crashbox test --crash`. After the reboot, for
which no memory is reserved, the dump is reported, listed, shown, read and pruned."""
import json

from harness import questions
from harness.case import Case
from harness.guest import Guest
from harness.prepared import MACHINE, Resumed
from harness.verdict import Failed

CRASH = r"""
echo "target disk:LABEL=crash:/dumps" >/etc/crashbox.conf
systemctl reload crashbox
wants 0 load --append crashbox.level=27
wants 0 status
wants 1 test --crash
says "that was not 'crash testhost'"
wants 1 test --crash --yes-crash somebody
says 'this machine is called testhost'
wants 1 test --report
says 'there was no crashbox test --crash'
echo "status 0"
echo "crash testhost" | crashbox test --crash >/tmp/said 2>&1
cat /tmp/said
failed "the machine has survived"
"""
AFTER = r"""
equals "what failed" "" "$(systemctl --failed --no-legend)"
equals "the service, without memory" inactive "$(systemctl is-active crashbox || :)"
wants 2 status
says '^fail reserved no memory is reserved: boot with crashkernel=[1-9]' \
	'^fail loaded no capture kernel is loaded' '^ok target 1 '
wants 1 load
says 'no memory is reserved .* boot with crashkernel=SIZE'
wants 1 test --crash --yes-crash testhost
says 'nothing is crashed: a dump would not arrive'
wants 0 test --report
says '^ok target 1 disk:LABEL=crash:/dumps: testhost-.*, complete, ' \
	'^ok: the dump of the test crash has arrived and is whole'

wants 0 list
says "^testhost-.* complete .* $(uname -r) .*sysrq triggered crash"
echo "json list"
crashbox list --json
echo "json end"
name=$(sed -n 's/^\(testhost-[^ ]*\) .*/\1/p' /tmp/said)
wants 0 show-dump "$name"
says "$(uname -r)" 'sysrq triggered crash'
disk=$(blkid -L crash)
mount "$disk" /srv
wants 0 show-dump "/srv/dumps/$name/"
says "$(uname -r)"
grep -q '"level": *{ *"asked": *27' "/srv/dumps/$name/manifest.json" ||
	grep -A 2 '"level"' "/srv/dumps/$name/manifest.json" | grep -q 27 ||
	failed "not the level that load was told"
wants 0 check "/srv/dumps/$name/vmcore"
wants 0 info "/srv/dumps/$name/vmcore"
says "$(uname -r)"
wants 0 dmesg "/srv/dumps/$name/vmcore"
says 'sysrq: Trigger a crash'
umount /srv

wants 0 prune --keep 0 --dry-run
says "$name"
wants 0 list
says "^$name "
wants 0 prune --older-than 1d
wants 0 list
says "^$name "
wants 0 prune --keep 0
says "$name"
wants 0 list
says 'no dumps'
wants 1 test --report
says '^fail target 1 .*: no dump of that crash'
"""


def listed(text: str) -> None:
	(target,) = json.loads(text)["targets"]
	(dump,) = target["dumps"]
	if not (target["target"] == "disk:LABEL=crash:/dumps" and dump["complete"] and
		dump["valid"] and dump["host"] == "testhost"):
		raise Failed(f"list --json: {text}")


def story(guest: Guest) -> None:
	debian = Resumed(guest)
	debian.resume("crash", CRASH, keep_disks=True)
	questions.console(guest, "crashbox: saved ")
	guest.machine.reserve = ""
	debian.stage("after", AFTER)
	listed(debian.json("after", "list"))


CASE = Case(seconds=100, machine=MACHINE, story=story)
