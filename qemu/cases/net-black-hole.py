# SPDX-License-Identifier: GPL-2.0-or-later
"""The target's address swallows everything: each probe ends after its five seconds, and
the machine is back by its deadline."""
from harness.case import SMALL, Case
from harness.machine import Images
from harness.net import NFS_MODULES

CASE = Case(
	rare=True,	# tests/faults/cases has it without a VM
	seconds=90, network=True, images=Images(modules=NFS_MODULES),
	config="{net}\ntarget nfs:{black_hole}:/crash\ninsecure yes\ndeadline 60",
	words=SMALL, back=80, leaves="",
	console=("target 1 has no dump, NFS server: 10.0.2.66 port 2049: no answer in 5 s",
		 "the crash is NOT saved"))
