# SPDX-License-Identifier: GPL-2.0-or-later
"""Somebody else answers at the server's address: his key is not the pinned one, and not
one byte of ours reaches him, not even our name."""
import re

from harness.case import NETWORK, SMALL, Case
from harness.guest import Guest
from harness.servers import Server
from harness.verdict import Failed, Lost


def check(guest: Guest) -> None:
	log = guest.read("ssh/log")
	if "Connection from" not in log:
		raise Lost("nobody came to the server")
	if re.search("userauth-request|Accepted|session opened|subsystem", log, re.I):
		raise Failed("the impostor was told more than that we are there, see ssh/log")
	guest.net().nothing_there("the impostor has something of ours")


CASE = Case(
	rare=True,	# tests/faults/cases has it without a VM
	network=True, server=Server("sftp", host_key="other-host"),
	config=NETWORK + "deadline 60",
	words=SMALL, back=45, leaves="",
	console=("target 1 has no dump, .*[Hh]ost key", "the crash is NOT saved"),
	check=check)
