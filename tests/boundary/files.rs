//! Files, folders and standard streams.
