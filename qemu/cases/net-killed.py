# SPDX-License-Identifier: GPL-2.0-or-later
"""The server is killed in the middle of the dump: the next target, a disk, gets all of
it, and had the log before that."""
from harness import questions
from harness.case import DISK, SMALL, Case
from harness.guest import Guest
from harness.machine import Disk, Machine
from harness.net import Net
from harness.servers import Server


def check(guest: Guest) -> None:
	guest.net().nothing_whole()
	questions.logged(guest)


CASE = Case(
	rare=True, variants="nfs4 sftp nfs3", seconds=90,
	network=True, server=Server(), throttle="20mbit", middle=Net.kill_server,
	target=Disk(), machine=Machine(read_here=True),
	config="{net}\ntarget {target}\n" + DISK + "{login}stall 10\ndeadline 90",
	words=SMALL, back=70, out="out-disk",
	console=("target 1 has the dmesg and no dump, .*: {target}",
		 "target 2 has the dmesg and the dump"),
	check=check)
