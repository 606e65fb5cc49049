/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sink that is a folder. Write-back is started and awaited as we go, in steps: in a
 * small capture kernel dirty pages are what runs out, and only what has reached the
 * storage is progress. A step is what the storage was seen to take in a moment, so that a
 * sync never waits for long. A failed write-back is reported by the kernel once, so the
 * first error of a file stays with it.
 */
#include "sink_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/below.h"
#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "free_space.h"

#define STEP_MIN (256u << 10)
#define STEP_MAX (8u << 20)
#define STEP_QUICK_S 0.1	/* a step that takes no longer can be larger */
#define STEP_SLOW_S 0.5
#define RAW_LEN (64u << 10)	/* of the detour that reads past the cache may take */

_Static_assert(sizeof(struct dir_sink) <= SINK_OWN &&
	       sizeof(struct dir_file) <= SINK_FILE_OWN, "there is room for it");

static struct dir_file *of(struct sink_file *f)
{
	return (struct dir_file *)f->own;
}

static int folder_of(const struct sink *s)
{
	return ((const struct dir_sink *)s->own)->fd;
}

/* ---- one file --------------------------------------------------------------- */

static void count_durable(struct sink_file *f, uint64_t n)
{
	if (f->sink->durable)
		__atomic_fetch_add(f->sink->durable, n, __ATOMIC_RELAXED);
}

/* Waits for the previous step, starts the next: disk and CPU work side by side. */
static bool step(struct sink_file *f, struct err *e)
{
	double began = monotonic_seconds(), took;

	if (sync_file_range(of(f)->fd, 0, 0, SYNC_FILE_RANGE_WAIT_BEFORE) ||
	    sync_file_range(of(f)->fd, 0, 0, SYNC_FILE_RANGE_WRITE)) {
		if (errno != EINVAL && errno != ESPIPE && errno != ENOSYS)
			return fail(e, errno, "%s: write-back failed: %s", f->part,
				    strerror(errno));
	}
	/* Only clean pages go; they would crowd out our own memory. */
	posix_fadvise(of(f)->fd, 0, 0, POSIX_FADV_DONTNEED);
	count_durable(f, of(f)->started);
	of(f)->started = of(f)->fresh;
	of(f)->fresh = 0;
	took = monotonic_seconds() - began;
	if (took < STEP_QUICK_S)
		of(f)->step = min_u64(2 * of(f)->step, STEP_MAX);
	else if (took > STEP_SLOW_S)
		of(f)->step = max_u64(of(f)->step / 2, STEP_MIN);
	return true;
}

static bool dir_write_at(struct out *o, uint64_t off, const void *buf, size_t len,
			 struct err *e)
{
	struct sink_file *f = (struct sink_file *)o;

	if (f->failed)
		return sink_latch(f, e);
	if (!pwrite_all(of(f)->fd, buf, len, off, f->part, e))
		return sink_latch(f, e);
	sink_wrote(f, off, buf, len);
	of(f)->fresh += len;
	if (of(f)->fresh >= of(f)->step && !step(f, e))
		return sink_latch(f, e);
	return true;
}

static bool dir_read_at(struct out *o, uint64_t off, void *buf, size_t len, struct err *e)
{
	struct sink_file *f = (struct sink_file *)o;

	return pread_all(of(f)->fd, buf, len, off, f->part, e);
}

/* -1 where the file system has no such reads, as tmpfs. */
static int open_raw(struct sink_file *f)
{
	if (of(f)->raw_fd < 0)
		of(f)->raw_fd = openat(folder_of(f->sink), f->part,
				       O_RDONLY | O_DIRECT | O_NOFOLLOW | O_CLOEXEC);
	return of(f)->raw_fd;
}

/* As many bytes as the storage gives, straight into buf where both are aligned. */
static size_t read_raw(struct sink_file *f, uint64_t off, uint8_t *buf, size_t len)
{
	uint8_t blocks[RAW_LEN] __attribute__((aligned(OUT_BLOCK)));
	size_t done = 0;

	while (done < len) {
		uint8_t *to = buf + done;
		size_t skip = (off + done) % OUT_BLOCK;
		bool straight = !(skip | (uintptr_t)to % OUT_BLOCK) &&
				len - done >= OUT_BLOCK;
		size_t n = straight ? (len - done) / OUT_BLOCK * OUT_BLOCK
				    : min_u64(len - done, RAW_LEN - skip);
		ssize_t got = pread(of(f)->raw_fd, straight ? to : blocks,
				    round_up(skip + n, OUT_BLOCK), off + done - skip);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= (ssize_t)skip)
			break;
		n = min_u64(n, got - skip);
		if (!straight)
			memcpy(to, blocks + skip, n);
		done += n;
	}
	return done;
}

/*
 * Clean pages have been dropped by the sync, most of them: what somebody was just looking
 * at stays. So it is read past the cache where that can be done; where it cannot, they are
 * dropped once more, and it is told.
 */
