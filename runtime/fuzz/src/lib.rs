//! What the fuzz targets share: guests whose behaviour is the input, and a watch on what
//! they cost the host.

pub mod host;
pub mod imports;
pub mod machine;
pub mod program;
pub mod watch;
