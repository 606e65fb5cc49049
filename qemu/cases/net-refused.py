# SPDX-License-Identifier: GPL-2.0-or-later
"""Nobody listens at the target's port: it is asked again and again, and the machine is
back by its deadline."""
from harness.case import SMALL, Case
from harness.machine import Images
from harness.net import NFS_MODULES

CASE = Case(
	rare=True,
	seconds=110, network=True, images=Images(modules=NFS_MODULES),
	config="{net}\ntarget nfs:{server}:/crash\ninsecure yes\ndeadline 60",
	words=SMALL, back=80, leaves="",
	console=("nothing is saved yet: all is tried again in 2 s",
		 "target 1: NFS server: 10.0.2.2 port 2049: Connection refused",
		 "target 1 has no dump, NFS server: .*refused: nfs:10.0.2.2:/crash",
		 "the crash is NOT saved"))
