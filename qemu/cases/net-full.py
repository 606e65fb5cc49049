# SPDX-License-Identifier: GPL-2.0-or-later
"""The server's disk is too small for the dump: log and manifest are there, and say so,
and as much of the dump as fits."""
from harness import questions
from harness.case import NETWORK, SMALL, Case
from harness.servers import Server

CASE = Case(
	rare=True, variants="nfs4 sftp nfs3",
	network=True, server=Server(size="24M"),
	config=NETWORK + "level 0\ndeadline 90",
	words=SMALL, leaves="log",
	facts={"valid.value": "false", "complete.value": "false",
	       "complete.reasons": "*the dump needs about*"},
	console=("target 1 has the dmesg and no dump, .*o space.*: {target}",),
	check=lambda guest: questions.incomplete(guest, 1, 2))
