//! Memory that guests and the host share.
