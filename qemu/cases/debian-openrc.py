# SPDX-License-Identifier: GPL-2.0-or-later
"""A Debian that is started by sysvinit and OpenRC instead of systemd, with what
`make install INIT=openrc` installs: the service arms the machine by hand and at boot,
renews the image, disarms; a crash is captured, and the machine is armed after it."""
from harness import host, questions
from harness.case import Case
from harness.debian import Debian
from harness.guest import Guest
from harness.verdict import Failed

PACKAGES = "linux-image-cloud-amd64 initramfs-tools zstd xz-utils openrc sysvinit-core".split()
# In place of the unit: what init starts once the default runlevel is complete.
HOOK = """#!/bin/sh
set -eu
sed -i '/getty/d' /etc/inittab
cat >>/etc/inittab <<'TAB'
cs:2345:once:/bin/sh -c 'mkdir -p /case && mount -r LABEL=case /case && exec sh /case/begin'
TAB
"""
INSTALL = """
[ ! -e /run/systemd/system ] || failed "this is systemd"
tar -C / --keep-directory-symlink -xf tree.tar
echo "target disk:UUID=$(findmnt -no UUID /):/var/crash" >/etc/crashbox.conf
rc-update add crashbox default
rc-service crashbox start
equals "armed by the service" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
wants 0 status
says '^ok boot the service crashbox loads'
before=$(sha256sum /var/lib/crashbox/crashbox.img)
echo host openrc >>/etc/crashbox.conf
wants 1 status
rc-service crashbox reload
wants 0 status
[ "$before" != "$(sha256sum /var/lib/crashbox/crashbox.img)" ] || failed "the image is the old one"
rc-service crashbox stop
equals "loaded after stop" 0 "$(cat /sys/kernel/kexec_crash_loaded)"
reboot
"""
CRASH = """
rc-status default
equals "armed at boot" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
rc-service crashbox status
wants 0 status
crash
"""
AFTER = """
wants 0 list
says "^openrc-.* complete .* $(uname -r) "
set -- /var/crash/openrc-*
equals "dumps" 1 $#
wants 0 check "$1/vmcore"
# Without memory the service says what to do, and does not fail.
rc-service crashbox status
equals "loaded without memory" 0 "$(cat /sys/kernel/kexec_crash_loaded)"
rc-service crashbox restart 2>&1 | tee /tmp/restart
grep 'no memory is reserved' /tmp/restart
wants 2 status
"""

def story(guest: Guest) -> None:
	debian = Debian(guest, PACKAGES, HOOK)
	tree = guest.path("tree")
	host.do("make install", ["make", "-s", "install", f"DESTDIR={tree}", "INIT=openrc",
				 "CLIENT=", "KERNEL="], guest.path("install.log"))
	host.do("tar", ["tar", "-C", tree, "--owner=0", "--group=0", "-cf",
			guest.path("case/tree.tar"), "."], guest.path("install.log"))
	debian.stage("install", INSTALL)
	debian.stage("crash", CRASH)
	questions.console(guest, "crashbox: saved ")
	guest.machine.reserve = ""
	debian.stage("after", AFTER)
	if "no memory is reserved; boot with crashkernel=" not in guest.read("console-after.log"):
		raise Failed("the service does not say that no memory is reserved")


CASE = Case(rare=True, variants="slow", seconds=250, story=story)
