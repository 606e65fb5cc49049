/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A part of lab.c: bad pointers, damaged stacks and counts; memory that nobody gives back. */
#ifndef LAB_DAMAGE_H
#define LAB_DAMAGE_H

/* To a function of the kernel's own, which looks into it at once. */
static noinline void lab_pass_null(void)
{
	struct file * volatile nothing = NULL;

	vfs_llseek(nothing, 0, SEEK_SET);
	barrier();
}

/* As a cell of memory that does not hold: one bit of a good pointer is another. */
static noinline void lab_flipped_bit(void)
{
	struct lab_thing *thing = kzalloc(sizeof(*thing), GFP_KERNEL);
	struct lab_thing * volatile flipped =
		(struct lab_thing *)((unsigned long)thing ^ (1UL << 45));

	if (thing)
		lab_zero = READ_ONCE(flipped->text[0]);
}

/* Data is run as if it were code. */
static noinline void lab_jump_into_data(void)
{
	void (* volatile nowhere)(void) = (void (*)(void))(unsigned long)&lab_zero;

	nowhere();
	barrier();
}

/* Still pending when its memory is given back; slub_debug=P poisons what is free. */
static noinline void lab_free_pending_timer(void)
{
	struct lab_timed {
		char more[64];
		struct timer_list timer;
		char rest[64];
	} *timed = kzalloc(sizeof(*timed), GFP_KERNEL);

	if (!timed)
		return;
	timer_setup(&timed->timer, lab_tick, 0);
	mod_timer(&timed->timer, jiffies + HZ);
	kfree(timed);
}

static noinline void lab_fill(char *to, int len)
{
	int i;

	for (i = 0; i < len; i++)
		WRITE_ONCE(to[i], 'A');
}

static noinline void lab_smash_stack(void)
{
	char room[24];
	int len = sizeof(room) + 16;

	OPTIMIZER_HIDE_VAR(len);
	lab_fill(room, len);
	lab_zero = room[3];
}

static noinline void lab_count_wrong(void)
{
	static refcount_t count = REFCOUNT_INIT(1);

	if (refcount_dec_and_test(&count))
		refcount_inc(&count);
	lab_zero = 0;
}

static noinline void lab_leak_pages(void)
{
	while (alloc_page(GFP_KERNEL))
		;
}

static noinline void lab_leak_vmalloc(void)
{
	while (vmalloc(1 << 20))
		;
}

#endif
