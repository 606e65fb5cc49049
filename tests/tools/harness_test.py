#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests of qemu/harness and qemu/run without QEMU, for tests/golden/harness.sh:

	tests/tools/harness_test.py FOLDER
"""
import importlib.machinery
import importlib.util
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(TOP / "qemu"))

from harness import batch, case, questions, workloads		# noqa: E402
from harness.guest import Guest, Plan				# noqa: E402
from harness.machine import Board, Disk, Images, Machine, drive, qemu_options	# noqa: E402
from harness.names import Name, Unknown, longest_first, parse, selected	# noqa: E402
from harness.settings import settings				# noqa: E402
from harness.timeline import END, START, since_panic		# noqa: E402
from harness.verdict import Failed, Lost, word_of		# noqa: E402

WORK = Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build/harness-test").resolve()
PATIENCE = 150.0	# seconds for what ends by itself, on a busy machine
FACTS = {"a": case.Case(), "b": case.Case(variants="x y | z", seconds=200),
	 "c": case.Case(rare=True, variants="slow"),
	 "d": case.Case(kernels="5.10 7.2 | 6.1", seconds=100),
	 "e": case.Case(rare=True)}


def fresh(name: str) -> Path:
	folder = WORK / name
	shutil.rmtree(folder, ignore_errors=True)
	folder.mkdir(parents=True)
	return folder


class Names(unittest.TestCase):
	def chosen(self, *asked: str, env=None, all_of_them=False):
		return [str(name) for name in selected(asked, FACTS, env or {}, all_of_them)]

	def test_a_name_has_three_parts(self):
		self.assertEqual(parse("b.x-y@6.12-arm64"), Name("b", "x-y", "6.12-arm64"))
		for text in ("a", "b.x", "a@6.1", "b.x@7.2-16k-arm64"):
			self.assertEqual(str(parse(text)), text)

	def test_its_kernel_is_what_the_environment_says_else(self):
		cpus = ["x86_64", "arm64"]
		self.assertEqual(parse("a").environment(cpus), {})
		self.assertEqual(parse("a@6.1").environment(cpus), {"SERIES": "6.1"})
		self.assertEqual(parse("a@7.2-16k-arm64").environment(cpus),
				 {"SERIES": "7.2-16k", "ARCH": "arm64"})

	def test_without_names_all_usual_cases_run(self):
		self.assertEqual(self.chosen(), ["a", "b.x", "b.y", "d@5.10", "d@7.2"])

	def test_all_takes_what_is_behind_the_bar(self):
		self.assertEqual(self.chosen(all_of_them=True), ["a", "b.x", "b.y", "b.z",
								 "c.slow", "d@5.10", "d@7.2", "d@6.1", "e"])

	def test_a_variant_by_name_needs_no_all(self):
		self.assertEqual(self.chosen("c.slow", "b.z@6.12"), ["c.slow", "b.z@6.12"])

	def test_a_rare_case_by_name_needs_no_all(self):
		self.assertEqual(self.chosen("c", "e"), ["c.slow", "e"])

	def test_the_users_kernel_takes_the_place_of_the_cases(self):
		for env in ({"SERIES": "6.12"}, {"ARCH": "arm64"}):
			self.assertEqual(self.chosen("d", env=env), ["d"])
		self.assertEqual(self.chosen("d@6.1"), ["d@6.1"])

	def test_no_case_is_called_so(self):
		with self.assertRaises(Unknown):
			self.chosen("a", "nobody@6.1")

	def test_the_longest_begin_first_and_others_stay_in_order(self):
		names = selected((), FACTS, {}, False)
		self.assertEqual([str(name) for name in longest_first(names, FACTS)],
				 ["b.x", "b.y", "d@5.10", "d@7.2", "a"])


class Ends(unittest.TestCase):
	"""Programs in place of cases: what each one's end is called."""
	STORIES = {
		"good": "echo 3 s >note", "bad": "echo wrong >why; exit 1",
		"lost": "echo 'lost: hung' >why; exit 2", "skip": "echo no root >why; exit 77",
		"dies": "kill -SEGV $$", "hangs": "sleep 60", "silent": "exit 1"}

	def command(self, name):
		story = f"mkdir -p {WORK}/ends/{name} && cd {WORK}/ends/{name} && "
		return ["sh", "-c", story + "{ " + self.STORIES[name.case] + "; }"]

	def test_each_end_has_its_word_and_reason(self):
		fresh("ends")
		results = {}
		for name in self.STORIES:
			limit = 1.0 if name == "hangs" else PATIENCE
			results[name] = batch.Batch(self.command, WORK / "ends",
						    limit=limit).one(Name(name))
		self.assertEqual({name: (one.word, one.why) for name, one in results.items()}, {
			"good": ("passed", "3 s"), "bad": ("failed", "wrong"),
			"lost": ("lost", "lost: hung"), "skip": ("skipped", "no root"),
			"dies": ("lost", "see case.log"), "silent": ("failed", "see case.log"),
			"hangs": ("lost", "lost: not over after 1 s")})
		self.assertFalse((WORK / "ends/good").exists(), "its folder is kept")
		self.assertTrue((WORK / "ends/bad/case.log").exists(), "no log of a failed one")

	def test_a_folder_is_kept_if_the_user_says_so(self):
		batch.Batch(self.command, fresh("ends"), keep=True).one(Name("good"))
		self.assertTrue((WORK / "ends/good/case.log").exists())

	def test_a_case_whose_folder_is_gone_is_not_the_end_of_the_others(self):
		self.STORIES = {"robs": f"rm {WORK}/ends/robs.log", "good": "exit 0"}
		results = batch.Batch(self.command, fresh("ends")).run(
			[Name("robs"), Name("good")], 1)
		self.assertEqual([one.word for one in results], ["lost", "passed"])

	def test_a_status_has_one_word(self):
		self.assertEqual([word_of(n) for n in (0, 1, 2, 77, 3, 127, -9)],
				 ["passed", "failed", "lost", "skipped", "failed", "failed", "lost"])


