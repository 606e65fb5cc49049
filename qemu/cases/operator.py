# SPDX-License-Identifier: GPL-2.0-or-later
"""The operator's tool on a machine that is up: load, unload, status, show and test, by
the kernel's own call and by kexec-tools, then a crash by `crashbox test --crash`, and
after the reboot `crashbox test --report` and what is on the disk."""
from harness.case import DISK, Case
from harness.guest import Guest
from harness.machine import Disk, Machine

FILES = "--kernel /capture/vmlinuz --initrd /capture/initrd"
# Each with its exit status.
BEFORE = f"""1 status
0 unload
2 status
1 test --crash --yes-crash testhost
0 load {FILES} --kexec-tools
0 unload
0 load {FILES} --append crashbox.level=17
0 show {FILES}
1 test --crash --yes-crash somebody
0 test
1 status --json
""".splitlines()
AFTER = ["0 test --report", "0 list"]


def prepare(guest: Guest) -> None:
	for name, lines in (("verbs", BEFORE), ("verbs-after", AFTER)):
		guest.write(name, "".join(line[2:] + "\n" for line in lines))


CASE = Case(
	# Loading takes kexec-tools a while.
	machine=Machine(arm_seconds=240),
	target=Disk(), second="16M",
	config=DISK,
	words=("fk.crash=test", "fk.lib=yes"), back=90,
	says=("sysrq triggered crash", "Comm: crashbox"),
	# The dump of the crash is the only one left, at the level that load was told.
	facts={"level.used": "17"},
	# What they said. The first kernel loads no service, which is the only warning.
	console=(
		"^ok    loaded    by syscall at ",
		"^ok    drivers   the capture kernel has the 3 drivers",
		"^fail  loaded    no capture kernel is loaded",
		"^warn  boot      nothing loads at the next boot",
		"^ok    target 1  disk:LABEL=crash:/crash: ext4 on /dev/vd., mounted at /busy",
		"nothing is crashed: a dump would not arrive",
		"^kernel    /capture/vmlinuz",
		"^command   console=ttyS0 .*irqpoll nr_cpus=1 ",
		"this machine is called testhost",
		"^ok    target 1  disk:LABEL=crash:/crash: .* read back, removed again",
		"^ok: the dump of the test crash has arrived and is whole; this kernel started",
		"^testhost-[-0-9:]* *complete "),
	prepare=prepare, tidy=lambda guest: guest.verbs_ended(BEFORE + AFTER))
