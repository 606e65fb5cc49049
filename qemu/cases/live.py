# SPDX-License-Identifier: GPL-2.0-or-later
"""A machine that hangs and lives: two kernel threads wait for each other, and `crashbox look
/proc/kcore` names both, their locks and the circle, without any crash; so does the report."""
from typing import List

from harness import questions
from harness.case import Case
from harness.common import build_lab
from harness.guest import Guest
from harness.machine import Machine

# Each with its exit status; what has none is done by the guest's init.
VERBS = """0 look /proc/kcore why
lab mutex
wait 12
0 look /proc/kcore waits
0 report /proc/kcore
0 report --line /proc/kcore
0 look /proc/kcore dev
0 look /proc/kcore -- ps -m
""".splitlines()
SAID = (
	"This machine lives, and nothing that hangs was found",
	"^  waits for  mutex lab_[ab] \\[lab\\], held by lab_[ab]* \\(pid [0-9]*\\)",
	"^  Deadlock: 2 tasks wait for each other, among them lab_[ab]* ",
	"stacks: of tasks that run now: this machine lives",
	"^\\[ 0 00:00:[0-9.]*\\] PID: .* STATE: D  COMMAND: .lab_")


def verbs_of(lines: List[str]) -> List[str]:
	return [line for line in lines if line[0].isdigit()]


def story(guest: Guest) -> None:
	build_lab(guest)
	guest.write("verbs", "".join((line[2:] if line[0].isdigit() else line) + "\n"
				     for line in VERBS))
	guest.operate()
	guest.verbs_ended(verbs_of(VERBS))
	questions.console(guest, *SAID)


CASE = Case(kernels="6.1 6.12 7.2", rare=True, machine=Machine(no_reboot=True), story=story)
