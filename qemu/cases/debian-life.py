# SPDX-License-Identifier: GPL-2.0-or-later
"""The package in a real Debian with systemd, from installation to purge: it arms the
machine at once and at boot, for its own root disk; a crash is captured there, the next
boot arms again and lists the dump, and purging leaves that dump and nothing else."""
from harness import questions
from harness.case import Case
from harness.debian import Debian
from harness.guest import Guest

INSTALL = """
sh files >/var/tmp/before
dpkg -i crashbox_*.deb
equals enabled enabled "$(systemctl is-enabled crashbox)"
equals "armed by the installation" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
crashbox config /etc/crashbox.conf
grep -qx "target disk:UUID=$(findmnt -no UUID /):/var/crash" /etc/crashbox.conf ||
	failed "the target is not the root disk"
# What is configured by hand stays, and goes into the image that the service renews.
echo host debian >>/etc/crashbox.conf
systemctl reload crashbox
crashbox status || [ $? = 1 ]
reboot
"""
CRASH = """
systemctl -l status crashbox
equals "what failed" "" "$(systemctl --failed --no-legend)"
equals "armed at boot" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
crashbox status || [ $? = 1 ]
crash
"""
PURGE = """
equals "armed after the crash" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
crashbox list
crashbox list | grep -q "debian-.*$(uname -r)" || failed "the dump is not in the list"
set -- /var/crash/debian-*
equals "dumps" 1 $#
crashbox check "$1/vmcore"
grep -q 'sysrq: Trigger a crash' "$1/vmcore-dmesg.txt"
grep -q 'case.target' "$1/vmcore-dmesg.txt"

# An upgrade loads anew and leaves the configuration alone.
dpkg -i crashbox_*.deb
equals "armed after an upgrade" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
grep -qx 'host debian' /etc/crashbox.conf || failed "an upgrade changed the configuration"

dpkg --purge crashbox
equals "armed without crashbox" 0 "$(cat /sys/kernel/kexec_crash_loaded)"
[ -s "$1/vmcore" ] || failed "the dump is gone"
sh files | grep -v "^/var/crash" >/var/tmp/after
diff /var/tmp/before /var/tmp/after || failed "purging left files"
"""
# Files that an installed package may not leave behind.
FILES = r"""
find / -xdev \( -path /case -o -path /tmp -o -path /var/log -o -path /var/cache \
	-o -path /var/lib/dpkg -o -path /var/lib/systemd/random-seed -o -path /var/tmp \) -prune \
	-o -print | LC_ALL=C sort
"""

def story(guest: Guest) -> None:
	debian = Debian(guest)
	debian.install_crashbox("KERNEL=")
	guest.write("case/files", FILES)
	debian.stage("install", INSTALL)
	debian.stage("crash", CRASH)
	questions.console(guest, "crashbox: saved ")
	debian.stage("purge", PURGE)


CASE = Case(rare=True, seconds=280, story=story)
