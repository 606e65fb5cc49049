# SPDX-License-Identifier: GPL-2.0-or-later
"""No target is there: the end of the log goes into variables of the firmware (OVMF), or on a
machine that has none into records of ramoops, and the next boot makes a crash of them, once.
The capture kernel is the stock one, or ours."""
import shutil

from harness import questions
from harness.case import Case
from harness.firmware import OVMF
from harness.guest import Guest
from harness.machine import Disk, Machine
from harness.verdict import Skipped

AFTER = ["0 pstore /tmp", "0 list /tmp", "0 pstore /tmp"]
RAMOOPS = ["memmap=256K$0xf000000", "ramoops.mem_address=0xf000000", "ramoops.mem_size=0x40000",
	   "ramoops.record_size=0x1000"]


def memory(guest: Guest) -> str:
	"""What outlives its reboot."""
	return guest.variant.split("-")[1]


def has_ramoops(guest: Guest) -> None:
	guest.machine.first_args += RAMOOPS
	guest.images.host_modules.append("ramoops")


def has_variables(guest: Guest) -> None:
	if not (OVMF / "OVMF_CODE_4M.fd").is_file():
		raise Skipped("no ovmf (tests/setup)")
	shutil.copy(OVMF / "OVMF_VARS_4M.fd", guest.path("variables"))
	guest.machine.devices += [
		f"-drive if=pflash,format=raw,readonly=on,file={OVMF}/OVMF_CODE_4M.fd",
		f"-drive if=pflash,format=raw,file={guest.folder}/variables"]
	# Of the kernel that crashes, and of the one that captures.
	guest.images.host_modules.append("efivarfs")
	guest.images.modules.append("efivarfs")


def prepare(guest: Guest) -> None:
	if guest.variant.startswith("own"):
		guest.need_kernel("virt-x86_64")
		guest.machine.reserve = "32M"
	(has_ramoops if memory(guest) == "ramoops" else has_variables)(guest)
	guest.write("verbs-after", "".join(line[2:] + "\n" for line in AFTER))


def check(guest: Guest) -> None:
	pieces = "[45] records of ramoops" if memory(guest) == "ramoops" else "[0-9]+ EFI variables"
	questions.console(guest, rf"last words: [0-9]{{4,5}} bytes of the log in {pieces}, for the")


CASE = Case(
	variants="stock-efi stock-ramoops | own-efi own-ramoops", seconds=150,
	amd64_only="its firmware is OVMF of a PC, its memory lies where a PC has some",
	machine=Machine(arm_seconds=240, capture_seconds=240),
	target=Disk(size="16M"),
	config="target disk:LABEL=nowhere:/crash\ndeadline 12\nstall 5\nwait 1",
	back=0, leaves="",
	console=(
		"crashbox: rebooting,",
		r"records?: saved as /tmp/testhost-",
		r"^testhost-[-0-9:]* *log only .*Kernel panic - not syncing: sysrq triggered crash",
		"^no crash is in pstore"),
	prepare=prepare, check=check, tidy=lambda guest: guest.verbs_ended(AFTER))
