//! Deadlines and interrupts.
