/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a name to its parent, up to the root of the file system, then on from where that is
 * mounted. Written from the end of the buffer to its front.
 */
#include "paths.h"

#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 64
#define NAME_MAX_LEN 128

#define AT(member) offsetof(struct path_facts, member)

static const struct wish wishes[] = {
	WISH_FIELD("dentry.d_parent", AT(dentry_parent)),
	WISH_FIELD("dentry.d_name.name", AT(dentry_name)),
	WISH_FIELD("dentry.d_inode", AT(dentry_inode)),
	WISH_FIELD("dentry.d_sb", AT(dentry_sb)),
	WISH_FIELD("file.f_path.dentry", AT(file_dentry)),
	WISH_FIELD("file.f_path.mnt", AT(file_mnt)),
	WISH_FIELD("path.dentry", AT(path_dentry)),
	WISH_FIELD("path.mnt", AT(path_mnt)),
	WISH_FIELD("vfsmount.mnt_root", AT(mnt_root)),
	WISH_FIELD("mount.mnt", AT(mount_mnt)),
	WISH_FIELD("mount.mnt_parent", AT(mount_parent)),
	WISH_FIELD("mount.mnt_mountpoint", AT(mount_point)),
	WISH_FIELD("super_block.s_type", AT(sb_type)),
	WISH_FIELD("super_block.s_id", AT(sb_id)),
	WISH_FIELD("file_system_type.name", AT(type_name)),
	WISH_FIELD("kernfs_node.name", AT(node_name)),
	WISH_FIELD("kernfs_node.parent", AT(node_parent)),
	WISH_FIELD("kernfs_node.__parent", AT(node_parent)),
	WISH_FIELD("inode.i_sb", AT(inode_sb)),
	WISH_FIELD("inode.i_ino", AT(inode_number)),
	WISH_FIELD("inode.i_dentry", AT(inode_dentries)),
	WISH_FIELD("address_space.host", AT(host)),
	WISH_FIELD("dentry.d_u.d_alias", AT(dentry_alias)),
	WISH_FIELD("dentry.d_alias", AT(dentry_alias)),
};

const struct wish_set path_wishes = WISH_SET(wishes, struct path_facts);

struct backwards {
	char text[PATH_TEXT];
	size_t at;		/* where the text begins */
	bool cut;
};

static void put_front(struct backwards *b, const char *name)
{
	size_t len = strlen(name);

	if (b->cut || b->at < len + 1 + 3) {
		b->cut = true;
		return;
	}
	b->at -= len;
	memcpy(b->text + b->at, name, len);
	b->text[--b->at] = '/';
}

static void finish(struct backwards *b, char path[PATH_TEXT])
{
	snprintf(path, PATH_TEXT, "%s%s", b->cut ? "..." : "",
		 b->text[b->at] ? b->text + b->at : "/");
}

static void start(struct backwards *b)
{
	memset(b, 0, sizeof(*b));
	b->at = PATH_TEXT - 1;
}

/* One step up: over the root of a mount to where it is mounted. False: this is the top. */
static bool go_up(const struct paths *p, vaddr_t *dentry, vaddr_t *mnt)
{
	const struct path_facts *f = p->facts;
	vaddr_t parent = field_value(p->space, *dentry, f->dentry_parent), mount, above;

	if (*dentry != field_value(p->space, *mnt, f->mnt_root) && parent &&
	    parent != *dentry) {
		*dentry = parent;
		return true;
	}
	if (!*mnt || !has(f->mount_mnt.off))
		return false;
	mount = *mnt - f->mount_mnt.off;
	above = field_value(p->space, mount, f->mount_parent);
	if (!above || above == mount)
		return false;
	*dentry = field_value(p->space, mount, f->mount_point);
	*mnt = above + f->mount_mnt.off;
	return *dentry;
}

static bool is_mount_root(const struct paths *p, vaddr_t dentry, vaddr_t mnt)
{
	return mnt && dentry == field_value(p->space, mnt, p->facts->mnt_root);
}

