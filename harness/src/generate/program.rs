//! A program, and its text.

use super::derivation::Node;
use super::grammar::Grammar;
use super::prelude;
use std::fmt;

/// A generated program.
#[derive(Clone)]
pub struct Program {
    pub(super) grammar: &'static Grammar,
    pub(super) root: Node,
}

impl Program {
    /// The Lua text, with those helper functions before it that it uses.
    pub fn source(&self) -> String {
        let body = self.body();
        let mut source = prelude::of(&body);
        source.push_str(&body);
        source
    }

    fn body(&self) -> String {
        let mut body = String::with_capacity(1024);
        self.root.render(self.grammar, &mut body);
        body.push('\n');
        body
    }

    /// What shrinking makes smaller: the length of the text, then what it consists of.
    pub(super) fn size(&self) -> (usize, u64) {
        let body = self.body();
        (prelude::of(&body).len() + body.len(), self.root.distance())
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source())
    }
}
