//! Derivation trees: the alternatives of a program, and what fills their placeholders.
//!
//! A subtree may be exchanged for any other of the same rule: the text still follows the rules,
//! so that shrinking cannot lead to programs that are unsafe to run.

use super::broken::{self, Edit};
use super::grammar::{Grammar, Piece, Separator};

/// A node of a derivation tree.
#[derive(Clone)]
pub enum Node {
    /// An alternative of a rule, and what fills its placeholders.
    Choice { rule: usize, alternative: usize, children: Vec<Node> },
    /// Several nodes, of which at least `least` must stay.
    List { least: usize, separator: Separator, items: Vec<Node> },
    /// An integer within bounds.
    Integer { least: i64, most: i64, value: i64 },
    /// A string literal with the text of a node after some edits.
    Quoted { inner: Box<Node>, edits: Vec<Edit> },
}

impl Node {
    /// The children.
    pub fn children(&self) -> &[Node] {
        match self {
            Node::Choice { children, .. } => children,
            Node::List { items, .. } => items,
            Node::Integer { .. } => &[],
            Node::Quoted { inner, .. } => std::slice::from_ref(inner),
        }
    }

    fn children_mut(&mut self) -> &mut [Node] {
        match self {
            Node::Choice { children, .. } => children,
            Node::List { items, .. } => items,
            Node::Integer { .. } => &mut [],
            Node::Quoted { inner, .. } => std::slice::from_mut(inner),
        }
    }

    /// The node with this number in depth-first order; what is left to count if there is none.
    pub fn node(&self, mut number: usize) -> Result<&Node, usize> {
        if number == 0 {
            return Ok(self);
        }
        number -= 1;
        for node in self.children() {
            match node.node(number) {
                Err(left) => number = left,
                found => return found,
            }
        }
        Err(number)
    }

    /// The same, mutably.
    pub fn node_mut(&mut self, mut number: usize) -> Result<&mut Node, usize> {
        if number == 0 {
            return Ok(self);
        }
        number -= 1;
        for node in self.children_mut() {
            match node.node_mut(number) {
                Err(left) => number = left,
                found => return found,
            }
        }
        Err(number)
    }

    /// How far it is from the simplest tree, to order texts of the same length.
    pub fn complexity(&self) -> u64 {
        let own = match self {
            Node::Choice { alternative, .. } => *alternative as u64,
            Node::List { .. } => 0,
            Node::Integer { value, .. } => {
                value.unsigned_abs().saturating_mul(2) + u64::from(*value < 0)
            }
            Node::Quoted { edits, .. } => edits.len() as u64,
        };
        self.children().iter().map(Node::complexity).fold(own, u64::saturating_add)
    }

    /// Appends its Lua text.
    pub fn render(&self, grammar: &Grammar, out: &mut String) {
        match self {
            Node::Choice { rule, alternative, children } => {
                let mut children = children.iter();
                let indent = indent(out);
                for piece in &grammar.rule(*rule).alternatives[*alternative].pieces {
                    match piece {
                        Piece::Text(text) => put(text, indent, out),
                        _ => children.by_ref().take(1).for_each(|node| node.render(grammar, out)),
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

/// The indentation of the last line.
fn indent(text: &str) -> usize {
    let line = &text[text.rfind('\n').map_or(0, |at| at + 1)..];
    line.len() - line.trim_start_matches(' ').len()
}

/// Appends text, with all lines but the first indented.
fn put(text: &str, indent: usize, out: &mut String) {
    let mut lines = text.split('\n');
    out.push_str(lines.next().unwrap_or_default());
    for line in lines {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', indent));
        out.push_str(line);
    }
}
