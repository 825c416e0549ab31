// A file system that passes everything through to a folder, until it is told to fail.
//
//   faultdisk BACKING MOUNTPOINT [volatile]
//
// Commands are lines on standard input; each is answered by "done COMMAND" on standard output. When standard
// input ends, it unmounts itself and ends, so that no mount outlives the test that made it.
//
//   ok           all is well again
//   eio          writes fail with EIO
//   enospc       writes fail with ENOSPC; names can still be made, as on a real disk with inodes left
//   readonly     whatever changes anything fails with EROFS, files that are open included
//   denied       new files and folders, renames and deletions fail with EACCES; open files can be written
//   slow MS      every write, sync and opening of a file takes so long
//   power        the power fails: from now on nothing reaches the folder any more
//
// Power loss. What was not synced must be gone. A plain FUSE daemon is never told of syncfs(2): the kernel sends
// FUSE_SYNCFS to virtiofs and fuseblk only (fs/fuse/inode.c, fuse_sync_fs). But syncfs first has the kernel write back
// every dirty page, and with a write-back cache ("volatile") these are the only writes that come here: write(2) ends in
// the page cache, which so plays the cache that a power failure empties, and the folder holds exactly what the kernel
// has written back on fsync, fdatasync and syncfs, lengths included. (It also writes back what is dirty for 30 s, as it
// does on any disk, and, unlike other disks, a file that is closed: so it is files that are open that lose.) Names come here at once; real file systems commit them with the next sync. So "power" takes away
// each file made here of which no byte was ever written back. Not modelled: renames and deletions that are undone.
#define FUSE_USE_VERSION 35
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum mode { MODE_OK, MODE_EIO, MODE_ENOSPC, MODE_READONLY, MODE_DENIED, MODE_SLOW, MODE_POWER };

#define MAX_CREATED 65536

static char root[4096];
static int is_volatile;
static _Atomic int mode;
static _Atomic int delay_ms;
static char *created[MAX_CREATED];
static int created_count;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static struct fuse *instance;

static int path_of(char *to, const char *path)
{
    int length = snprintf(to, 4096, "%s%s", root, path);
    return length < 4096 ? 0 : -ENAMETOOLONG;
}

static void be_slow(void)
{
    // In pieces, so that the next command lets go whatever waits.
    for (int left = delay_ms; mode == MODE_SLOW && left > 0; left -= 10) {
        struct timespec pause = { 0, (left < 10 ? left : 10) * 1000000L };
        nanosleep(&pause, NULL);
    }
}

// What every operation asks first.
static int on_any(void) { return mode == MODE_POWER ? -EIO : 0; }

// What everything that makes, moves or takes away names asks first.
static int on_names(void)
{
    switch (mode) {
    case MODE_POWER: return -EIO;
    case MODE_READONLY: return -EROFS;
    case MODE_DENIED: return -EACCES;
    default: return 0;
    }
}

// What everything that changes bytes asks first.
static int on_bytes(void)
{
    be_slow();
    switch (mode) {
    case MODE_POWER:
    case MODE_EIO: return -EIO;
    case MODE_ENOSPC: return -ENOSPC;
    case MODE_READONLY: return -EROFS;
    default: return 0;
    }
}

#define RETURN_IF(check) do { int refused = (check); if (refused) return refused; } while (0)
#define RESULT(call) ((call) == -1 ? -errno : 0)

static int fd_getattr(const char *path, struct stat *st, struct fuse_file_info *fi)
{
    RETURN_IF(on_any());
    char full[4096];
    if (fi)
        return RESULT(fstat(fi->fh, st));
    RETURN_IF(path_of(full, path));
    return RESULT(lstat(full, st));
}

static int fd_readdir(const char *path, void *buffer, fuse_fill_dir_t fill, off_t offset, struct fuse_file_info *fi, enum fuse_readdir_flags flags)
{
    (void)offset; (void)fi; (void)flags;
    RETURN_IF(on_any());
    char full[4096];
    RETURN_IF(path_of(full, path));
    DIR *directory = opendir(full);
    if (!directory)
        return -errno;
    for (struct dirent *entry; (entry = readdir(directory));)
        fill(buffer, entry->d_name, NULL, 0, 0);
    closedir(directory);
    return 0;
}