static bool dir_reread(struct out *o, uint64_t off, void *buf, size_t len, struct err *e)
{
	struct sink_file *f = (struct sink_file *)o;
	size_t n = open_raw(f) >= 0 ? read_raw(f, off, buf, len) : 0;

	if (n == len)
		return true;
	f->is_cached = true;
	posix_fadvise(of(f)->fd, 0, 0, POSIX_FADV_DONTNEED);
	return pread_all(of(f)->fd, (uint8_t *)buf + n, len - n, off + n, f->part, e);
}

static bool dir_lengthen(struct out *o, uint64_t len, struct err *e)
{
	struct sink_file *f = (struct sink_file *)o;

	if (f->failed)
		return sink_latch(f, e);
	if (len > f->end && ftruncate(of(f)->fd, len)) {
		fail(e, errno, "%s: cannot make it %llu bytes long: %s", f->part,
		     (unsigned long long)len, strerror(errno));
		return sink_latch(f, e);
	}
	f->end = max_u64(f->end, len);
	return true;
}

/* Space where the file system can promise it (NFS before 4.2 cannot), else the length. */
static bool dir_reserve(struct out *o, uint64_t off, uint64_t len, struct err *e)
{
	struct sink_file *f = (struct sink_file *)o;

	if (!len)
		return true;
	if (!f->failed && fallocate(of(f)->fd, 0, off, len)) {
		if (errno == EFBIG) {
			fail(e, errno, "%s: no space for %llu bytes: %s", f->part,
			     (unsigned long long)len, strerror(errno));
			return sink_latch(f, e);
		}
		/* What was taken before there was no more is of use to what fits. */
		fallocate(of(f)->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, off, len);
		o->owed += len;
	}
	return dir_lengthen(o, off + len, e);
}

static bool dir_sync(struct out *o, struct err *e)
{
	struct sink_file *f = (struct sink_file *)o;

	if (f->failed)
		return sink_latch(f, e);
	if (fsync(of(f)->fd)) {
		fail(e, errno, "%s: not all of it reached the disk: %s", f->part,
		     strerror(errno));
		return sink_latch(f, e);
	}
	count_durable(f, of(f)->started + of(f)->fresh);
	of(f)->started = of(f)->fresh = 0;
	posix_fadvise(of(f)->fd, 0, 0, POSIX_FADV_DONTNEED);
	return true;
}

static const struct out_ops file_ops = {
	.write_at = dir_write_at,
	.read_at = dir_read_at,
	.reread = dir_reread,
	.lengthen = dir_lengthen,
	.reserve = dir_reserve,
	.sync = dir_sync,
};

static void close_file(struct sink_file *f)
{
	if (of(f)->fd >= 0)
		close(take_fd(&of(f)->fd));
	if (of(f)->raw_fd >= 0)
		close(take_fd(&of(f)->raw_fd));
}

/* ---- the folder ------------------------------------------------------------- */

/* What files are called now is on the storage. */
static bool sync_names(struct sink *s, struct err *e)
{
	return !fsync(folder_of(s)) || fail(e, errno, "%s: cannot sync the folder: %s",
					    s->where, strerror(errno));
}

static bool dir_has(struct sink *s, const char *name)
{
	return !faccessat(folder_of(s), name, F_OK, AT_SYMLINK_NOFOLLOW);
}

static bool dir_move(struct sink *s, const char *from, const char *to, struct err *e)
{
	if (renameat(folder_of(s), from, folder_of(s), to))
		return fail(e, errno, "%s/%s: cannot rename to %s: %s", s->where, from, to,
			    strerror(errno));
	return sync_names(s, e);
}

static bool dir_remove(struct sink *s, const char *name, struct err *e)
{
	if (unlinkat(folder_of(s), name, 0))
		return fail(e, errno, "%s/%s: cannot remove: %s", s->where, name,
			    strerror(errno));
	return sync_names(s, e);
}

static bool dir_space(struct sink *s, uint64_t *free_ret, struct err *e)
{
	return free_space(folder_of(s), !geteuid(), free_ret, e) || within(e, "%s", s->where);
}

static bool dir_create(struct sink *s, const char *name, struct sink_file *f,
		       struct err *e)
{
	sink_file_begin(f, s, name, &file_ops);
	of(f)->fd = of(f)->raw_fd = -1;
	of(f)->step = STEP_MIN;
	/* A leftover part may be a link somebody planted: it goes, never followed. */
	if (unlinkat(folder_of(s), f->part, 0) && errno != ENOENT)
		return fail(e, errno, "%s/%s: cannot replace: %s", s->where, f->part,
			    strerror(errno));
	of(f)->fd = openat(folder_of(s), f->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
			   0600);
	if (of(f)->fd < 0)
		return fail(e, errno, "%s/%s: cannot create: %s", s->where, f->part,
			    strerror(errno));
	/* All that will be in it is worth nothing without its name. */
	if (!sync_names(s, e)) {
		s->ops->abandon(f, false);
		return false;
	}
	return true;
}

