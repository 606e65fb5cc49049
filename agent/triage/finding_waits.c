/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules about tasks that wait for one another. The lock names its owner, the waiter is in the
 * lock's list: these are the two witnesses, see waits.c.
 */
#include <stdio.h>
#include <string.h>

#include "blocked.h"
#include "finding_parts.h"
#include "finding_rules.h"
#include "glob.h"
#include "subject.h"
#include "triage.h"

#define CIRCLE_TOLD 6u

void finding_because_waits(struct report *r, struct finding *f, const struct blocked_task *b)
{
	char text[WAIT_TEXT];

	wait_text(r, &b->wait, text);
	finding_because(f, "%s (pid %u) waits for %s", b->proc.comm, b->proc.pid, text);
}

static unsigned in_circle(const struct report *r, unsigned circle)
{
	unsigned n = 0;

	for (unsigned i = 0; i < r->n_waiters; i++)
		n += r->waiters[i].circle == circle;
	return n;
}

/* The member that the log would name first: the smallest pid. */
static const struct blocked_task *first_of(const struct report *r, unsigned circle)
{
	const struct blocked_task *first = NULL;

	for (unsigned i = 0; i < r->n_waiters; i++)
		if (r->waiters[i].circle == circle &&
		    (!first || r->waiters[i].proc.pid < first->proc.pid))
			first = &r->waiters[i];
	return first;
}

bool finding_deadlock(struct report *r, struct finding *f)
{
	const struct blocked_task *first = r->n_circles ? first_of(r, 1) : NULL, *at = first;
	unsigned n = in_circle(r, 1), behind = 0;

	if (!finding_is_hang(r) || !first)
		return false;
	if (n == 1)
		finding_says(f, "Deadlock: %s (pid %u) waits for a lock that it holds itself.",
			     first->proc.comm, first->proc.pid);
	else
		finding_says(f, "Deadlock: %u tasks wait for each other, among them %s "
			     "(pid %u) and %s (pid %u).", n, first->proc.comm,
			     first->proc.pid, blocked_owner(r, first)->proc.comm,
			     blocked_owner(r, first)->proc.pid);
	for (unsigned i = 0; i < n && i < CIRCLE_TOLD; i++, at = blocked_owner(r, at))
		finding_because_waits(r, f, at);
	for (unsigned i = 0; i < r->n_waiters; i++)
		if (!r->waiters[i].circle && blocked_owner(r, &r->waiters[i]) &&
		    blocked_owner(r, &r->waiters[i])->circle)
			behind++;
	if (behind)
		finding_because(f, "%u more wait%s behind them", behind,
				behind == 1 ? "s" : "");
	return true;
}

/* Between "nobody has it" and waking the next, an unlocking CPU may have been stopped. */
static bool is_unlocking(struct report *r)
{
	static const char *const names[] = { "*mutex_unlock*", NULL };

	for (unsigned i = 0; i < r->n_cpus; i++)
		if (stack_is_in(r, &r->cpus[i].stack, names, NULL))
			return true;
	return false;
}

bool finding_no_owner(struct report *r, struct finding *f)
{
	char lock[SYMBOL_TEXT];

	/* Who runs on a machine that lives cannot be asked whether it is unlocking. */
	if (!finding_is_hang(r) || r->is_live || is_unlocking(r))
		return false;
	for (unsigned i = 0; i < r->n_waiters; i++) {
		const struct blocked_task *b = &r->waiters[i];

		if (b->wait.kind != WAIT_MUTEX || b->wait.owned != OWNER_NONE ||
		    !blocked_is_long(r, b))
			continue;
		lock_text(r, b->wait.lock, lock);
		finding_says(f, "The mutex %s is held by nobody, and yet tasks sleep on it: "
			     "nobody will wake them.", lock);
		finding_because_waits(r, f, b);
		return true;
	}
	return false;
}

/* ---- devices --------------------------------------------------------------------------- */

#define DISK_OLD_S 10.0

vaddr_t finding_device_of(const struct report *r, const struct wait *wait)
{
	const struct triage *m = r->triage;
	vaddr_t sb;

	if (wait->kind != WAIT_PAGE)
		return wait->kind == WAIT_BUFFER ? wait->bdev : 0;
	sb = field_value(m->space, wait->inode, m->facts.paths.inode_sb);
	return field_value(m->space, sb, m->facts.layers.sb_bdev);
}