def result(number: int, word: str = "passed", row: str = "") -> batch.Result:
	return batch.Result(f"case{number}", word, number, "", "", row)


class Summary(unittest.TestCase):
	def test_a_line_names_the_folder_of_what_did_not_pass(self):
		line = batch.Result("net-cut.nfs4", "failed", 7, "no dump", "build/e2e/x").line()
		self.assertEqual(line, "failed   net-cut.nfs4           7 s  no dump\n"
				 "         build/e2e/x")
		self.assertEqual(batch.Result("log@6.1", "passed", 128, "", "x").line(),
				 "passed   log@6.1              128 s  ")

	def test_of_more_than_ten_the_ten_slowest_are_told(self):
		self.assertEqual(batch.slowest([result(n) for n in range(10)]), [])
		self.assertEqual(batch.slowest([result(n) for n in range(1, 12)]),
				 ["slowest: " + ", ".join(f"case{n} {n} s" for n in range(11, 1, -1))])

	def test_the_last_line_counts_and_the_status_tells(self):
		for words, line, status in (
				(("passed", "passed"), "2 passed, 0 failed", 0),
				(("passed", "skipped"), "1 passed, 0 failed, 1 skipped", 0),
				(("lost", "failed"), "0 passed, 2 failed", 1),
				(("lost", "passed"), "1 passed, 1 failed", 2), ((), "0 passed, 0 failed", 0)):
			results = [result(n, word) for n, word in enumerate(words)]
			self.assertEqual((batch.summary(results), batch.status(results)), (line, status))

	def test_the_table_of_ways_stands_between_empty_lines(self):
		self.assertEqual(batch.table([result(1)]), [])
		rows = batch.table([result(1, row="b row\n"), result(2), result(3, row="a row\n")])
		self.assertEqual(rows[0] + rows[-1], "")
		self.assertEqual(rows[1:-1], [
			"way to be wrong  crash status what the row says", "a row", "b row"])


CASE_TEXT = """# SPDX-License-Identifier: GPL-2.0-or-later
from harness.case import Case
from harness.verdict import Failed, Lost, Skipped


def story(guest):
	{story}


CASE = Case(seconds={seconds}, story=story)
"""
STORIES = ["pass"] * 8 + ["raise Failed('no dump')", "raise Lost('it hung')",
			  "raise Skipped('no root')", "guest.nobody()", "raise SystemExit(9)"]


