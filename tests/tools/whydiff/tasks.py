# SPDX-License-Identifier: GPL-2.0-or-later
"""Which frames the chosen tasks have mapped: what keep_user has to keep.

Follows the list of tasks and their page tables with offsets from BTF; who paniced is
asked of the scheduler's run queue, not of the notes. Tasks are processes here: a choice
that names a thread is not known.
"""

MAX_TASKS = 100000


class Tasks:
	def __init__(self, core, symbols, btf):
		self.core, self.symbols, self.btf = core, symbols, btf
		member = lambda name, path: (btf.member(name, path) or (None,))[0]
		self.at = {path: member("task_struct", path)
			   for path in ("tasks", "comm", "pid", "mm")}
		self.pgd = member("mm_struct", "pgd")
		if None in self.at.values() or self.pgd is None:
			raise SystemExit("whydiff: no BTF to find tasks with")

	def panic_task(self):
		"""What the scheduler had on the CPU that called for the crash kernel."""
		at, curr = self.symbols.at, self.btf.member("rq", "curr")
		cpu = self.core.u32(at["panic_cpu"])
		offset = self.core.u64(at["__per_cpu_offset"] + 8 * cpu)
		return self.core.u64((at["runqueues"] + offset + curr[0]) % (1 << 64))

	def all(self):
		head = self.symbols.at["init_task"] + self.at["tasks"]
		at = head
		for _ in range(MAX_TASKS):
			at = self.core.u64(at)
			if at is None or at == head:
				return
			yield at - self.at["tasks"]

	def fits(self, task, choice):
		if choice == "panic":
			return task == self.panic_task()
		key, _, value = choice.partition("=")
		if key == "pid":
			return self.core.u32(task + self.at["pid"]) == int(value)
		comm = self.core.virt(task + self.at["comm"], 16).split(b"\0")[0]
		return key == "comm" and comm == value.encode()

	def frames(self, choices):
		"""Set of pfns."""
		out = set()
		for choice in choices:
			found = [t for t in self.all() if self.fits(t, choice)]
			if not found:
				raise SystemExit(f"whydiff: no task is {choice}")
			for task in found:
				mm = self.core.u64(task + self.at["mm"])
				if mm:
					out |= self.mapped(self.core.u64(mm + self.pgd))
		return out

	def mapped(self, pgd):
		"""What a page table maps for user space; what a device has there, too."""
		core, out = self.core, set()
		root = core.translate(pgd)
		half = range(256) if core.machine == 62 else range(core.top_entries)
		for _, paddr, size in core.walk(root, 0, 0, set(), half):
			first = paddr >> core.shift
			out.update(p for p in range(first, first + (size >> core.shift))
				   if p < core.n_pfns and core.present[p])
		return out

