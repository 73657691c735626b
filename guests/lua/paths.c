/*
** Paths and error numbers. The host knows the working directory and what paths
** lead to, so the C library's table of granted directories is left out.
*/

/* The C library asks this of every path before it gives it to the host. */
int __wasilibc_find_relpath_alloc (const char *path, const char **prefix,
                                   char **relative, size_t *size, int can_grow) {
  (void)size; (void)can_grow;
  *prefix = "";
  *relative = (char *)path;  /* it is only read, and the host takes it as it is */
  return DESCRIPTOR_WORKING;
}

/* The texts of glibc, where those of the C library differ. */
static const char *luago_strerror (int code) {
  switch (code) {
    case E2BIG: return "Argument list too long";
    case EBUSY: return "Device or resource busy";
    case EIO: return "Input/output error";
    case ELOOP: return "Too many levels of symbolic links";
    case EMFILE: return "Too many open files";
    case ENAMETOOLONG: return "File name too long";
    case ENFILE: return "Too many open files in system";
    case ENOMEM: return "Cannot allocate memory";
    case ENOSYS: return "Function not implemented";
    case ENOTCAPABLE: return "Symbolic link leads outside of the granted directories";
    case ENOTSUP: return "Operation not supported";
    case ENOTTY: return "Inappropriate ioctl for device";
    case EOVERFLOW: return "Value too large for defined data type";
    case ESPIPE: return "Illegal seek";
    case EXDEV: return "Invalid cross-device link";
    case 0: return "Success";
    default: return (strerror)(code);
  }
}

/* The number that Linux has for an error, as Lua shows it. */
static int luago_errno (int code) {
  static const struct { unsigned char wasi, own; } numbers[] = {
    {E2BIG, 7}, {EACCES, 13}, {EAGAIN, 11}, {EBADF, 9}, {EBUSY, 16},
    {ECHILD, 10}, {EDEADLK, 35}, {EDOM, 33}, {EDQUOT, 122}, {EEXIST, 17},
    {EFAULT, 14}, {EFBIG, 27}, {EILSEQ, 84}, {EINTR, 4}, {EINVAL, 22},
    {EIO, 5}, {EISDIR, 21}, {ELOOP, 40}, {EMFILE, 24}, {EMLINK, 31},
    {ENAMETOOLONG, 36}, {ENFILE, 23}, {ENODEV, 19}, {ENOENT, 2},
    {ENOEXEC, 8}, {ENOLCK, 37}, {ENOMEM, 12}, {ENOSPC, 28}, {ENOSYS, 38},
    {ENOTDIR, 20}, {ENOTEMPTY, 39}, {ENOTSUP, 95}, {ENOTTY, 25}, {ENXIO, 6},
    {EOVERFLOW, 75}, {EPERM, 1}, {EPIPE, 32}, {ERANGE, 34}, {EROFS, 30},
    {ESPIPE, 29}, {ESRCH, 3}, {ESTALE, 116}, {ETIMEDOUT, 110},
    {ETXTBSY, 26}, {EXDEV, 18}, {ENOTCAPABLE, 13}
  };
  size_t i;
  for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
    if (numbers[i].wasi == code) return numbers[i].own;
  return code;
}
