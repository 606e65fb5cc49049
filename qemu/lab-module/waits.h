/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A part of lab.c: tasks that wait for what others have, and one that lets none run. */
#ifndef LAB_WAITS_H
#define LAB_WAITS_H

static DEFINE_MUTEX(lab_a);
static DEFINE_MUTEX(lab_b);

static noinline void lab_take_both(struct mutex *first, struct mutex *second)
{
	mutex_lock(first);
	msleep(500);
	mutex_lock(second);
	mutex_unlock(second);
	mutex_unlock(first);
}

static int lab_ab(void *unused)
{
	lab_take_both(&lab_a, &lab_b);
	return 0;
}

static int lab_ba(void *unused)
{
	lab_take_both(&lab_b, &lab_a);
	return 0;
}

static int lab_third(void *unused)
{
	msleep(1000);
	mutex_lock(&lab_a);
	mutex_unlock(&lab_a);
	return 0;
}

static void lab_deadlock(void)
{
	lab_start(lab_ab, NULL, "lab_ab", -1);
	lab_start(lab_ba, NULL, "lab_ba", -1);
	lab_start(lab_third, NULL, "lab_third", -1);
}

/* As lab_ba, but a signal would end its wait. */
static int lab_ba_signal(void *unused)
{
	mutex_lock(&lab_b);
	msleep(500);
	if (!mutex_lock_interruptible(&lab_a))
		mutex_unlock(&lab_a);
	mutex_unlock(&lab_b);
	return 0;
}

static void lab_deadlock_signal(void)
{
	lab_start(lab_ab, NULL, "lab_ab", -1);
	lab_start(lab_ba_signal, NULL, "lab_ba", -1);
}

static DEFINE_MUTEX(lab_c);

static int lab_bc(void *unused)
{
	lab_take_both(&lab_b, &lab_c);
	return 0;
}

static int lab_ca(void *unused)
{
	lab_take_both(&lab_c, &lab_a);
	return 0;
}

static void lab_deadlock_of_three(void)
{
	lab_start(lab_ab, NULL, "lab_ab", -1);
	lab_start(lab_bc, NULL, "lab_bc", -1);
	lab_start(lab_ca, NULL, "lab_ca", -1);
}

/* Sleeps as one that waits for an event, which is no hung task. */
static int lab_keeper(void *unused)
{
	mutex_lock(&lab_c);
	for (;;)
		msleep_interruptible(1000000);
	return 0;
}

static int lab_behind(void *unused)
{
	msleep(500);
	mutex_lock(&lab_c);
	mutex_unlock(&lab_c);
	return 0;
}

static void lab_keep_mutex(void)
{
	lab_start(lab_keeper, NULL, "lab_keeper", -1);
	lab_start(lab_behind, NULL, "lab_behind", -1);
	lab_start(lab_behind, NULL, "lab_behind2", -1);
}

/* It dies of a fault with the mutex in its hands, and the kernel goes on. */
static int lab_dies(void *unused)
{
	mutex_lock(&lab_c);
	lab_write_null();
	mutex_unlock(&lab_c);
	return 0;
}

static void lab_die_with_mutex(void)
{
	lab_start(lab_dies, NULL, "lab_dies", -1);
	lab_start(lab_behind, NULL, "lab_behind", -1);
}

static void lab_wanting(struct work_struct *unused)
{
	mutex_lock(&lab_c);
	mutex_unlock(&lab_c);
}

static DECLARE_WORK(lab_wanting_work, lab_wanting);

/* It waits for work with a mutex that the work needs. */
static int lab_flusher(void *unused)
{
	mutex_lock(&lab_c);
	schedule_work(&lab_wanting_work);
	msleep(500);
	flush_work(&lab_wanting_work);
	mutex_unlock(&lab_c);
	return 0;
}

static void lab_flush_own(void)
{
	lab_start(lab_flusher, NULL, "lab_flusher", -1);
}

/* As if its owner had been written over: who waits is not woken by anybody. */
static void lab_lose_owner(void)
{
	lab_keep_mutex();
	msleep(2000);
	atomic_long_and(7, &lab_c.owner);
}

static DECLARE_RWSEM(lab_sem);

/* Sleeps as one that waits for an event, which is no hung task. */
static int lab_reader(void *unused)
{
	down_read(&lab_sem);
	for (;;)
		msleep_interruptible(1000000);
	return 0;
}

static int lab_writer(void *unused)
{
	msleep(500);
	down_write(&lab_sem);
	up_write(&lab_sem);
	return 0;
}

static void lab_block_writer(void)
{
	lab_start(lab_reader, NULL, "lab_reader", -1);
	lab_start(lab_writer, NULL, "lab_writer", -1);
}

static int lab_rw_holder(void *unused)
{
	down_write(&lab_sem);
	for (;;)
		msleep_interruptible(1000000);
	return 0;
}

static int lab_late_reader(void *unused)
{
	msleep(500);
	down_read(&lab_sem);
	up_read(&lab_sem);
	return 0;
}

static void lab_block_readers(void)
{
	lab_start(lab_rw_holder, NULL, "lab_rw_holder", -1);
	lab_start(lab_late_reader, NULL, "lab_late_1", -1);
	lab_start(lab_late_reader, NULL, "lab_late_2", -1);
}

static struct semaphore lab_count;

static int lab_counted(void *unused)
{
	down(&lab_count);
	for (;;)
		msleep_interruptible(1000000);
	return 0;
}

static int lab_uncounted(void *unused)
{
	msleep(500);
	down(&lab_count);
	up(&lab_count);
	return 0;
}

static void lab_use_semaphore(void)
{
	sema_init(&lab_count, 1);
	lab_start(lab_counted, NULL, "lab_counted", -1);
	lab_start(lab_uncounted, NULL, "lab_uncounted", -1);
}

static DECLARE_COMPLETION(lab_done);

static int lab_expects(void *unused)
{
	wait_for_completion(&lab_done);
	return 0;
}

static void lab_never_complete(void)
{
	lab_start(lab_expects, NULL, "lab_expects", -1);
}

/* It lets what is above all classes run, and nothing else. */
static int lab_hog(void *unused)
{
	sched_set_fifo(current);
	for (;;)
		cond_resched();
	return 0;
}

static int lab_starved(void *unused)
{
	for (;;)
		cond_resched();
	return 0;
}

static void lab_start_hog(void)
{
	lab_start(lab_hog, NULL, "lab_hog", lab_last_cpu());
	msleep(500);
	lab_start(lab_starved, NULL, "lab_starved", lab_last_cpu());
}

DEFINE_STATIC_PERCPU_RWSEM(lab_percpu);

static noinline int lab_pc_read(void *unused)
{
	percpu_down_read(&lab_percpu);
	msleep_interruptible(1000000);
	percpu_up_read(&lab_percpu);
	return 0;
}

static noinline int lab_pc_write(void *unused)
{
	msleep(500);
	percpu_down_write(&lab_percpu);
	percpu_up_write(&lab_percpu);
	return 0;
}

static int lab_pc_late(void *unused)
{
	msleep(2000);
	return lab_pc_read(unused);
}

/* A writer that waits for a reader, and a reader that it keeps out meanwhile. */
static void lab_wait_percpu(void)
{
	lab_start(lab_pc_read, NULL, "lab_pc_reader", -1);
	lab_start(lab_pc_write, NULL, "lab_pc_writer", -1);
	lab_start(lab_pc_late, NULL, "lab_pc_late", -1);
}

#endif
