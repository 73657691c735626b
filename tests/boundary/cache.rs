//! Machine code on disk.
