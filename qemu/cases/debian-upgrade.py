# SPDX-License-Identifier: GPL-2.0-or-later
"""A newer package is installed over an older one that has armed a Debian with systemd.
With a configuration that no image can be made for, and none on the disk, what the older
one has loaded stays loaded, and status says so; once that is mended the newer one's image
is, and a crash is captured by it."""
import re
from pathlib import Path

from harness import host, questions
from harness.case import Case
from harness.debian import Debian
from harness.guest import Guest

UPGRADE = r"""
armed()
{
	equals "armed $1" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
	crashbox status >/tmp/said 2>&1 || :
	cat /tmp/said
}

dpkg -i older.deb
equals "the older one" "crashbox 0.0.9" "$(crashbox --version | head -n 1)"
echo host debian >>/etc/crashbox.conf
systemctl reload crashbox
wants 0 status

echo levle 31 >>/etc/crashbox.conf
rm /var/lib/crashbox/crashbox.img
dpkg -i crashbox_*.deb >/tmp/said 2>&1 || failed "dpkg: $(cat /tmp/said)"
says 'what was loaded before still is'
[ "$(crashbox --version | head -n 1)" != "crashbox 0.0.9" ] || failed "it is still the older one"
armed "by the older one, as the newer one cannot be"
says '^warn init .*0\.0\.9' 'levle'
equals active active "$(systemctl is-active crashbox)"

sed -i '$d' /etc/crashbox.conf
dpkg -i crashbox_*.deb
armed "by the newer one"
wants 0 status
says '^ok init '
grep -qx 'host debian' /etc/crashbox.conf || failed "an upgrade changed the configuration"
crash
"""

def make_older(guest: Guest, package: Path) -> None:
	"""The same package, but for what it says of itself."""
	old = guest.path("older")
	host.output("dpkg-deb", "-R", package, old)
	control = old / "DEBIAN/control"
	control.write_text(re.sub("^Version: .*", "Version: 0.0.9", control.read_text(),
				  flags=re.M))
	for program in (old / "usr/sbin/crashbox", old / "usr/bin/crashbox"):
		if program.is_file():
			program.write_bytes(re.sub(rb"\0crashbox 0\.[0-9.]*\0", b"\0crashbox 0.0.9\0",
						   program.read_bytes()))
	host.do("dpkg-deb", ["dpkg-deb", "--root-owner-group", "-Znone", "-b", old,
			     guest.path("case/older.deb")], guest.path("older.log"))


def story(guest: Guest) -> None:
	guest.host = "debian"
	debian = Debian(guest)
	make_older(guest, debian.install_crashbox("KERNEL="))
	debian.stage("upgrade", UPGRADE)
	debian.root_dump()
	questions.fact(guest, "host", "debian")


CASE = Case(rare=True, variants="slow", seconds=150, story=story)
