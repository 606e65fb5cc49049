# SPDX-License-Identifier: GPL-2.0-or-later
"""No target is there: the end of the log goes into variables of the firmware (OVMF), and the
next boot makes a crash of them, once. The capture kernel is the stock one, or ours."""
import shutil

from harness.case import Case
from harness.firmware import OVMF
from harness.guest import Guest
from harness.machine import Disk, Machine
from harness.verdict import Skipped

AFTER = ["0 pstore /tmp", "0 list /tmp", "0 pstore /tmp"]


def prepare(guest: Guest) -> None:
	if not (OVMF / "OVMF_CODE_4M.fd").is_file():
		raise Skipped("no ovmf (tests/setup)")
	if guest.variant == "own":
		guest.need_kernel("virt-x86_64")
		guest.machine.reserve = "32M"
	shutil.copy(OVMF / "OVMF_VARS_4M.fd", guest.path("variables"))
	guest.machine.devices += [
		f"-drive if=pflash,format=raw,readonly=on,file={OVMF}/OVMF_CODE_4M.fd",
		f"-drive if=pflash,format=raw,file={guest.folder}/variables"]
	# Of the kernel that crashes, and of the one that captures.
	guest.images.host_modules.append("efivarfs")
	guest.images.modules.append("efivarfs")
	guest.write("verbs-after", "".join(line[2:] + "\n" for line in AFTER))


CASE = Case(
	variants="stock | own", seconds=150, amd64_only="its firmware is OVMF of a PC",
	machine=Machine(arm_seconds=240, capture_seconds=240),
	target=Disk(size="16M"),
	config="target disk:LABEL=nowhere:/crash\ndeadline 12\nstall 5\nwait 1",
	back=0, leaves="",
	console=(
		r"last words: [0-9]{4,5} bytes of the log in [0-9]+ EFI variables, for the next boot",
		"crashbox: rebooting,",
		r"records?: saved as /tmp/testhost-",
		r"^testhost-[-0-9:]* *log only .*Kernel panic - not syncing: sysrq triggered crash",
		"^no crash is in pstore"),
	prepare=prepare, tidy=lambda guest: guest.verbs_ended(AFTER))
