# SPDX-License-Identifier: GPL-2.0-or-later
"""Two cables in an active-backup bond; the active one is pulled out in the middle of the
dump."""
from harness.case import SMALL, Case
from harness.guest import Guest
from harness.net import MAC, MAC2, Net
from harness.servers import Server
from harness.verdict import Failed


def check(guest: Guest) -> None:
	if not guest.net().died():
		raise Failed("the dump was through before the cable was pulled")


CASE = Case(
	rare=True, variants="nfs4 sftp nfs3",
	network=True, server=Server(), throttle="20mbit", middle=Net.carrier_off,
	config=f"net bond0 bond={MAC},{MAC2} address=10.0.2.15/24\n"
	       "target {target}\n{login}stall 20\ndeadline 90",
	words=SMALL, back=70,
	prepare=lambda guest: guest.net().second_leg(),
	check=check)
