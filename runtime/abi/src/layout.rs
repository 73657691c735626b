//! Layouts: what stands where in a value in a segment.

facts! {
    /// The scalars in the description of a layout.
    pub mod scalar (c "SCALAR", go "scalar") {
        /// A byte; any but 0 is true.
        BOOL: str = "bool";
        /// A signed integer of 8 bits.
        I8: str = "i8";
        /// An unsigned integer of 8 bits.
        U8: str = "u8";
        /// A signed integer of 16 bits.
        I16: str = "i16";
        /// An unsigned integer of 16 bits.
        U16: str = "u16";
        /// A signed integer of 32 bits.
        I32: str = "i32";
        /// An unsigned integer of 32 bits.
        U32: str = "u32";
        /// A float of 32 bits.
        F32: str = "f32";
        /// A signed integer of 64 bits.
        I64: str = "i64";
        /// An unsigned integer of 64 bits.
        U64: str = "u64";
        /// A float of 64 bits.
        F64: str = "f64";
    }
}

facts! {
    /// How large a layout can be.
    pub mod limit (c "LAYOUT", go "layout") {
        /// The most levels of structs inside each other.
        MAX_DEPTH: u32 = 16;
        /// The most bytes of a value.
        MAX_SIZE: u32 = super::super::segment::size::MAX;
        /// The most bytes of a description.
        MAX_DESCRIPTION: u32 = 64 << 10;
    }
}

facts! {
    /// Fields of structs.
    pub mod field (c "FIELD", go "field") {
        /// The most bytes of the name of a field.
        MAX_NAME: u32 = 255;
    }
}

facts! {
    /// The fingerprint of a layout is FNV-1a of 64 bits.
    pub mod fingerprint (c "FINGERPRINT", go "fingerprint") {
        /// What it begins with.
        BASIS: u64 = 0xcbf2_9ce4_8422_2325;
        /// What it is multiplied with after each byte.
        PRIME: u64 = 0x0100_0000_01b3;
    }
}