/* The devices of a disk that are in use, and those that stand on them. */
struct devices {
	vaddr_t at[2 * DISK_PARTS_MAX];
	unsigned n;
};

static void devices_of(const struct disks *d, unsigned disk, struct devices *out)
{
	struct disk_layer layer;

	out->n = 0;
	for (unsigned i = 0; i < DISK_PARTS_MAX && disk_layer_at(d, disk, i, &layer); i++) {
		out->at[out->n++] = layer.part->at;
		out->at[out->n++] = layer.top->at;
	}
}

static bool is_one_of(const struct devices *devices, vaddr_t device)
{
	for (unsigned i = 0; device && i < devices->n; i++)
		if (devices->at[i] == device)
			return true;
	return false;
}

static bool is_slow(const struct report *r, const struct disk_use *disk)
{
	return disk->n && report_seconds_since(r, disk->oldest[0].since_ns) >= DISK_OLD_S;
}

/* Does it wait for a disk itself that has not answered for long? The disk is the cause then. */
static bool is_stuck_on(const struct report *r, unsigned disk, vaddr_t task)
{
	const struct blocked_task *b = blocked_by_address(r, task);
	struct devices devices;

	if (!b || !is_slow(r, &r->disks.list[disk]))
		return false;
	devices_of(&r->disks, disk, &devices);
	return is_one_of(&devices, finding_device_of(r, &b->wait));
}

/* Where a task waits for a disk, or for one to take what it asks. */
static const char *const waits_for_disk[] = {
	"io_schedule*", "blk_io_schedule", "blk_mq_get_tag", "rq_qos_wait*",
	"submit_bio_wait*", NULL,
};

/* For which device is not known of each, but that one of them does not answer is. */
static bool is_stuck(struct report *r, vaddr_t task)
{
	struct stack stack;

	for (unsigned i = 0; i < r->disks.n; i++)
		if (is_stuck_on(r, i, task))
			return true;
	for (unsigned i = 0; i < r->disks.n; i++)
		if (is_slow(r, &r->disks.list[i]))
			return unwind_asleep(&r->triage->unwinder, task, &stack) &&
			       stack_is_in(r, &stack, waits_for_disk, NULL);
	return false;
}

/* ---- one that others wait for ---------------------------------------------------------- */

static bool waits_for(const struct report *r, const struct blocked_task *b, vaddr_t holder)
{
	return b->end == holder && blocked_is_long(r, b);
}

#define WAITERS_TOLD 4u

static void because_behind(struct report *r, struct finding *f, vaddr_t holder)
{
	for (unsigned i = 0, told = 0; i < r->n_waiters && told < WAITERS_TOLD; i++)
		if (waits_for(r, &r->waiters[i], holder)) {
			finding_because_waits(r, f, &r->waiters[i]);
			told++;
		}
}

static unsigned behind(const struct report *r, vaddr_t holder)
{
	unsigned n = 0;

	for (unsigned i = 0; i < r->n_waiters; i++)
		n += waits_for(r, &r->waiters[i], holder);
	return n;
}

static vaddr_t most_wanted(const struct report *r, unsigned *n)
{
	vaddr_t most = 0;

	*n = 0;
	for (unsigned i = 0; i < r->n_waiters; i++) {
		vaddr_t holder = r->waiters[i].end;
		unsigned others = holder && holder != most ? behind(r, holder) : 0;

		if (others > *n) {
			*n = others;
			most = holder;
		}
	}
	return most;
}

/*
 * Where a task sleeps at the end of a call of its own, or for want of work: nothing of the
 * kernel's is in its hands there.
 */
static const char *const at_rest[] = {
	"do_poll*", "do_sys_poll", "ep_poll", "do_epoll_wait", "do_select", "futex_wait*",
	"do_nanosleep", "do_wait", "do_wait4", "do_sigtimedwait", "sigsuspend",
	"do_signal_stop", "ptrace_stop", "pipe_read", "unix_stream_read_generic",
	"inet_csk_accept", "__skb_wait_for_more_packets", "io_cqring_wait", "read_events",
	"do_msgrcv", "smpboot_thread_fn", "kthreadd", NULL,
};

