/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far a capture is: plain counters that the capturing process writes and PID 1
 * reads, in one page that both share. What is reported here outlives the writer.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum stage {
	STAGE_START,
	STAGE_OPEN,	/* reading the core's headers and the kernel's own tables */
	STAGE_TARGET,	/* waiting for the device, mounting */
	STAGE_PAST,	/* looking at what earlier crashes have left */
	STAGE_DMESG,
	STAGE_SCAN,
	STAGE_COPY,
	STAGE_SYNC,	/* what was copied reaches the storage */
	STAGE_VERIFY,
	STAGE_FINISH,	/* manifest, logs, unmounting */
	N_STAGES
};

struct progress {
	uint32_t stage;
	uint32_t target;	/* index of the one being worked on */
	uint64_t done, total;	/* of this stage, in frames or bytes */
	uint64_t settled;	/* of done, what no loss of power takes away any more */
	uint64_t durable;	/* bytes that have reached a storage */
	uint64_t alive;		/* goes up when none of the others can */
	uint64_t give_up_ms;	/* of the monotonic clock: this target's time is over; 0: no */
	uint32_t module;	/* the one being loaded, by its place in the order */
	uint32_t brisk;		/* the target answers soon or not at all */
	char device[64];	/* being looked at or in use */
};

/* A disk or a quota may have had room again a moment later: so often it is believed. */
#define FULL_TWICE 2

/* Withheld: not done, and on purpose. No room: not begun, another target may have it. */
enum saving { NOT_TRIED, NOT_DONE, DONE, WITHHELD, NO_ROOM };

/*
 * What became of one target: written by those who work on it, and outlives them. Between
 * two rounds PID 1 clears what the next one may try again, see retry.h.
 */
struct fate {
	uint32_t gone;		/* it is at fault, nobody touches it again */
	uint32_t rests;		/* it has failed in this round, its next turn is to come */
	uint32_t told;		/* it has its last manifest, or cannot have one */
	uint32_t n_refused;	/* as often it said no for a reason that time does not mend */
	uint32_t no_manifest;	/* it was tried, and failed */
	uint32_t n_full;	/* how often it was: up to FULL_TWICE */
	uint32_t dump_s;	/* what the last dump took, had it failed */
	uint32_t dmesg, dump;	/* enum saving; done is committed */
	uint32_t n_log_tries;	/* of this round */
	uint32_t has_no_log;	/* the crashed kernel, wherever it is looked for */
	uint32_t first_told;	/* it has the manifest that comes before the dump, or cannot */
	uint32_t is_whole;	/* and all of the dump was read back, when its turn was over */
	uint32_t is_removed;	/* what was written there was taken back */
	double took_s;		/* from opening it to the manifest */
	uint32_t last_resort;	/* no target has room for all: a part is better than nothing */
	uint64_t room;		/* bytes that were free for the dump, with NO_ROOM */
	char folder[400];	/* where its files are, "" not yet */
	char why[200];		/* it has no dump; "" if there is nothing to say */
};

const char *stage_name(enum stage s);

/* Enters a stage; total may be 0 when it is not known. */
void progress_enter(struct progress *p, enum stage s, uint64_t total);

static inline void progress_set(uint64_t *counter, uint64_t value)
{
	__atomic_store_n(counter, value, __ATOMIC_RELAXED);
}

static inline uint64_t progress_get(const uint64_t *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

/* Turns counters into lines: what was last shown, and since when. */
struct meter {
	uint32_t stage;
	double every_s;		/* between two lines of one stage */
	double stage_began, shown;
	uint32_t page_size;
};

/*
 * A line such as "copy  42%  1.2 of 2.9 GiB, 310 MiB/s, 6 s left" when it is time for
 * one, `now` of monotonic_seconds(); false: nothing to say.
 */
bool meter_line(struct meter *m, const struct progress *p, double now, char *line,
		size_t size);

/* "1.2 GiB" */
void format_bytes(uint64_t n, char *text, size_t size);

#endif
