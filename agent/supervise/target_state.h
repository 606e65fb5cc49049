/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A session's targets: how each is opened, and what it is to do there. */
#ifndef SUPERVISE_TARGET_STATE_H
#define SUPERVISE_TARGET_STATE_H

#include "capture/job.h"
#include "config/config.h"
#include "fence.h"
#include "herald.h"
#include "targets/target.h"
#include "targets/folder_name.h"

struct attempt;
struct crash;
struct fate;
struct kernel;

/* One target, from opening to unmounting. */
struct target_state {
	struct fate *fate;
	struct target target;
	struct job job;
	struct totals *totals;
	struct capture capture;
	bool is_open;
};

struct session {
	const struct config *config;
	const struct attempt *attempt;
	struct crash *crash;
	struct fate *fates;
	struct totals *totals;		/* as many, shared likewise */
	struct progress *progress;
	struct target_state stands[MAX_TARGETS];
	char host[FOLDER_HOST_MAX], name[FOLDER_NAME_MAX];
	int64_t when;			/* of the crash, as in its folder's name */
	uint64_t uptime_s;		/* of the crashed kernel, 0: not known */
	const struct reported *reported;	/* what the crash was; NULL: no report */
	unsigned n_seen;		/* crashes of this fault and this one; 0: not counted */
	unsigned saved_nr;		/* the target that has the dump, n_targets: none */
	bool net_tried;
	struct fence fence;		/* and the nodes of its cluster */
	struct herald herald;		/* tells a log server of it */
};

/* Host and folder: of the crashed kernel's name and clock where known. */
void target_state_name(struct session *s, const struct kernel *kn);

/* Its turn is over, in this round or for good. */
bool target_state_is_out(const struct session *s, unsigned nr);

/* Opens the target unless that is done. False: it is out. */
bool target_state_open(struct session *s, unsigned nr);

#endif
