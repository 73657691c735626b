//! The body of a function of WebAssembly, before it is known what numbers others have.

use crate::helpers::Helper;
use wasm_encoder::BranchHint;

/// What a function becomes.
pub(crate) struct Body {
    pub code: Vec<u8>,
    /// Which of its branches are mostly taken.
    pub hints: Vec<BranchHint>,
    /// Where it calls helpers, and which: a byte for the number of each.
    pub helpers: Vec<(usize, Helper)>,
    /// Where it calls itself: five bytes for its number.
    pub itself: Vec<usize>,
}

impl Body {
    pub fn called(&self) -> impl Iterator<Item = Helper> {
        self.helpers.iter().map(|&(_, helper)| helper)
    }

    /// The code, with the numbers that functions have in the module.
    pub fn numbered(mut self, of_helper: impl Fn(Helper) -> u8, itself: u32) -> Vec<u8> {
        for (at, helper) in self.helpers {
            self.code[at] = of_helper(helper);
        }
        for at in self.itself {
            for (index, byte) in self.code[at..at + 5].iter_mut().enumerate() {
                let more = if index < 4 { 0x80 } else { 0 };
                *byte = (itself >> (7 * index) & 0x7f) as u8 | more;
            }
        }
        self.code
    }
}
