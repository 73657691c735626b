//! From a frame to Rust values.

use super::decoder::Decoder;
use super::results::Top;
use crate::value::conversion_error::ConversionError;
use serde::de::DeserializeOwned;

impl Decoder<'_> {
    /// The results of a call: one each for the elements of a tuple, all of them for a
    /// [`Variadic`](crate::Variadic), none for a unit, the first for anything else.
    /// Missing ones are nil, further ones are ignored. They are the embedder's, who has asked
    /// for them, so only the rules say how large they may be.
    #[inline]
    pub fn results<T: DeserializeOwned>(&mut self) -> Result<T, ConversionError> {
        self.weight.allow_all();
        match T::deserialize(Top::new(self)) {
            Ok(value) => Ok(value),
            Err(error) if self.result == 0 => Err(error.at_root("result")),
            Err(error) => Err(error.at_root(&format!("result {}", self.result))),
        }
    }

    /// The arguments of a call, in the same way.
    #[inline]
    pub fn arguments<T: DeserializeOwned>(&mut self) -> Result<T, ConversionError> {
        T::deserialize(Top::new(self))
            .map_err(|error| error.at_root(&format!("argument #{}", self.result.max(1))))
    }

    /// The next value, or all that are left for a [`Variadic`](crate::Variadic); nil
    /// at the end. Its root is for the caller to add.
    #[inline]
    pub fn value<T: DeserializeOwned>(&mut self) -> Result<T, ConversionError> {
        T::deserialize(Top::element(self))
    }
}
