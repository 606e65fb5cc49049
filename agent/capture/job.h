/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of a capture, what it works on, and what came of it: plain values. */
#ifndef CAPTURE_JOB_H
#define CAPTURE_JOB_H

#include "base/progress.h"
#include "config/read_back.h"
#include "dump/readback.h"
#include "kernel/panic_reason.h"
#include "pages/filter.h"

struct behind;
struct codec;
struct crash;
struct keep_user;
struct reported;
struct sink;

/* What is wanted. Strings are borrowed. */
struct job {
	unsigned level;
	const struct codec *codec;
	const char *effort;	/* of that codec, by name; NULL: as it turns out best */
	unsigned workers;	/* 1: the main thread alone, 0: as many as there are CPUs */
	const struct keep_user *keep_user;	/* tasks whose memory is kept */
	unsigned n_keep_user;
	bool log_callers;	/* say in the log who said it, see kernel/dmesg.h */
	bool salvage_only;	/* search for the log, do not follow its tables */
	bool without_lists;	/* follow no list of CPUs' free pages or of tasks */
	bool last_resort;	/* nowhere is room for all of it: as much as fits */
	bool show_progress;	/* print lines ourselves; PID 1 does it otherwise */
	enum read_back read_back;	/* when */
	double give_up;		/* monotonic second to stop copying at, 0: never */
	unsigned boot;		/* of the crashed machine, see config/config.h */
	const char *host;	/* name in the manifest */
	const char *target;	/* likewise */
	bool seals_manifest;	/* where files are sealed there is none in the clear, either */
	const char *kmsg;	/* this kernel's own log to keep, or NULL */
};

#define MAX_REASONS 8

/* What came of it, for the manifest. */
struct totals {
	bool is_begun;
	unsigned level_used;
	uint64_t n_present;		/* frames of memory in the core */
	uint64_t n_kept;		/* with a descriptor */
	uint64_t n_verdict[N_VERDICTS];
	uint64_t n_zero;		/* of the kept, all zero */
	uint64_t n_unreadable;		/* of the kept, not to be read */
	uint64_t n_written;
	uint64_t n_shared;		/* of the written, with the data of another page */
	uint64_t dump_len, data_len;	/* bytes of vmcore, of its page data so far */
	uint64_t earlier_len;		/* of page data set aside by capture/earlier_part */
	uint64_t holes_len;		/* of dump_len, what takes no space */
	uint64_t dmesg_len, dmesg_records, dmesg_skipped;
	double seconds[N_STAGES];
	double cpu_seconds[N_STAGES];	/* of all threads */
	uint64_t system_peak;		/* bytes of this machine in use, the most seen */
	double copy_rate;		/* bytes of memory per second */
	unsigned n_workers;		/* threads that packed, the main one included */
	uint64_t uptime_s;		/* of the crashed kernel, by its log; 0: not known */
	struct panic_reason why;			/* that the kernel died, by its log */
	bool dmesg_saved;
	bool report_saved;		/* both of its files */
	bool dmesg_missing;		/* there is none in memory */
	bool dmesg_salvaged;		/* found by search, without times */
	bool no_room;			/* not begun: it would not fit */
	uint64_t room;			/* bytes that were free for it */
	bool verified;			/* reads back as written */
	bool sampled;			/* so does a sample of it, no more was read */
	uint64_t reread_len;		/* bytes of vmcore that were, ... */
	uint64_t reread_early_len;	/* ... of these while the copy went on */
	bool reread_past_cache;		/* none of them came out of this kernel's memory */
	bool valid;			/* and committed by a target that says it is durable */
	bool complete;			/* all chosen pages are in it */
	char reasons[MAX_REASONS][200];	/* why not */
	unsigned n_reasons;
	char sha256[SHA256_HEX_LEN];	/* of vmcore, or "" and there are ... */
	/* ... those of what is in front of the page data, and of the rest. */
	char sha256_head[SHA256_HEX_LEN], sha256_pages[SHA256_HEX_LEN];
	uint64_t head_len;		/* so much is in front of them */
};

/* One crash on its way to one sink: what each step works on. All is borrowed. */
struct capture {
	struct crash *crash;
	struct sink *sink;
	const struct job *job;
	struct progress *progress;
	struct totals *t;
	const struct reported *reported;	/* NULL: no report was made */
	struct behind *behind;		/* reads the dump back meanwhile; NULL: nobody does */
	double stage_began, cpu_began;	/* of the stage it is in; 0: it is in none */
};

#endif
