# SPDX-License-Identifier: GPL-2.0-or-later
"""A server that has three crashes of this machine within the last minutes, and others':
log and manifest of a fourth come to it, and no dump."""
import shutil
import time

from harness import questions
from harness.case import NETWORK, SMALL, Case
from harness.guest import Guest
from harness.servers import Server


def prepare(guest: Guest) -> None:
	for ago in (60, 120, 180):
		when = time.strftime("%Y-%m-%d-%H:%M:%S", time.gmtime(time.time() - ago))
		folder = guest.net().export / f"{guest.host}-{when}"
		folder.mkdir()
		(folder / "vmcore").write_text("dump\n")


def tidy(guest: Guest) -> None:
	for old in guest.net().export.glob(f"{guest.host}-*"):
		if not (old / "manifest.json").exists():
			shutil.rmtree(old)


CASE = Case(
	rare=True, variants="nfs4 sftp",
	network=True, server=Server(),
	config=NETWORK, words=SMALL, leaves="log",
	facts={"complete.value": "false",
	       "complete.reasons": "*crash loop: 3 crashes within 15m; only the log is kept*"},
	console=("target 1: crash loop: 3 crashes within 15m",),
	prepare=prepare, tidy=tidy, check=questions.nothing_begun)
