//! Random derivation trees.

use proptest::test_runner::TestRng;

use super::broken::{Change, Edit};
use super::derivation::Node;
use super::grammar::{Grammar, Piece};

/// From this depth on, only the lowest alternatives are taken.
const DEPTH: usize = 14;
/// The same after this number of nodes.
const NODES: usize = 400;

/// The generator of the tree of one program.
pub struct Sampler<'a> {
    grammar: &'a Grammar,
    random: &'a mut TestRng,
    nodes: usize,
}

impl<'a> Sampler<'a> {
    /// Starts a program.
    pub fn new(grammar: &'a Grammar, random: &'a mut TestRng) -> Sampler<'a> {
        Sampler { grammar, random, nodes: 0 }
    }

    /// A random number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        use proptest::prelude::Rng;
        self.random.next_u64() % bound.max(1)
    }

    /// A tree of a rule. `NODES` counts from here, so that statements do not depend on those
    /// before them.
    pub fn statement(&mut self, rule: usize) -> Node {
        self.nodes = 0;
        self.choice(rule, 0)
    }

    fn choice(&mut self, number: usize, depth: usize) -> Node {
        self.nodes += 1;
        let rule = self.grammar.rule(number);
        let short = depth >= DEPTH || self.nodes >= NODES;
        let fits = |height: usize| !short || height == rule.height;
        let weight = if short {
            rule.alternatives.iter().filter(|a| fits(a.height)).map(|a| a.weight).sum()
        } else {
            rule.weight
        };
        let mut left = self.below(weight);
        let mut taken = 0;
        for (index, alternative) in rule.alternatives.iter().enumerate() {
            if fits(alternative.height) {
                taken = index;
                if left < alternative.weight {
                    break;
                }
                left -= alternative.weight;
            }
        }
        let pieces = &rule.alternatives[taken].pieces;
        let children =
            pieces.iter().filter_map(|piece| self.fill(piece, short, depth + 1)).collect();
        Node::Choice { rule: number, alternative: taken, children }
    }

    fn fill(&mut self, piece: &Piece, short: bool, depth: usize) -> Option<Node> {
        Some(match *piece {
            Piece::Text(_) => return None,
            Piece::Rule(rule) => self.choice(rule, depth),
            Piece::List { rule, least, most, separator } => {
                let more = if short { 0 } else { self.below((most - least + 1) as u64) as usize };
                let items = (0..least + more).map(|_| self.choice(rule, depth)).collect();
                Node::List { least, separator, items }
            }
            Piece::Integer { least, most } => {
                let value = least + self.below((most - least + 1).unsigned_abs()) as i64;
                Node::Integer { least, most, value }
            }
            Piece::Quoted { rule, broken } => {
                let inner = Box::new(self.choice(rule, depth));
                let edits = if broken { 1 + self.below(2) } else { 0 };
                Node::Quoted { inner, edits: (0..edits).map(|_| self.edit()).collect() }
            }
        })
    }

    fn edit(&mut self) -> Edit {
        let word = self.below(1 << 16) as usize;
        let change = match self.below(5) {
            0 => Change::Delete,
            1 => Change::Duplicate,
            2 => Change::Cut,
            3 => Change::Insert(word),
            _ => Change::Replace(word),
        };
        Edit { change, at: self.below(1 << 16) as usize }
    }
}
