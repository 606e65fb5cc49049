/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Crashes to choose from: what is written to /sys/module/lab/parameters/crash names
 * one of the ways at the end of this file. Each is a mistake that real code makes, in
 * functions whose names say which; those that a trace has to show are not inlined, and have
 * something to do after their call, so that it is none of their caller's.
 */
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu-rwsem.h>
#include <linux/refcount.h>
#include <linux/rtmutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/semaphore.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#define LAB_CACHE "lab_left_behind"

/* Volatile, so that no compiler may reason about them. */
static int * volatile lab_nowhere;
static volatile int lab_zero;

static noinline void lab_write_null(void)
{
	*lab_nowhere = 1;
}

static noinline void lab_oops(void)
{
	lab_write_null();
	/* So that no compiler jumps there in place of a call. */
	lab_zero = 0;
}

static noinline void lab_member_of_null(void)
{
	struct task_struct * volatile task = NULL;

	lab_zero = READ_ONCE(task->flags);
}

static noinline void lab_call_null(void)
{
	void (* volatile nothing)(void) = NULL;

	nothing();
	barrier();
}

static noinline void lab_wild_pointer(void)
{
	int * volatile wild = (int *)0x1234567890abcdefUL;

	lab_zero = *wild;
}

/* What a list's entry is after a name was copied into what lies before it. */
static noinline void lab_text_pointer(void)
{
	union {
		char name[8];
		int *next;
	} volatile over = { .name = { 'h', 'e', 'l', 'l', 'o', ' ', 'w', 'o' } };

	lab_zero = *over.next;
}

static noinline void lab_error_pointer(void)
{
	int * volatile error = ERR_PTR(-ENOENT);

	lab_zero = *error;
}

static noinline void lab_bug(void)
{
	BUG_ON(!lab_zero);
}

static noinline void lab_warn(void)
{
	WARN(!lab_zero, "lab: something is odd\n");
}

static noinline void lab_panic(void)
{
	panic("lab: no way to go on");
}

#ifdef CONFIG_X86
/* Elsewhere the answer is 0. (Of 1 it would be worked out without dividing.) */
static noinline void lab_divide(void)
{
	lab_zero = 100 / lab_zero;
}
#endif

/* ---- interrupts and workers -------------------------------------------------- */

static void lab_tick(struct timer_list *t)
{
	lab_oops();
	barrier();
}

/* It is none of the module's memory: without the module, only its function is gone. */
static void lab_start_timer(void)
{
	struct timer_list *timer = kzalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, lab_tick, 0);
	mod_timer(timer, jiffies + 2 * HZ);
}

static void lab_in_interrupt(void *unused)
{
	lab_oops();
	barrier();
}

static int lab_last_cpu(void)
{
	return cpumask_last(cpu_online_mask);
}

static void lab_interrupt_cpu(void)
{
	int here = get_cpu();

	/* Of its own a CPU calls it at once, which is no interrupt. */
	smp_call_function_single(cpumask_any_but(cpu_online_mask, here), lab_in_interrupt,
				 NULL, 0);
	put_cpu();
}

static void lab_work_done(struct work_struct *work)
{
	lab_oops();
	barrier();
}

static DECLARE_WORK(lab_work, lab_work_done);

static void lab_queue_work(void)
{
	schedule_work(&lab_work);
}

/* ---- memory ------------------------------------------------------------------ */

struct lab_thing {
	struct list_head on_list;
	char text[112];
	struct lab_thing *next;		/* far from where a free object has its own pointer */
	char more[96];
};

static noinline void lab_list_del_twice(void)
{
	static LIST_HEAD(things);
	static struct lab_thing thing;

	list_add(&thing.on_list, &things);
	list_del(&thing.on_list);
	list_del(&thing.on_list);
}