class Run(unittest.TestCase):
	"""All of qemu/run, in a tree whose cases do nothing but end."""
	def setUp(self):
		self.tree = fresh("tree")
		shutil.copytree(TOP / "qemu", self.tree / "qemu",
				ignore=shutil.ignore_patterns("cases", "__pycache__"))
		(self.tree / "qemu/cases").mkdir()
		for folder in ("agent", "tests"):
			os.symlink(TOP / folder, self.tree / folder)
		programs = self.tree / "bin"
		programs.mkdir()
		(programs / "qemu-system-x86_64").write_text("#!/bin/sh\necho version 1\n")
		(programs / "qemu-system-x86_64").chmod(0o755)
		self.env = {"PATH": f"{programs}:{os.environ['PATH']}", "VM_TIMEOUT": "1"}

	def case(self, name: str, text: str) -> None:
		(self.tree / "qemu/cases" / f"{name}.py").write_text(text)

	def run_it(self, *words: str) -> "subprocess.CompletedProcess[str]":
		return subprocess.run([sys.executable, "-B", "qemu/run", *words], cwd=self.tree,
				      env=self.env, text=True, check=False, timeout=PATIENCE,
				      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

	def test_a_full_run_to_its_last_line(self):
		for number, story in enumerate(STORIES):
			self.case(f"case{number:02}", CASE_TEXT.format(story=story, seconds=number))
		done = self.run_it("-j", "1")
		lines = done.stdout.splitlines()
		self.assertEqual(lines[0], "version 1", done.stdout)
		self.assertRegex(lines[1], r"^TCG, \d+ CPUs, load [\d.]+ [\d.]+ [\d.]+, Linux  x86_64$")
		ended = [line for line in lines if line[:1] not in (" ", "") and " s  " in line]
		self.assertEqual([line.split()[1] for line in ended],
				 [f"case{n:02}" for n in range(12, -1, -1)], "not the longest first")
		for line in ("failed   case08", "lost     case09", "skipped  case10", "lost     case11",
			     "failed   case12"):
			self.assertIn(line, done.stdout)
		self.assertIn("s  no dump\n         build/e2e/case08\n", done.stdout)
		self.assertIn("s  lost: it hung\n", done.stdout)
		self.assertIn("s  no root\n", done.stdout)
		self.assertIn("s  lost: AttributeError: 'Guest' object has no attribute 'nobody'\n",
			      done.stdout)
		self.assertRegex(lines[-2], r"^slowest: (case\d\d \d+ s(, |$)){10}$")
		self.assertEqual(lines[-1], "8 passed, 4 failed, 1 skipped")
		self.assertEqual(done.returncode, 1)

	def test_what_no_case_is_called(self):
		self.case("one", CASE_TEXT.format(story="pass", seconds=0))
		done = self.run_it("one", "two@6.1")
		self.assertEqual((done.returncode, done.stdout),
				 (2, "qemu/run: no case 'two@6.1' in qemu/cases\n"))

	def test_a_case_that_is_edited_while_it_runs_goes_on_as_it_was(self):
		story = ("path = 'qemu/cases/one.py'\n\topen(path, 'w').write('syntax error(')\n"
			 "\tguest.write('note', 'as it was')")
		self.case("one", CASE_TEXT.format(story=story, seconds=0))
		done = self.run_it("one")
		self.assertIn(" s  as it was\n1 passed, 0 failed", done.stdout)

	def test_each_case_there_is_can_be_loaded(self):
		for path in (TOP / "qemu/cases").glob("*.py"):
			loaded = case.load(path).case
			self.assertTrue(loaded.story or loaded.words, path)
			loaded.config.format(**{word: "" for word in (
				"net", "net6", "target", "target6", "login", "server", "black_hole",
				"uuid", "line", "recipient")})


def all_tests():
	"""tests/all, as a module."""
	loader = importlib.machinery.SourceFileLoader("all_tests", str(TOP / "tests/all"))
	spec = importlib.util.spec_from_loader("all_tests", loader)
	module = importlib.util.module_from_spec(spec)
	sys.modules["all_tests"] = module
	loader.exec_module(module)
	return module


class All(unittest.TestCase):
	"""What tests/all makes of its parts."""
	def setUp(self):
		self.all = all_tests()
		self.tally = self.all.Tally()

	def told(self, text: str, status: int = 0) -> str:
		self.all.part(self.tally, "x", "sh", "-c", f"printf '{text}'; exit {status}")
		return self.tally.line()

	def test_parts_are_added_up(self):
		self.assertEqual(self.told("ok\\n3 passed, 0 failed\\n"), "3 passed, 0 failed")
		self.assertEqual(self.told("1 passed, 1 failed, 2 skipped, 1 lost\\n", 1),
				 "4 passed, 2 failed, 2 skipped")
		self.assertEqual([line.split()[2:] for line in self.tally.seconds],
				 [["x"], ["x"]])

	def test_a_failure_that_is_not_counted_is_one(self):
		self.assertEqual(self.told("9 passed, 0 failed\\n", 1), "9 passed, 1 failed")
		self.assertEqual(self.told("no last line"), "9 passed, 2 failed")

	def test_a_thing_by_itself_passes_skips_or_fails(self):
		for status in (0, 77, 5):
			self.all.single(self.tally, "y", "sh", "-c", f"echo why; exit {status}")
		self.assertEqual(self.tally.line(), "1 passed, 1 failed, 1 skipped")

	def test_each_case_is_run_with_all(self):
		facts = {path.stem: case.load(path).case
			 for path in (TOP / "qemu/cases").glob("*.py")}
		self.assertEqual({name.case for name in selected((), facts, {}, True)}, set(facts))


SPEAKER = """import socket, sys, time
channel = socket.socket(socket.AF_UNIX)
channel.connect("channel")
for line in sys.argv[1:]:
	if line == "wait":
		channel.recv(100)
	elif line == "sleep":
		time.sleep(60)
	else:
		channel.sendall(line.encode() + b"\\n")
"""


class Session(unittest.TestCase):
	"""A program in place of QEMU that says what a guest would."""
	def ends(self, *said: str):
		seconds = "1" if said[-1] == "sleep" else str(PATIENCE)
		folder = fresh("session")
		(folder / "speaker.py").write_text(SPEAKER)
		status = subprocess.run(
			[TOP / "qemu/session", folder, seconds, seconds, "", sys.executable,
			 folder / "speaker.py", *said], check=False, timeout=PATIENCE).returncode
		return status, (folder / "verdict").read_text().strip()

	def test_a_machine_comes_back(self):
		self.assertEqual(self.ends("armed", "wait", "back", "done"), (0, "done"))

	def test_a_machine_that_hangs_passes_its_deadline(self):
		self.assertEqual(self.ends("hello", "sleep"), (2, "phase 'boot' passed its deadline"))

	def test_a_machine_that_goes_off(self):
		self.assertEqual(self.ends("armed", "wait"),
				 (3, "the machine went off after the crash"))
		self.assertEqual(self.ends("error no disk"), (4, "error no disk"))


class Questions(unittest.TestCase):
	def setUp(self):
		self.folder = fresh("guest")
		self.guest = Guest(Plan("x", "", self.folder, settings({"VM_TIMEOUT": "2"})),
				   Machine(), Images(), Disk())

	def test_times_of_a_configuration_are_those_of_an_idle_machine(self):
		self.guest.config("target disk:LABEL=crash:/crash\n\ndeadline 90\nwait 5s\nkeep 2")
		self.assertEqual(self.guest.read("crashbox.conf"),
				 "target disk:LABEL=crash:/crash\ndeadline 180\nwait 10s\nkeep 2\n")

	def test_how_long_the_crash_took_is_measured_by_the_boot(self):
		self.guest.write("events", "10.00 armed\n10.50 go\n90.60 back\n")
		questions.back(self.guest, 40)
		with self.assertRaisesRegex(Failed, "^80 s from .*, at most 39 x 2 wanted$"):
			questions.back(self.guest, 39)
		self.guest.write("events", "60.00 armed\n60.50 go\n140.60 verdict 3 off\n")
		questions.back(self.guest, 20)
		self.guest.write("events", "10.00 armed\n10.50 go\n90.60 verdict 2 lost\n")
		with self.assertRaisesRegex(Failed, "^the machine did not reboot by itself$"):
			questions.back(self.guest, 100)

	def test_a_fact_of_the_manifest(self):
		self.guest.write("manifest.json",
				 '{"level": {"used": 31}, "valid": true, "why": ["a b"]}')
		questions.facts(self.guest, level__used="31", valid="true", why="*a b*")
		with self.assertRaisesRegex(Failed, "^manifest.json: level.used is 31, not 17$"):
			questions.fact(self.guest, "level.used", "17")
		with self.assertRaisesRegex(Failed, "^manifest.json has no level.asked$"):
			questions.fact(self.guest, "level.asked", "*")

	def test_a_line_of_any_console(self):
		self.guest.write("console-crash.log", "crashbox: saved 5\r\n")
		self.guest.write("console.log", "up\r\nok    target\xff\r\n")
		questions.console(self.guest, "^crashbox: saved [0-9]", "^ok +target")
		with self.assertRaisesRegex(Failed, "^the console does not say: \\^target$"):
			questions.console(self.guest, "^target")

	def test_one_dump_and_no_other(self):
		with self.assertRaisesRegex(Failed, "^no folder /crash/testhost-"):
			questions.find_dump(self.guest)
		(self.folder / "out/crash/testhost-1").mkdir(parents=True)
		self.assertEqual(questions.find_dump(self.guest).name, "testhost-1")
		(self.folder / "out/crash/testhost-2").mkdir()
		with self.assertRaisesRegex(Failed, "^more than one folder"):
			questions.find_dump(self.guest)

	def test_verbs_end_as_wanted(self):
		self.guest.write("events", "1.0 armed\n1.5 verb 0 list\n2.0 verb 1 test\n")
		self.guest.verbs_ended(["0 list", "1 test"])
		for wanted in (["0 list", "0 test"], ["0 list"], ["0 list", "1 test", "0 list"]):
			with self.assertRaisesRegex(Failed, "^a verb ended otherwise: "):
				self.guest.verbs_ended(wanted)

	def test_pages_that_a_workload_made(self):
		self.guest.write("made", "made anon pages=10 head=3\nmade pipe pages=5\nskipped x: y\n")
		self.assertEqual(workloads.made_pages(self.guest, "anon pipe x"), 15)
		workloads.judge_kind(self.guest, "pipe", {"pipe": [0, 5]})
		for kind, marks in (("pipe", [0, 4]), ("anon", [1, 1]), ("poisonanon", [0, 1])):
			with self.assertRaises(Failed):
				workloads.judge_kind(self.guest, kind, {kind: marks})

	def test_a_workload_that_is_none(self):
		with self.assertRaises(Lost):
			workloads.prepare(self.guest, "nothing")


class Options(unittest.TestCase):
	def test_a_disk_that_fails_and_one_that_hangs(self):
		folder = fresh("options")
		(folder / "faults").touch()
		first, second = drive(folder, "target", Disk(speed=5, words=",x=y"))
		self.assertIn(f"file=blkdebug:{folder}/faults:{folder}/target,", first)
		self.assertIn("throttling.bps-write=5,x=y", first)
		self.assertEqual(second, "-device virtio-blk-pci,drive=target,serial=target")
		first, second = drive(folder, "target", Disk(hangs_after=9, on="pvscsi"))
		self.assertIn("throttling.bps-total=1,throttling.bps-total-max=9", first)
		self.assertIn("-device pvscsi,id=hba -device scsi-hd,", second)

	def test_what_a_case_changes_is_among_the_options(self):
		folder = fresh("options")
		(folder / "second").touch()
		board = Board(folder, settings({"VM_TIMEOUT": "1", "CPU": "big"}), Path("/k"), "multi",
			      "testhost")
		machine = Machine(memory="3G", cpu=",la57=on", share_ram=True, no_reboot=True,
				  console="deaf", devices=["-device a,b -c"])
		words = " ".join(qemu_options(board, machine, Disk()))
		for part in ("-cpu big,la57=on -smp 2 -m 3G", "size=3G,share=on", "-c", "id=second",
			     "-action reboot=shutdown", "-serial chardev:console", "-kernel /k/vmlinuz"):
			self.assertIn(part, words)
		self.assertNotIn("id=target", words)


class Timeline(unittest.TestCase):
	def test_steps_are_counted_from_the_panic_in_their_order(self):
		said = ((1.0, "Linux version 6.1"), (2.0, "Memory: 1G"),
			(5.0, "Kernel panic - not syncing: sysrq triggered crash"),
			(5.5, "Linux version 6.12"), (7.0, "a line"), (7.5, START + " 0.1.0"),
			(8.0, "Memory: of a step that is over"), (9.25, END + " 4 s after start"))
		steps = since_panic(list(said))
		self.assertEqual(list(steps.values()), [0.5, 2.5, 4.25])
		self.assertEqual(list(steps), ["the next kernel's first line", "agent's first line",
					       "unmounted, reboot asked for"])
		self.assertEqual(since_panic([(1.0, START)]), {})


if __name__ == "__main__":
	unittest.main(verbosity=1)
