/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A part of lab.c: who spins for a lock, or sleeps with an rt_mutex. */
#ifndef LAB_STALLS_H
#define LAB_STALLS_H

static DEFINE_SPINLOCK(lab_spinlock);

/* For ever: what it waits for with the lock held does not come. */
static int lab_spin_holder(void *unused)
{
	spin_lock(&lab_spinlock);
	while (!READ_ONCE(lab_zero))
		cpu_relax();
	spin_unlock(&lab_spinlock);
	return 0;
}

static int lab_spin_waiter(void *unused)
{
	msleep(500);
	spin_lock(&lab_spinlock);
	spin_unlock(&lab_spinlock);
	return 0;
}

static void lab_hold_spinlock(void)
{
	lab_start(lab_spin_holder, NULL, "lab_spin_hold", lab_last_cpu());
	lab_start(lab_spin_waiter, NULL, "lab_spin_wait", -1);
}

static int lab_spin_again(void *unused)
{
	spin_lock(&lab_spinlock);
	spin_lock(&lab_spinlock);
	return 0;
}

static void lab_lock_twice(void)
{
	lab_start(lab_spin_again, NULL, "lab_twice", lab_last_cpu());
}

static DEFINE_RT_MUTEX(lab_rt);

static int lab_rt_holder(void *unused)
{
	rt_mutex_lock(&lab_rt);
	for (;;)
		msleep_interruptible(1000000);
	return 0;
}

static int lab_rt_waiter(void *unused)
{
	msleep(500);
	rt_mutex_lock(&lab_rt);
	rt_mutex_unlock(&lab_rt);
	return 0;
}

static void lab_keep_rt_mutex(void)
{
	lab_start(lab_rt_holder, NULL, "lab_rt_holder", -1);
	lab_start(lab_rt_waiter, NULL, "lab_rt_waiter", -1);
}

#endif