static int fd_mkdir(const char *path, mode_t permissions)
{
    RETURN_IF(on_names());
    char full[4096];
    RETURN_IF(path_of(full, path));
    return RESULT(mkdir(full, permissions));
}

static int fd_unlink(const char *path)
{
    RETURN_IF(on_names());
    char full[4096];
    RETURN_IF(path_of(full, path));
    return RESULT(unlink(full));
}

static int fd_rmdir(const char *path)
{
    RETURN_IF(on_names());
    char full[4096];
    RETURN_IF(path_of(full, path));
    return RESULT(rmdir(full));
}

static int fd_rename(const char *from, const char *to, unsigned int flags)
{
    RETURN_IF(on_names());
    char full_from[4096], full_to[4096];
    RETURN_IF(path_of(full_from, from));
    RETURN_IF(path_of(full_to, to));
    return RESULT(renameat2(AT_FDCWD, full_from, AT_FDCWD, full_to, flags));
}

static int fd_chmod(const char *path, mode_t permissions, struct fuse_file_info *fi)
{
    (void)fi;
    RETURN_IF(on_names());
    char full[4096];
    RETURN_IF(path_of(full, path));
    return RESULT(chmod(full, permissions));
}

static int fd_chown(const char *path, uid_t uid, gid_t gid, struct fuse_file_info *fi)
{
    (void)fi;
    RETURN_IF(on_names());
    char full[4096];
    RETURN_IF(path_of(full, path));
    return RESULT(lchown(full, uid, gid));
}

static int fd_utimens(const char *path, const struct timespec times[2], struct fuse_file_info *fi)
{
    (void)fi;
    RETURN_IF(on_any());
    char full[4096];
    RETURN_IF(path_of(full, path));
    return RESULT(utimensat(AT_FDCWD, full, times, AT_SYMLINK_NOFOLLOW));
}

static int fd_truncate(const char *path, off_t size, struct fuse_file_info *fi)
{
    // Giving room back works on a full disk, and not on one that fails.
    int refused = on_bytes();
    if (refused && refused != -ENOSPC)
        return refused;
    char full[4096];
    if (fi)
        return RESULT(ftruncate(fi->fh, size));
    RETURN_IF(path_of(full, path));
    return RESULT(truncate(full, size));
}

// With a write-back cache the kernel reads pages that are written in part, and does the appending itself.
static int open_flags(int flags)
{
    if (is_volatile) {
        if ((flags & O_ACCMODE) == O_WRONLY)
            flags = (flags & ~O_ACCMODE) | O_RDWR;
        flags &= ~O_APPEND;
    }
    return flags;
}

static int fd_open(const char *path, struct fuse_file_info *fi)
{
    RETURN_IF(on_any());
    int writes = (fi->flags & O_ACCMODE) != O_RDONLY;
    if (writes && (mode == MODE_READONLY || mode == MODE_DENIED))
        return mode == MODE_READONLY ? -EROFS : -EACCES;
    if (writes)
        be_slow();
    char full[4096];
    RETURN_IF(path_of(full, path));
    int fd = open(full, open_flags(fi->flags));
    if (fd == -1)
        return -errno;
    fi->fh = fd;
    return 0;
}

static int fd_create(const char *path, mode_t permissions, struct fuse_file_info *fi)
{
    be_slow();
    RETURN_IF(on_names());
    char full[4096];
    RETURN_IF(path_of(full, path));
    int fd = open(full, open_flags(fi->flags) | O_CREAT, permissions);
    if (fd == -1)
        return -errno;
    fi->fh = fd;
    if (is_volatile) {
        pthread_mutex_lock(&gate);
        if (created_count < MAX_CREATED)
            created[created_count++] = strdup(full);
        pthread_mutex_unlock(&gate);
    }
    return 0;
}

static int fd_read(const char *path, char *buffer, size_t size, off_t offset, struct fuse_file_info *fi)
{
    (void)path;
    RETURN_IF(on_any());
    ssize_t count = pread(fi->fh, buffer, size, offset);
    return count == -1 ? -errno : count;
}

static int fd_write(const char *path, const char *buffer, size_t size, off_t offset, struct fuse_file_info *fi)
{
    (void)path;
    RETURN_IF(on_bytes());
    ssize_t count = pwrite(fi->fh, buffer, size, offset);
    return count == -1 ? -errno : count;
}

