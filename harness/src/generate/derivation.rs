//! Programs as trees: which alternatives were taken, and what stands in their holes.
//!
//! Whatever is exchanged in such a tree for something of the same rule, the text stays one
//! that the rules describe. So shrinking cannot leave what is safe to run.

use super::broken::{self, Edit};
use super::grammar::{Grammar, Piece, Separator};

/// A part of a program.
#[derive(Clone)]
pub enum Node {
    /// An alternative of a rule, and what fills its holes.
    Choice { rule: usize, alternative: usize, holes: Vec<Node> },
    /// Several parts, of which `least` have to stay.
    List { least: usize, separator: Separator, items: Vec<Node> },
    /// An integer within bounds.
    Integer { least: i64, most: i64, value: i64 },
    /// A string literal with the text of a part, after some changes to it.
    Quoted { inner: Box<Node>, edits: Vec<Edit> },
}

impl Node {
    /// The parts directly below.
    pub fn below(&self) -> &[Node] {
        match self {
            Node::Choice { holes, .. } => holes,
            Node::List { items, .. } => items,
            Node::Integer { .. } => &[],
            Node::Quoted { inner, .. } => std::slice::from_ref(inner),
        }
    }

    fn below_mut(&mut self) -> &mut [Node] {
        match self {
            Node::Choice { holes, .. } => holes,
            Node::List { items, .. } => items,
            Node::Integer { .. } => &mut [],
            Node::Quoted { inner, .. } => std::slice::from_mut(inner),
        }
    }

    /// The part with that number, counted from the top down; what is left to count if there is none.
    pub fn part(&self, mut number: usize) -> Result<&Node, usize> {
        if number == 0 {
            return Ok(self);
        }
        number -= 1;
        for node in self.below() {
            match node.part(number) {
                Err(left) => number = left,
                found => return found,
            }
        }
        Err(number)
    }

    /// The same, to be changed.
    pub fn part_mut(&mut self, mut number: usize) -> Result<&mut Node, usize> {
        if number == 0 {
            return Ok(self);
        }
        number -= 1;
        for node in self.below_mut() {
            match node.part_mut(number) {
                Err(left) => number = left,
                found => return found,
            }
        }
        Err(number)
    }

    /// How far from the simplest it is, among texts of one length.
    pub fn distance(&self) -> u64 {
        let own = match self {
            Node::Choice { alternative, .. } => *alternative as u64,
            Node::List { .. } => 0,
            Node::Integer { value, .. } => {
                value.unsigned_abs().saturating_mul(2) + u64::from(*value < 0)
            }
            Node::Quoted { edits, .. } => edits.len() as u64,
        };
        self.below().iter().map(Node::distance).fold(own, u64::saturating_add)
    }

    /// Appends its Lua text.
    pub fn render(&self, grammar: &Grammar, out: &mut String) {
        match self {
            Node::Choice { rule, alternative, holes } => {
                let mut holes = holes.iter();
                let indent = indent(out);
                for piece in &grammar.rule(*rule).alternatives[*alternative].pieces {
                    match piece {
                        Piece::Text(text) => put(text, indent, out),
                        _ => holes.by_ref().take(1).for_each(|node| node.render(grammar, out)),
                    }
                }
            }
            Node::List { separator, items, .. } => {
                let indent = indent(out);
                for (index, node) in items.iter().enumerate() {
                    if index > 0 || separator.leads {
                        put(separator.text, indent, out);
                    }
                    node.render(grammar, out);
                }
            }
            Node::Integer { value, .. } => out.push_str(&value.to_string()),
            Node::Quoted { inner, edits } => {
                let mut text = String::new();
                inner.render(grammar, &mut text);
                broken::quote(&broken::apply(text, edits), out);
            }
        }
    }
}

/// By how much the last line is indented.
fn indent(text: &str) -> usize {
    let line = &text[text.rfind('\n').map_or(0, |at| at + 1)..];
    line.len() - line.trim_start_matches(' ').len()
}

/// Appends text, with its further lines indented.
fn put(text: &str, indent: usize, out: &mut String) {
    let mut lines = text.split('\n');
    out.push_str(lines.next().unwrap_or_default());
    for line in lines {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', indent));
        out.push_str(line);
    }
}