/* With slub_debug=P what is free is full of poison. */
static noinline void lab_use_after_free(void)
{
	struct lab_thing *thing = kzalloc(sizeof(*thing), GFP_KERNEL);

	if (!thing)
		return;
	kfree(thing);
	OPTIMIZER_HIDE_VAR(thing);
	lab_zero = READ_ONCE(READ_ONCE(thing->next)->text[0]);
}

/* Where the second time is not noticed, two owners then have the same object. */
static noinline void lab_free_twice(void)
{
	struct lab_thing *thing = kzalloc(sizeof(*thing), GFP_KERNEL), *again = thing;
	LIST_HEAD(things);

	OPTIMIZER_HIDE_VAR(again);
	kfree(thing);
	kfree(again);
	thing = kzalloc(sizeof(*thing), GFP_KERNEL);
	again = kzalloc(sizeof(*again), GFP_KERNEL);
	if (!thing || !again)
		return;
	list_add(&thing->on_list, &things);
	list_add(&again->on_list, &things);
}

static noinline unsigned int lab_recurse(unsigned int depth)
{
	volatile char room[512];

	if (depth == UINT_MAX)
		return 0;
	room[depth % 512] = depth;
	return lab_recurse(depth + 1) + room[(depth + 1) % 512];
}

static void lab_overflow_stack(void)
{
	lab_zero = lab_recurse(0);
}

static noinline void lab_leak(void)
{
	void **last = NULL, **at;

	while ((at = kmalloc(2048, GFP_KERNEL))) {
		*at = last;
		last = at;
	}
}

static void lab_construct(void *object)
{
}

/*
 * What became of old kernels' caches by itself: the name lies in the module. The pointer to
 * it is the one word of the cache that leads to this name.
 */
static void lab_name_cache(struct kmem_cache *cache)
{
	static const char name[] = LAB_CACHE;
	unsigned long *word = (unsigned long *)cache;
	size_t i;

	for (i = 0; i < 256 / sizeof(*word); i++)
		if (virt_addr_valid((void *)word[i]) &&
		    !memcmp((void *)word[i], name, sizeof(name)))
			word[i] = (unsigned long)name;
}

/* A cache with a constructor is not merged with another one. */
static void lab_leave_cache(void)
{
	struct kmem_cache *cache = kmem_cache_create(LAB_CACHE, 192, 0, 0, lab_construct);

	if (cache)
		lab_name_cache(cache);
}

#include "damage.h"

/* ---- CPUs and tasks that do not go on ---------------------------------------- */

static void lab_start(int (*what)(void *), void *how, const char *name, int cpu)
{
	struct task_struct *task = kthread_create(what, how, "%s", name);

	if (IS_ERR(task))
		return;
	if (cpu >= 0) {
		/* Who started it must not stand behind it. */
		set_cpus_allowed_ptr(current, cpumask_of(cpumask_first(cpu_online_mask)));
		kthread_bind(task, cpu);
	}
	wake_up_process(task);
}

static int lab_spin(void *unused)
{
	preempt_disable();
	for (;;)
		cpu_relax();
	return 0;
}

static void lab_start_spin(void)
{
	lab_start(lab_spin, NULL, "lab_spin", lab_last_cpu());
}

static int lab_spin_deaf(void *unused)
{
	/* A worker frees what the module was loaded with, and all CPUs must answer it. */
	msleep(1000);
	local_irq_disable();
	for (;;)
		cpu_relax();
	return 0;
}

static void lab_start_deaf(void)
{
	lab_start(lab_spin_deaf, NULL, "lab_deaf", lab_last_cpu());
}

/* ---- two CPUs at once ---------------------------------------------------------- */

static atomic_t lab_n_there = ATOMIC_INIT(0);

/* Nobody goes on before both are there, with nothing left to do but to panic. */
static noinline int lab_panic_together(void *unused)
{
	atomic_inc(&lab_n_there);
	while (atomic_read(&lab_n_there) < 2)
		cond_resched();
	local_irq_disable();
	panic("lab: two CPUs at once");
	return 0;
}