static int fd_statfs(const char *path, struct statvfs *st)
{
    (void)path;
    RETURN_IF(on_any());
    if (statvfs(root, st) == -1)
        return -errno;
    if (mode == MODE_ENOSPC)
        st->f_bfree = st->f_bavail = 0;
    return 0;
}

// A disk that fails or lost its power confirms nothing. The folder itself need not be made durable: it lives on.
static int fd_fsync(const char *path, int data_only, struct fuse_file_info *fi)
{
    (void)path; (void)data_only; (void)fi;
    be_slow();
    return mode == MODE_POWER || mode == MODE_EIO ? -EIO : 0;
}

static int fd_release(const char *path, struct fuse_file_info *fi)
{
    (void)path;
    close(fi->fh);
    return 0;
}

static void *fd_init(struct fuse_conn_info *connection, struct fuse_config *config)
{
    // Tests look at the folder behind; the kernel must not believe what it saw before.
    config->entry_timeout = config->negative_timeout = config->attr_timeout = 0;
    config->hard_remove = 1;
    config->use_ino = 1;
    if (is_volatile)
        connection->want |= FUSE_CAP_WRITEBACK_CACHE;
    else
        connection->want &= ~FUSE_CAP_WRITEBACK_CACHE;
    return NULL;
}

static const struct fuse_operations operations = {
    .init = fd_init, .getattr = fd_getattr, .readdir = fd_readdir, .mkdir = fd_mkdir, .unlink = fd_unlink,
    .rmdir = fd_rmdir, .rename = fd_rename, .chmod = fd_chmod, .chown = fd_chown, .utimens = fd_utimens,
    .truncate = fd_truncate, .open = fd_open, .create = fd_create, .read = fd_read, .write = fd_write,
    .statfs = fd_statfs, .fsync = fd_fsync, .fsyncdir = fd_fsync, .release = fd_release,
};

static void lose_power(void)
{
    mode = MODE_POWER;
    // Writes under way come to their end.
    usleep(100000);
    pthread_mutex_lock(&gate);
    for (int i = 0; i < created_count; i++) {
        struct stat st;
        if (lstat(created[i], &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0)
            unlink(created[i]);
    }
    pthread_mutex_unlock(&gate);
}

static void *obey(void *unused)
{
    (void)unused;
    char line[256];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        int ms;
        if (strcmp(line, "ok") == 0) mode = MODE_OK;
        else if (strcmp(line, "eio") == 0) mode = MODE_EIO;
        else if (strcmp(line, "enospc") == 0) mode = MODE_ENOSPC;
        else if (strcmp(line, "readonly") == 0) mode = MODE_READONLY;
        else if (strcmp(line, "denied") == 0) mode = MODE_DENIED;
        else if (sscanf(line, "slow %d", &ms) == 1) { delay_ms = ms; mode = MODE_SLOW; }
        else if (strcmp(line, "power") == 0) lose_power();
        else { printf("unknown %s\n", line); fflush(stdout); continue; }
        printf("done %s\n", line);
        fflush(stdout);
    }
    fuse_exit(instance);
    // The loop wakes up for a request only.
    fuse_unmount(instance);
    return NULL;
}

int main(int count, char **words)
{
    if (count < 3 || !realpath(words[1], root)) {
        fprintf(stderr, "usage: faultdisk BACKING MOUNTPOINT [volatile]\n");
        return 2;
    }
    is_volatile = count > 3 && strcmp(words[3], "volatile") == 0;
    char *options[] = { words[0], "-o", "fsname=faultdisk", NULL };
    struct fuse_args arguments = FUSE_ARGS_INIT(3, options);
    instance = fuse_new(&arguments, &operations, sizeof operations, NULL);
    if (!instance || fuse_mount(instance, words[2]) != 0)
        return 1;
    pthread_t commands;
    pthread_create(&commands, NULL, obey, NULL);
    printf("mounted\n");
    fflush(stdout);
    struct fuse_loop_config *loop = fuse_loop_cfg_create();
    int result = fuse_loop_mt(instance, loop);
    fuse_unmount(instance);
    return result < 0 ? 1 : 0;
}