static bool is_at_rest(struct report *r, const struct proc *p)
{
	struct stack stack;
	struct symbol sym;

	for (unsigned i = 0; i < r->n_cpus; i++)
		if (r->cpus[i].task.at == p->at)
			return r->cpus[i].mode == CPU_USER;
	if (p->state == 'Z' || p->state == 'X')
		return true;
	if (!unwind_asleep(&r->triage->unwinder, p->at, &stack))
		return false;
	for (unsigned i = 0; i < stack.n; i++)
		if (frame_symbol(&r->symbols, &stack.frames[i], &sym) && !sym.module[0] &&
		    glob_any(at_rest, sym.name))
			return true;
	return false;
}

/* What it is at itself: the function that is no helper of everybody. */
static void because_holder_is_at(struct report *r, struct finding *f, const struct proc *p)
{
	char text[SYMBOL_TEXT];
	const struct blocked_task *b = blocked_by_address(r, p->at);
	struct stack stack;

	if (b && b->wait.kind != WAIT_UNKNOWN)
		finding_because_waits(r, f, b);
	for (unsigned i = 0; i < r->n_cpus; i++)
		if (r->cpus[i].task.at == p->at) {
			finding_because(f, "%s runs on CPU %u", p->comm, r->cpus[i].nr);
			return;
		}
	if (!unwind_asleep(&r->triage->unwinder, p->at, &stack))
		return;
	for (unsigned i = 0; i < stack.n; i++) {
		struct frame_name name;
		struct symbol sym;

		if (!frame_symbol(&r->symbols, &stack.frames[i], &sym))
			continue;
		frame_name_set(&name, sym.name, sym.module[0] ? sym.module : NULL);
		if (frame_role(&name) != FRAME_PLAIN)
			continue;
		symbol_text(&sym, text);
		finding_because(f, "%s sleeps in %s", p->comm, text);
		return;
	}
}

bool finding_reader(struct report *r, struct finding *f)
{
	for (unsigned i = 0; finding_is_hang(r) && i < r->n_waiters; i++) {
		const struct blocked_task *b = &r->waiters[i];
		const struct proc *p = procs_by_address(&r->procs, b->wait.owner);

		if (b->wait.owned != OWNER_MAYBE || !p || !blocked_is_long(r, b) ||
		    p->at == b->proc.at || is_at_rest(r, p))
			continue;
		finding_says(f, "%s (pid %u) waits for what %s (pid %u, state %c) took last, "
			     "and may still hold.", b->proc.comm, b->proc.pid, p->comm, p->pid,
			     p->state);
		finding_because_waits(r, f, b);
		because_holder_is_at(r, f, p);
		return true;
	}
	return false;
}

/* Does it only wait for its turn, and keep out who came later? */
static bool is_pending_writer(const struct report *r, vaddr_t holder)
{
	for (unsigned i = 0; i < r->n_waiters; i++)
		if (r->waiters[i].wait.kind == WAIT_PERCPU &&
		    r->waiters[i].wait.owner == holder)
			return true;
	return false;
}

bool finding_holder(struct report *r, struct finding *f)
{
	unsigned n;
	vaddr_t holder = finding_is_hang(r) ? most_wanted(r, &n) : 0;
	const struct proc *p = holder ? procs_by_address(&r->procs, holder) : NULL;

	if (!p || is_stuck(r, holder))
		return false;
	if (is_pending_writer(r, holder))
		finding_says(f, "%s (pid %u, state %c) waits until the last reader leaves a "
			     "percpu_rwsem, and %u blocked task%s behind it.", p->comm, p->pid,
			     p->state, n, n == 1 ? " waits" : "s wait");
	else
		finding_says(f, "%s (pid %u, state %c) holds what %u blocked task%s for.",
			     p->comm, p->pid, p->state, n, n == 1 ? " waits" : "s wait");
	because_behind(r, f, holder);
	because_holder_is_at(r, f, p);
	return true;
}

/* ---- disks ----------------------------------------------------------------------------- */

#define LAYERS_TOLD 2u

