/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names that the kernel keeps in pieces: paths of files, of cgroups. */
#ifndef TRIAGE_PATHS_H
#define TRIAGE_PATHS_H

#include "field.h"

#define PATH_TEXT 256

struct path_facts {
	struct field dentry_parent, dentry_name;	/* d_parent, d_name.name */
	struct field dentry_inode, dentry_sb;
	struct field file_dentry, file_mnt;	/* f_path.dentry, f_path.mnt */
	struct field path_dentry, path_mnt;	/* struct path */
	struct field mnt_root;			/* struct vfsmount */
	struct field mount_mnt, mount_parent, mount_point;	/* struct mount */
	struct field sb_type, sb_id, type_name;
	struct field node_name, node_parent;	/* struct kernfs_node */
	struct field inode_sb, inode_number, inode_dentries, dentry_alias;
	struct field host;			/* struct address_space */
};

extern const struct wish_set path_wishes;

struct paths {
	struct space *space;
	const struct path_facts *facts;
};

/* Where a file lies. */
struct file_place {
	char path[PATH_TEXT];	/* "..." in front where it is longer */
	char fs[24];		/* "ext4" */
	char device[32];	/* the superblock's name: "vda1", "proc" */
};

/* Of struct file, of struct path. False: not to be read. */
bool path_of_file(const struct paths *p, vaddr_t file, struct file_place *place);
bool path_of(const struct paths *p, vaddr_t path, struct file_place *place);

/* Of struct dentry: its path from the root of its file system. */
bool path_of_dentry(const struct paths *p, vaddr_t dentry, struct file_place *place);

/* Of struct inode: its path from the root of its file system, "" it has no name in memory. */
bool path_of_inode(const struct paths *p, vaddr_t inode, struct file_place *place,
		   uint64_t *number);

/* Where a struct mount hangs; type and device of a struct super_block, without a path. */
bool path_of_mount(const struct paths *p, vaddr_t mount, struct file_place *place);
void path_of_super(const struct paths *p, vaddr_t sb, struct file_place *place);

/* Of a kernfs_node, as "/system.slice/ssh.service". */
bool path_of_node(const struct paths *p, vaddr_t node, char path[PATH_TEXT]);

#endif
