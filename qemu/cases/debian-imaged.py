# SPDX-License-Identifier: GPL-2.0-or-later
"""The package baked into the disk of a machine that does not run yet, with what a fleet configures:
nothing of the maker's machine goes in; the first boot finds its disk and arms, a crash is captured
there under the machine's own id, and the next boot arms again."""
import base64

from harness import host, questions
from harness.case import Case
from harness.debian import SYSTEMD_HOOK, Debian
from harness.guest import Guest
from harness.verdict import Failed

# Runs where the disk is made, with no service manager.
BAKE = r"""
mkdir -p /etc/crashbox.conf.d
echo 'host %H-%m' >/etc/crashbox.conf.d/10-fleet.conf
base64 -d >/var/tmp/crashbox.deb <<'DEB'
PACKAGE
DEB
dpkg -i /var/tmp/crashbox.deb
[ ! -e /etc/crashbox.conf ] || { echo "a configuration of the maker's machine" >&2; exit 1; }
[ "$(systemctl is-enabled crashbox)" = enabled ]
"""
FIRST = r"""
systemctl -l status crashbox
equals "what failed" "" "$(systemctl --failed --no-legend)"
equals "armed by the first boot" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
grep -qx "target disk:UUID=$(findmnt -no UUID /):/var/crash" /etc/crashbox.conf ||
	failed "the target is not the root disk"
crashbox status || [ $? = 1 ]
crash
"""
AGAIN = r"""
equals "armed after the crash" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
set -- /var/crash/*-"$(cut -c -12 /etc/machine-id)"-*
crashbox check "$1/vmcore"
equals "dumps" 1 "$#"
"""


def story(guest: Guest) -> None:
	package = Debian(guest, make=False).package("KERNEL=")
	packed = base64.encodebytes(package.read_bytes()).decode().strip()
	debian = Debian(guest, hook=SYSTEMD_HOOK + BAKE.replace("PACKAGE", packed))
	if "the first boot looks for a target" not in host.read(guest.path("debian-root.log")):
		raise Failed("the installation does not say that the first boot looks for a target")
	debian.stage("first", FIRST)
	questions.console(guest, "crashbox: saved ")
	debian.stage("again", AGAIN)


CASE = Case(rare=True, seconds=280, story=story)
