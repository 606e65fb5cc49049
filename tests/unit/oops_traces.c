/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/oops_reader: traces of other kernels, looked up, or with others' lines in between. */
#include "triage/oops_reader.h"
#include "t.h"

#define AT "[ 9.0] "

/* What a trace looks like elsewhere: frames from the innermost on, those that are sure. */
static const struct {
	const char *row, *log, *frames;
} traces[] = {
	{ "addresses in front, as before 4.10",
	  AT "BUG: unable to handle kernel paging request at ffff8801000000f8\n"
	  AT "RIP: 0010:[<ffffffffc04a1022>]  [<ffffffffc04a1022>] f+0x2/0x9\n"
	  AT "Call Trace:\n"
	  AT " [<ffffffffc04a1310>] g+0x1/0x2 [m]\n"
	  AT " [<ffffffffc04a1319>] ? no+0x1/0x2\n"
	  AT " [<ffffffffc04a1410>] h+0x1/0x2\n",
	  "f m!g h" },
	{ "looked up in debug information",
	  AT "kernel BUG at lab.c:5!\n"
	  AT "RIP: 0010:f+0x2/0x9\n"
	  AT "Call Trace:\n"
	  AT " no lib/a.c:5 [inline]\n"
	  AT " g+0x1/0x2 lib/a.c:9\n"
	  AT " h (lib/b.c:7 (discriminator 2)) m\n"
	  AT " [< inline >] no lib/c.c:1\n"
	  AT " i (lib/b.c:8)\n",
	  "f g m!h i" },
	{ "a CPU that hangs, as seen from its interrupt",
	  AT "rcu: INFO: rcu_sched self-detected stall on CPU\n"
	  AT "Call Trace:\n"
	  AT " <IRQ>\n"
	  AT " rcu_dump_cpu_stacks+0x1/0x2\n"
	  AT " asm_sysvec_apic_timer_interrupt+0x1/0x2\n"
	  AT " </IRQ>\n"
	  AT "RIP: 0010:f+0x1/0x2\n"
	  AT "Code: 00\n"
	  AT "RSP: 0018:ff EFLAGS: 00000246\n"
	  AT "RAX: 0000000000000000 RBX: 00\n"
	  AT " g+0x1/0x2\n"
	  AT " kthread+0x1/0x2\n",
	  "f g kthread" },
	{ "a BPF program, and a function of the kernel's",
	  AT "kernel BUG at lab.c:5!\n"
	  AT "Call Trace:\n"
	  AT " bpf_prog_6deef7357e7b4530_f+0x1/0x2\n"
	  AT " bpf_prog_array_copy+0x1/0x2\n",
	  "bpf!f bpf_prog_array_copy" },
	{ "KFENCE has no head",
	  AT "BUG: KFENCE: invalid free in f+0x1/0x2\n"
	  AT "\n"
	  AT "Invalid free of 0x00 (in kfence-#3):\n"
	  AT " f+0x1/0x2\n"
	  AT " g+0x1/0x2\n"
	  AT "\n"
	  AT "kfence-#3: 0x00-0x1f, size=32, cache=kmalloc-32\n"
	  AT "allocated by task 7:\n"
	  AT " no+0x1/0x2\n",
	  "f g" },
	{ "others write in between",
	  "[ 9.0][ T7] kernel BUG at lab.c:5!\n"
	  "[ 9.0][ T7] Call Trace:\n"
	  "[ 9.0][ T7]  f+0x1/0x2\n"
	  "[ 9.0][ T9]  no+0x1/0x2\n"
	  "login: \n"
	  "[ 9.0][ T9] Modules linked in: x\n"
	  "[ 9.0][ T7]  g+0x1/0x2\n"
	  "[ 9.0][ T7] Modules linked in: x\n"
	  "[ 9.0][ T7]  no+0x1/0x2\n",
	  "f g" },
};

static void trace_shapes(void)
{
	for (size_t i = 0; i < T_SIZE(traces); i++) {
		struct oops_reader r;
		char text[256] = "";

		oops_reader_init(&r);
		oops_reader_feed(&r, traces[i].log, strlen(traces[i].log));
		oops_reader_end(&r);
		for (unsigned k = 0; k < r.death.n_frames; k++)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
				 k ? " " : "", r.death.frames[k].name.text);
		T_TEXT(traces[i].row, traces[i].frames, text);
	}
}

/* Two tasks at once: what kills is the death, and what another one prints is not of it. */
static void two_at_once(void)
{
	static const char log[] =
		"[ 9.0][ T7] WARNING: CPU: 0 PID: 7 at lab.c:5 lab_warn+0x1/0x2 [lab]\n"
		"[ 9.0][ T9] BUG: kernel NULL pointer dereference, address: 0000000000000018\n"
		"[ 9.0][ T7] CPU: 0 PID: 7 Comm: other Not tainted 6.1.0\n"
		"[ 9.0][ T9] CPU: 1 PID: 9 Comm: lab Not tainted 6.1.0\n"
		"[ 9.0][ T3] kernel BUG at other.c:5!\n";
	struct oops_reader r;

	oops_reader_init(&r);
	oops_reader_feed(&r, log, sizeof(log) - 1);
	oops_reader_end(&r);
	T_EQUAL("what kills", KIND_NULL_DEREF, r.death.kind);
	T_EQUAL("and its task", 9, r.death.pid);
}

/* Where nothing killed, the log tells of what was survived, and a dump's of nothing. */
static void survived(void)
{
	static const char log[] = AT "INFO: task lab:12 blocked for more than 10 seconds.\n";
	struct oops_reader r;

	oops_reader_init(&r);
	oops_reader_feed(&r, log, sizeof(log) - 1);
	oops_reader_end(&r);
	T_EQUAL("no death", KIND_UNKNOWN, r.death.kind);
	T_CHECK("nor said to be one", !oops_reader_is_survived(&r));
	oops_reader_take_survived(&r);
	T_EQUAL("what was survived", KIND_HUNG_TASK, r.death.kind);
	T_CHECK("and said so", oops_reader_is_survived(&r));
}

int main(void)
{
	trace_shapes();
	two_at_once();
	survived();
	return t_done();
}
