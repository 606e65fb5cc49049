# SPDX-License-Identifier: GPL-2.0-or-later
"""The target is a disk of a server over NVMe/TCP: another machine with the kernel's own target,
which lets nobody in but the host by whose name the image was made. Variant: the capture kernel is
the stock one, or ours of profile cloud."""
from harness import nvme
from harness.case import NETWORK, SMALL, Case
from harness.guest import Guest


def prepare(guest: Guest) -> None:
	"""The machine that will crash looks at it before: it connects, and hangs up again."""
	if guest.variant == "cloud":
		guest.need_kernel("cloud-x86_64")
		guest.machine.reserve = "40M"
	nvme.serve(guest, nvme.NvmeServer())
	guest.write("hostnqn", nvme.US + "\n")
	guest.images.host_modules = ["virtio_net", "nvme_tcp"]
	guest.images.files += ["dir etc/nvme 755",
			       f"file etc/nvme/hostnqn 600 {guest.path('hostnqn')}"]
	guest.write("verbs", "status\n")


CASE = Case(
	variants="stock | cloud", rare=True, seconds=180, network=True,
	amd64_only="the server's machine is a PC",
	config=NETWORK, words=(*SMALL, "fk.net=10.0.2.15"), out=nvme.OUT,
	prepare=prepare,
	tidy=nvme.read, facts={"target": "{target}"},
	console=("target 1 .*: ext4 on /dev/nvme0n1, not mounted", "connecting to " + nvme.NQN,
		 "saved .* in {target}/"))