/* Under its new name it must be the file that we wrote. */
static bool is_there(struct sink_file *f, struct err *e)
{
	cleanup_fd int fd = openat(folder_of(f->sink), f->name,
				   O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st, ours;

	if (fd < 0 || fstat(fd, &st) || fstat(of(f)->fd, &ours))
		return fail(e, errno, "%s: cannot be opened again: %s", f->name,
			    strerror(errno));
	if ((uint64_t)st.st_size != f->end)
		return fail(e, EIO, "%s: opened again, it has %llu bytes, %llu expected",
			    f->name, (unsigned long long)st.st_size,
			    (unsigned long long)f->end);
	return (st.st_dev == ours.st_dev && st.st_ino == ours.st_ino) ||
	       fail(e, EIO, "%s: opened again, it is another file", f->name);
}

/* A name is a promise that could not be kept. */
static void take_name_back(struct sink_file *f, struct err *e)
{
	struct sink *s = f->sink;
	struct err ignored;

	renameat(folder_of(s), f->name, folder_of(s), f->part);
	sync_names(s, &ignored);
	if (dir_has(s, f->name))
		within(e, "%s is there, but is not to be trusted", f->name);
}

static bool dir_commit(struct sink_file *f, struct err *e)
{
	struct sink *s = f->sink;
	struct stat st;

	if (!dir_sync(&f->out, e))
		return false;
	if (fstatat(folder_of(s), f->part, &st, AT_SYMLINK_NOFOLLOW))
		return fail(e, errno, "%s/%s: gone after it was written: %s", s->where,
			    f->part, strerror(errno));
	if (!sink_file_has_len(f, st.st_size, e))
		return false;
	if (renameat(folder_of(s), f->part, folder_of(s), f->name))
		return fail(e, errno, "%s/%s: cannot rename to %s: %s", s->where, f->part,
			    f->name, strerror(errno));
	if (!sync_names(s, e) || !is_there(f, e)) {
		take_name_back(f, e);
		return false;
	}
	close_file(f);
	return true;
}

static void dir_abandon(struct sink_file *f, bool keep)
{
	close_file(f);
	if (!keep)
		unlinkat(folder_of(f->sink), f->part, 0);
}

static void dir_close(struct sink *s)
{
	struct dir_sink *own = (struct dir_sink *)s->own;

	if (own->fd >= 0)
		close(take_fd(&own->fd));
}

static const struct sink_ops dir_ops = {
	.scheme = "dir",
	.has = dir_has,
	.move = dir_move,
	.remove = dir_remove,
	.space = dir_space,
	.create = dir_create,
	.commit = dir_commit,
	.abandon = dir_abandon,
	.close = dir_close,
};

/* Paths have their root in front, for messages and whoever comes after us. */
static bool name_folder(const struct sink_folder *at, const char *path, char *where,
			struct err *e)
{
	const char *root = at->root ? at->root : "";

	return snprintf(where, SINK_WHERE_MAX, "%s%s", root, path) < SINK_WHERE_MAX ||
	       fail(e, ENAMETOOLONG, "%s%s: name too long", root, path);
}

static bool open_folder(struct sink *s, int root_fd, const struct sink_folder *at,
			const char *path, struct err *e)
{
	struct dir_sink *own = (struct dir_sink *)s->own;

	*s = (struct sink){ .ops = &dir_ops, .durable = at->durable, .reads_beside = true };
	own->fd = -1;
	if (!name_folder(at, path, s->where, e))
		return false;
	own->fd = below_open(root_fd, path, e);
	return own->fd >= 0;
}

bool sink_dir_open(struct sink *s, const struct sink_folder *at, struct err *e)
{
	cleanup_fd int root_fd = below_root(at->root, e);
	unsigned n_made = 0;

	if (root_fd == -1 || !below_make(root_fd, at->path, &n_made, e) ||
	    !open_folder(s, root_fd, at, at->path, e))
		return false;
	s->n_made = n_made;
	return true;
}

/* The folder that it comes into, and which is open. */
static bool make_in(void *ctx, const char *path, struct err *e)
{
	const int *parent_fd = ctx;

	if (mkdirat(*parent_fd, strrchr(path, '/') + 1, 0700))
		return fail(e, errno, "%s: cannot make the folder: %s", path, strerror(errno));
	return true;
}

bool sink_dir_new(struct sink *s, const struct sink_folder *parent, const char *name,
		  char *made, struct err *e)
{
	cleanup_fd int root_fd = below_root(parent->root, e);
	cleanup_fd int parent_fd = -1;
	unsigned n_made = 0;
	char path[SINK_WHERE_MAX];

	if (root_fd == -1 || !below_make(root_fd, parent->path, &n_made, e))
		return false;
	parent_fd = below_open(root_fd, parent->path, e);
	if (parent_fd < 0 ||
	    !sink_new_folder(parent->path, name, path, make_in, &parent_fd, e))
		return false;
	name_folder(parent, path, made, e);
	fsync(parent_fd);
	if (!open_folder(s, root_fd, parent, path, e))
		return false;
	s->n_made = n_made;
	return true;
}

bool sink_dir_owner(const struct sink *s, uint32_t *uid_ret)
{
	struct stat st;

	if (folder_of(s) < 0 || fstat(folder_of(s), &st))
		return false;
	*uid_ret = st.st_uid;
	return true;
}
