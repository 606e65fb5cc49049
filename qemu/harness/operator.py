# SPDX-License-Identifier: GPL-2.0-or-later
"""What an operator's machine has beside the agent: a network, an SSH client, its key."""
from harness import host
from harness.guest import Guest
from harness.net import NFS_MODULES

# An emulated machine takes some seconds to log in.
STALL_SECONDS = {"sftp": 20}


def files(guest: Guest) -> int:
	"""operator.conf, and what it names, in the first kernel; returns its stall."""
	stall = STALL_SECONDS.get(guest.net().kind, 5) * guest.scale
	key = guest.path("ssh/id")
	guest.images.host_modules += ["virtio_net", *NFS_MODULES]
	# The client brings a user of its own.
	guest.write("passwd", "root:x:0:0::/:/\n")
	login = guest.words["login"].replace(str(key), "/etc/id")
	guest.write("operator.conf", f"target {guest.words['target']}\n{login}stall {stall}\n")
	guest.images.files += ["dir bin 755", f"file bin/ssh 711 {host.TOP}/build/ssh",
			       f"file etc/passwd 644 {guest.path('passwd')}"]
	if key.is_file():
		guest.images.files.append(f"file etc/id 600 {key}")
	return stall
