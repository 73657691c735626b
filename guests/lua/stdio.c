/*
** Standard streams go straight to the host; every other descriptor is WASI's.
** These take the place of the C library's own functions of the same names.
*/

#include <sys/uio.h>
#include <unistd.h>
#include <wasi/api.h>

/* The C library keeps this many bytes of a buffer for 'ungetc'. */
#define UNGET_SIZE	8
/* Output that the script has written and the host has not seen yet. */
static char output_buffer[OUTPUT_SIZE + UNGET_SIZE];
static char input_buffer[OUTPUT_SIZE + UNGET_SIZE];

static void setup_stdio (void) {
  setvbuf(stdout, output_buffer, _IOFBF, sizeof(output_buffer));
  setvbuf(stdin, input_buffer, _IOFBF, sizeof(input_buffer));
}

ssize_t writev (int fd, const struct iovec *iov, int count) {
  if (fd > 2) {
    size_t written = 0;
    __wasi_errno_t error = __wasi_fd_write((__wasi_fd_t)fd,
                             (const __wasi_ciovec_t *)iov, (size_t)count, &written);
    if (error != 0) { errno = error; return -1; }
    return (ssize_t)written;
  }
  else {
    ssize_t total = 0;
    int i;
    for (i = 0; i < count; i++) {
      int n;
      if (iov[i].iov_len == 0) continue;
      n = host_write(fd, iov[i].iov_base, iov[i].iov_len);
      if (n < 0) { errno = -n; return -1; }
      total += n;
    }
    return total;
  }
}

/* WASI says of a directory only that it cannot be read. */
static int is_directory (int fd) {
  __wasi_fdstat_t about;
  return __wasi_fd_fdstat_get((__wasi_fd_t)fd, &about) == 0 &&
         about.fs_filetype == __WASI_FILETYPE_DIRECTORY;
}

ssize_t readv (int fd, const struct iovec *iov, int count) {
  if (fd > 2) {
    size_t n = 0;
    __wasi_errno_t error = __wasi_fd_read((__wasi_fd_t)fd,
                             (const __wasi_iovec_t *)iov, (size_t)count, &n);
    if (error == __WASI_ERRNO_BADF && is_directory(fd)) error = __WASI_ERRNO_ISDIR;
    if (error != 0) { errno = error; return -1; }
    return (ssize_t)n;
  }
  else {
    ssize_t total = 0;
    int i;
    fflush(stdout);  /* a prompt appears before its answer is read */
    for (i = 0; i < count; i++) {
      int n;
      if (iov[i].iov_len == 0) continue;
      n = host_read(fd, iov[i].iov_base, iov[i].iov_len);
      if (n < 0) {
        if (total > 0) break;
        errno = -n;
        return -1;
      }
      total += n;
      if ((size_t)n < iov[i].iov_len) break;
    }
    return total;
  }
}

/* The C library refills a buffer for a single byte by this function. */
ssize_t read (int fd, void *data, size_t len) {
  struct iovec iov = {data, len};
  return readv(fd, &iov, 1);
}

int isatty (int fd) {
  if (fd >= 0 && fd <= 2 && host_is_terminal(fd)) return 1;
  errno = ENOTTY;
  return 0;
}
