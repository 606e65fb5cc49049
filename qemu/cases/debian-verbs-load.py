# SPDX-License-Identifier: GPL-2.0-or-later
"""A Debian with systemd is disarmed and armed again by hand; what cannot be loaded is
refused, and what was loaded stays or is loaded again. status has a row for each, in JSON,
too."""
import json

from harness.case import Case
from harness.guest import Guest
from harness.prepared import MACHINE, Resumed
from harness.verdict import Failed

SCRIPT = r"""
wants 0 status
says '^ok reserved 128 MiB' '^ok lockdown any kernel' '^ok loaded by syscall at ' \
	"^ok kernel /boot/vmlinuz-$(uname -r)," '^ok image /var/lib/crashbox/crashbox.img,' \
	'^ok drivers the capture kernel has the 3 ' '^ok boot the service crashbox loads' \
	'^ok update the newest kernel is the running one' '^ok target 1 .* not mounted: '
echo "json status"
crashbox status --json
echo "json end"
wants 0 unload
equals "loaded after unload" 0 "$(cat /sys/kernel/kexec_crash_loaded)"
wants 2 status
says '^fail loaded no capture kernel is loaded: crashbox load'
wants 1 load --initrd /nowhere
says 'nothing new is loaded: image: /nowhere: No such file'
equals "loaded by a load that failed" 0 "$(cat /sys/kernel/kexec_crash_loaded)"
wants 0 load --append crashbox.level=27
equals "loaded after load" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
# One that is no kernel for this call, though its header is that of one (XLF_KERNEL_64 only):
# the kernel lets go of what was loaded before it sees that.
cp "/boot/vmlinuz-$(uname -r)" /tmp/odd
printf '\001' | dd of=/tmp/odd bs=1 seek=566 conv=notrunc status=none
wants 1 load --kernel /tmp/odd
says 'nothing new is loaded: /tmp/odd: not a kernel that this one can start' \
	'taken out what was loaded before' 'vmlinuz-.* are loaded, the next panic goes there'
equals "loaded after a load that was refused" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
wants 0 estimate
says '^drivers .* virtio_blk' '^reserved 128.0 MiB now' '^crashkernel=[1-9][0-9]*M$'
"""
ROWS = ("config", "reserved", "loaded", "kernel", "image", "drivers", "boot", "target 1")


def story(guest: Guest) -> None:
	debian = Resumed(guest)
	debian.resume("load", SCRIPT)
	report = json.loads(debian.json("load", "status"))
	rows = {row["check"]: row["status"] for row in report["checks"]}
	if report["schema"] != 1 or report["status"] != "ok" or any(
			rows.get(row) != "ok" for row in ROWS):
		raise Failed(f"status --json: {report}")


CASE = Case(machine=MACHINE, story=story)