static bool walk(const struct paths *p, vaddr_t dentry, vaddr_t mnt, struct backwards *b)
{
	char name[NAME_MAX_LEN];

	for (unsigned i = 0; i < DEPTH_MAX; i++) {
		if (!is_mount_root(p, dentry, mnt)) {
			vaddr_t at = field_value(p->space, dentry, p->facts->dentry_name);

			text_at(p->space, at, name, sizeof(name));
			if (!name[0])
				return i;
			if (strcmp(name, "/"))
				put_front(b, name);
		}
		if (!go_up(p, &dentry, &mnt))
			return true;
	}
	b->cut = true;
	return true;
}

void path_of_super(const struct paths *p, vaddr_t sb, struct file_place *place)
{
	const struct path_facts *f = p->facts;
	vaddr_t type = field_value(p->space, sb, f->sb_type);

	place->path[0] = '\0';
	text_at(p->space, field_value(p->space, type, f->type_name), place->fs,
		sizeof(place->fs));
	field_text(p->space, sb, f->sb_id, place->device, sizeof(place->device));
}

static bool place_of(const struct paths *p, vaddr_t dentry, vaddr_t mnt,
		     struct file_place *place)
{
	struct backwards b;

	memset(place, 0, sizeof(*place));
	if (!dentry)
		return false;
	start(&b);
	if (!walk(p, dentry, mnt, &b))
		return false;
	path_of_super(p, field_value(p->space, dentry, p->facts->dentry_sb), place);
	finish(&b, place->path);
	return true;
}

bool path_of_mount(const struct paths *p, vaddr_t mount, struct file_place *place)
{
	vaddr_t mnt = mount + p->facts->mount_mnt.off;

	memset(place, 0, sizeof(*place));
	return has(p->facts->mount_mnt.off) &&
	       place_of(p, field_value(p->space, mnt, p->facts->mnt_root), mnt, place);
}

bool path_of_dentry(const struct paths *p, vaddr_t dentry, struct file_place *place)
{
	return place_of(p, dentry, 0, place);
}

bool path_of_inode(const struct paths *p, vaddr_t inode, struct file_place *place,
		   uint64_t *number)
{
	const struct path_facts *f = p->facts;
	vaddr_t sb = field_value(p->space, inode, f->inode_sb);
	vaddr_t alias = field_value(p->space, inode, f->inode_dentries);
	vaddr_t dentry = alias && has(f->dentry_alias.off) ? alias - f->dentry_alias.off : 0;

	memset(place, 0, sizeof(*place));
	if (!field_read(p->space, inode, f->inode_number, number))
		return false;
	/* Its name is believed if that leads back to it. */
	if (!dentry || field_value(p->space, dentry, f->dentry_inode) != inode ||
	    !place_of(p, dentry, 0, place))
		path_of_super(p, sb, place);
	return place->fs[0];
}

bool path_of_file(const struct paths *p, vaddr_t file, struct file_place *place)
{
	return place_of(p, field_value(p->space, file, p->facts->file_dentry),
			field_value(p->space, file, p->facts->file_mnt), place);
}

bool path_of(const struct paths *p, vaddr_t path, struct file_place *place)
{
	return place_of(p, field_value(p->space, path, p->facts->path_dentry),
			field_value(p->space, path, p->facts->path_mnt), place);
}

bool path_of_node(const struct paths *p, vaddr_t node, char path[PATH_TEXT])
{
	const struct path_facts *f = p->facts;
	char name[NAME_MAX_LEN];
	struct backwards b;

	start(&b);
	path[0] = '\0';
	for (unsigned i = 0; i < DEPTH_MAX && node; i++) {
		vaddr_t parent;

		if (!field_read(p->space, node, f->node_parent, &parent))
			return false;
		text_at(p->space, field_value(p->space, node, f->node_name), name,
			sizeof(name));
		if (parent)
			put_front(&b, name);
		node = parent;
	}
	finish(&b, path);
	return true;
}