/* jbd2, for whose commit others wait, is one of them mostly. */
static void because_tasks_wait(struct report *r, struct finding *f, unsigned disk)
{
	struct devices devices;

	devices_of(&r->disks, disk, &devices);
	for (unsigned i = 0, told = 0; i < r->n_waiters && told < WAITERS_TOLD; i++)
		if (is_one_of(&devices, finding_device_of(r, &r->waiters[i].wait))) {
			finding_because_waits(r, f, &r->waiters[i]);
			told++;
		}
}

/* Who waits for it while others wait for him. */
static void because_of_holder(struct report *r, struct finding *f, unsigned disk)
{
	unsigned n;
	vaddr_t holder = most_wanted(r, &n);
	const struct proc *p = holder ? procs_by_address(&r->procs, holder) : NULL;

	if (!p || !is_stuck_on(r, disk, holder))
		return;
	finding_because(f, "%s (pid %u), who waits for it, holds what %u other%s for", p->comm,
			p->pid, n, n == 1 ? " waits" : "s wait");
	because_behind(r, f, holder);
}

/* Of the partition that the request was for, where that is known. */
static void because_of_layers(const struct report *r, struct finding *f, unsigned disk)
{
	const struct disk_request *rq = &r->disks.list[disk].oldest[0];
	char text[LAYER_TEXT];
	struct disk_layer layer;

	for (unsigned i = 0, told = 0; i < DISK_PARTS_MAX && told < LAYERS_TOLD &&
	     disk_layer_at(&r->disks, disk, i, &layer); i++) {
		if (rq->part && rq->part != layer.part->at)
			continue;
		disk_layer_text(&r->disks, &layer, text);
		finding_because(f, "on it: %s", text);
		told++;
	}
}

/* Of disks that stand on others the kernel asks for what those do not answer. */
static bool is_upper(const struct disk_use *disk)
{
	return !strncmp(disk->name, "loop", 4) || !strncmp(disk->name, "dm-", 3);
}

static const struct disk_use *slow_disk(const struct report *r, unsigned *i)
{
	const struct disk_use *slow = NULL;

	*i = 0;
	for (unsigned k = 0; k < r->disks.n; k++) {
		const struct disk_use *disk = &r->disks.list[k];

		if (!is_slow(r, disk) || (slow && (!is_upper(slow) || is_upper(disk))))
			continue;
		slow = disk;
		*i = k;
	}
	return slow;
}

/* What waits for a disk, itself or by way of its file system. */
static const char *const io[] = {
	"io_schedule*", "blk_io_schedule", "submit_bio_wait*", "blk_execute_rq*",
	"blk_mq_get_tag", "jbd2_*", "ext4_*", "xfs_*", "xlog_*", "btrfs_*", "f2fs_*",
	"sync_*", "writeback_*", "wb_*", NULL,
};

/* Some disks take their time by right; that is no cause if nobody waits for any. */
static bool somebody_waits_for_io(struct report *r)
{
	for (unsigned i = 0; i < r->n_blocked; i++)
		if (stack_is_in(r, &r->blocked[i].stack, io, NULL))
			return true;
	return false;
}

bool finding_disk(struct report *r, struct finding *f)
{
	const struct disk_request *rq;
	const struct disk_use *d;
	char room[16];
	unsigned i;

	if (!finding_is_hang(r) || !r->n_blocked_tasks || !(d = slow_disk(r, &i)) ||
	    !somebody_waits_for_io(r))
		return false;
	rq = &d->oldest[0];
	snprintf(f->awaited, sizeof(f->awaited), "disk");
	finding_says(f, "The disk %s did not answer for %.0f s.", d->name,
		     report_seconds_since(r, rq->since_ns));
	finding_because(f, "%u request%s in flight, the oldest a %s of %u bytes at "
			"sector %llu", d->n, d->n == 1 ? " is" : "s are",
			disk_op_name(rq->op, room), rq->len, (unsigned long long)rq->sector);
	because_of_layers(r, f, i);
	because_of_holder(r, f, i);
	because_tasks_wait(r, f, i);
	finding_because(f, "%u task%s blocked", r->n_blocked_tasks,
			r->n_blocked_tasks == 1 ? " is" : "s are");
	return true;
}