static void lab_panic_of_two(void)
{
	lab_start(lab_panic_together, NULL, "lab_first", lab_last_cpu());
	lab_start(lab_panic_together, NULL, "lab_second", cpumask_first(cpu_online_mask));
}

#include "waits.h"
#include "stalls.h"

/* ---- below a BPF program ------------------------------------------------------ */

static int lab_before_helper(struct kprobe *p, struct pt_regs *regs)
{
	if (!strcmp(current->comm, "selfdestruct"))
		lab_oops();
	return 0;
}

static struct kprobe lab_probe = {
	.symbol_name = "bpf_ktime_get_ns",
	.pre_handler = lab_before_helper,
};

static void lab_probe_helper(void)
{
	int error = register_kprobe(&lab_probe);

	if (error)
		pr_err("lab: no probe at %s: %d\n", lab_probe.symbol_name, error);
}

/* ---- the choice -------------------------------------------------------------- */

static const struct {
	const char *name;
	void (*go)(void);
} lab_ways[] = {
	{ "oops", lab_oops },
	{ "member", lab_member_of_null },
	{ "argument", lab_pass_null },
	{ "call", lab_call_null },
	{ "wild", lab_wild_pointer },
	{ "text", lab_text_pointer },
	{ "errno", lab_error_pointer },
	{ "bug", lab_bug },
	{ "warn", lab_warn },
	{ "panic", lab_panic },
	{ "two", lab_panic_of_two },
#ifdef CONFIG_X86
	{ "divide", lab_divide },
#endif
	{ "timer", lab_start_timer },
	{ "interrupt", lab_interrupt_cpu },
	{ "work", lab_queue_work },
	{ "list", lab_list_del_twice },
	{ "use-after-free", lab_use_after_free },
	{ "double-free", lab_free_twice },
	{ "stack", lab_overflow_stack },
	{ "bit-flip", lab_flipped_bit },
	{ "jump", lab_jump_into_data },
	{ "freed-timer", lab_free_pending_timer },
	{ "smash", lab_smash_stack },
	{ "refcount", lab_count_wrong },
	{ "leak", lab_leak },
	{ "leak-pages", lab_leak_pages },
	{ "leak-vmalloc", lab_leak_vmalloc },
	{ "cache", lab_leave_cache },
	{ "spin", lab_start_spin },
	{ "deaf", lab_start_deaf },
	{ "mutex", lab_deadlock },
	{ "mutex3", lab_deadlock_of_three },
	{ "mutex-signal", lab_deadlock_signal },
	{ "keeper", lab_keep_mutex },
	{ "orphan", lab_lose_owner },
	{ "dead-holder", lab_die_with_mutex },
	{ "flush", lab_flush_own },
	{ "rwsem", lab_block_writer },
	{ "rwsem-read", lab_block_readers },
	{ "percpu", lab_wait_percpu },
	{ "semaphore", lab_use_semaphore },
	{ "completion", lab_never_complete },
	{ "hog", lab_start_hog },
	{ "spinlock", lab_hold_spinlock },
	{ "lock-twice", lab_lock_twice },
	{ "rt-mutex", lab_keep_rt_mutex },
	{ "probe", lab_probe_helper },
};

static int lab_choose(const char *name, const struct kernel_param *kp)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lab_ways); i++)
		if (sysfs_streq(name, lab_ways[i].name)) {
			lab_ways[i].go();
			return 0;
		}
	return -ENOENT;
}

static const struct kernel_param_ops lab_crash_ops = { .set = lab_choose };
module_param_cb(crash, &lab_crash_ops, NULL, 0200);
MODULE_PARM_DESC(crash, "the way to crash");

static int __init lab_init(void)
{
	return 0;
}

/* What was started goes on. */
static void __exit lab_exit(void)
{
}

module_init(lab_init);
module_exit(lab_exit);
MODULE_DESCRIPTION("crashes in the way that is written to its parameter");
MODULE_VERSION("1.0");
MODULE_LICENSE("GPL");
