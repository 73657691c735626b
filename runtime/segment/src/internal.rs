//! What `luago` has to know of segments and their users do not: it maps them into the memory
//! of guests, passes them in frames of its own, and waits at rings on behalf of guests. It is
//! public only because `luago` is another crate, and can change with every version.
#![doc(hidden)]

pub use crate::layout::struct_layout::{FieldType, StructCheck, StructLayout};
pub use crate::memfd::MemoryFile;
pub use crate::region::Region;
pub use crate::ring::header::Ring;
pub use crate::ring::wait::Waited;
pub use crate::segment::{Described, EXPECTED, SegmentParts};
pub use crate::serde_bridge::{BridgeDeserializer, Bridged, deserialize, serialize, take};
pub use crate::shared::{Charge, GUEST_PAGE, Shared, can_map, whole_pages};
pub use crate::side::Side;
pub use crate::waiters::{Waiters, new_owner};
