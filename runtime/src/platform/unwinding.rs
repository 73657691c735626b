//! How the system unwinds through machine code.

/// Whether compiled guests have to come with what the system needs to unwind through them. Only
/// Windows insists, as it finds what handles a fault that way; elsewhere it would be for
/// debuggers alone.
pub const NEEDS_TABLES: bool = cfg!(windows);
