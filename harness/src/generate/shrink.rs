//! Shrinking a program step by step while a test keeps failing.

use std::collections::VecDeque;

use proptest::strategy::ValueTree;

use super::derivation::Node;
use super::grammar::{Grammar, Piece};
use super::program::Program;

/// The number of descendants that are tried in place of a node.
const HOISTED: usize = 24;

/// A program and the smaller ones it can be shrunk to.
pub struct Shrinking {
    best: Program,
    size: (usize, u64),
    tried: Option<(Program, (usize, u64))>,
    node: usize,
    candidates: VecDeque<Node>,
    progress: bool,
}

impl Shrinking {
    /// Starts from a program.
    pub fn new(program: Program) -> Shrinking {
        let candidates = candidates(program.grammar, &program.root).into();
        let size = program.size();
        Shrinking { best: program, size, tried: None, node: 0, candidates, progress: false }
    }

    /// Advances to the next smaller program. Nodes are visited from the top down, repeatedly,
    /// until none of them can be shrunk.
    fn advance(&mut self) -> bool {
        loop {
            while let Some(candidate) = self.candidates.pop_front() {
                let mut program = self.best.clone();
                if let Ok(node) = program.root.node_mut(self.node) {
                    *node = candidate;
                }
                let size = program.size();
                if size < self.size {
                    self.tried = Some((program, size));
                    return true;
                }
            }
            self.node += 1;
            if self.best.root.node(self.node).is_err() {
                if !std::mem::take(&mut self.progress) {
                    return false;
                }
                self.node = 0;
            }
            self.load_candidates();
        }
    }

    fn load_candidates(&mut self) {
        let node = self.best.root.node(self.node);
        self.candidates =
            node.map(|node| candidates(self.best.grammar, node).into()).unwrap_or_default();
    }
}

impl ValueTree for Shrinking {
    type Value = Program;

    fn current(&self) -> Program {
        self.tried.as_ref().map_or(&self.best, |(program, _)| program).clone()
    }

    fn simplify(&mut self) -> bool {
        if let Some((program, size)) = self.tried.take() {
            self.best = program;
            self.size = size;
            self.progress = true;
            self.load_candidates();
        }
        self.advance()
    }

    fn complicate(&mut self) -> bool {
        self.tried.take().is_some() && self.advance()
    }
}

/// The possible replacements of a node, the greatest changes first.
fn candidates(grammar: &Grammar, node: &Node) -> Vec<Node> {
    match node {
        Node::Choice { rule, alternative, children } => {
            let mut found = Vec::new();
            if let Some(simplest) = simplest(grammar, *rule) {
                found.push(simplest);
            }
            let plain =
                grammar.rule(*rule).alternatives.iter().enumerate().filter(|(index, it)| {
                    (!children.is_empty() || index < alternative)
                        && it.pieces.iter().all(|piece| matches!(piece, Piece::Text(_)))
                });
            found.extend(plain.take(3).map(|(alternative, _)| Node::Choice {
                rule: *rule,
                alternative,
                children: Vec::new(),
            }));
            hoist(grammar, *rule, children, &mut found);
            found
        }
        Node::List { least, separator, items } => {
            let mut found = Vec::new();
            let mut chunk = items.len().saturating_sub(*least);
            while chunk > 0 {
                for start in (0..=items.len() - chunk).step_by(chunk) {
                    let mut items = items.clone();
                    items.drain(start..start + chunk);
                    found.push(Node::List { least: *least, separator: *separator, items });
                }
                chunk /= 2;
            }
            found
        }
        Node::Integer { least, most, value } => [0, value / 2, value - value.signum()]
            .into_iter()
            .map(|value| value.clamp(*least, *most))
            .map(|value| Node::Integer { least: *least, most: *most, value })
            .collect(),
        Node::Quoted { inner, edits } => (0..edits.len())
            .map(|index| {
                let mut edits = edits.clone();
                edits.remove(index);
                Node::Quoted { inner: inner.clone(), edits }
            })
            .collect(),
    }
}

/// The lowest tree of a rule, from the first alternatives that allow it.
fn simplest(grammar: &Grammar, number: usize) -> Option<Node> {
    let rule = grammar.rule(number);
    let alternative = rule.alternatives.iter().position(|it| it.height == rule.height)?;
    let mut children = Vec::new();
    for piece in &rule.alternatives[alternative].pieces {
        children.push(match *piece {
            Piece::Text(_) => continue,
            Piece::Rule(rule) => simplest(grammar, rule)?,
            Piece::List { rule, least, separator, .. } => {
                let items = (0..least).map(|_| simplest(grammar, rule)).collect::<Option<_>>()?;
                Node::List { least, separator, items }
            }
            Piece::Integer { least, most } => {
                Node::Integer { least, most, value: 0.clamp(least, most) }
            }
            Piece::Quoted { rule, .. } => {
                Node::Quoted { inner: Box::new(simplest(grammar, rule)?), edits: Vec::new() }
            }
        });
    }
    Some(Node::Choice { rule: number, alternative, children })
}

/// Collects descendants that can replace a node of `rule`, nearest first.
fn hoist(grammar: &Grammar, rule: usize, below: &[Node], found: &mut Vec<Node>) {
    let mut level: Vec<&Node> = below.iter().collect();
    let most = found.len() + HOISTED;
    while !level.is_empty() && found.len() < most {
        for node in &level {
            if let Some(node) = lift(grammar, rule, node) {
                found.push(node);
            }
        }
        level = level.into_iter().flat_map(Node::children).collect();
    }
}

/// The node as one of `rule`, if the rule allows it.
fn lift(grammar: &Grammar, rule: usize, node: &Node) -> Option<Node> {
    let Node::Choice { rule: own, .. } = node else { return None };
    if *own == rule {
        return Some(node.clone());
    }
    let alternative = *grammar.rule(rule).derives.get(own)?;
    let [Piece::Rule(next)] = grammar.rule(rule).alternatives[alternative].pieces[..] else {
        return None;
    };
    Some(Node::Choice { rule, alternative, children: vec![lift(grammar, next, node)?] })
}
