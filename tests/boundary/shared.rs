//! What all sandboxes of a process have together.
