//! Making a program smaller, step by step, while a test goes on failing.

use std::collections::VecDeque;

use proptest::strategy::ValueTree;

use super::derivation::Node;
use super::grammar::{Grammar, Piece};
use super::program::Program;

/// How many parts from further below are tried in the place of a part.
const HOISTED: usize = 24;

/// A program and the smaller ones that can be made of it.
pub struct Shrinking {
    best: Program,
    size: (usize, u64),
    tried: Option<(Program, (usize, u64))>,
    part: usize,
    candidates: VecDeque<Node>,
    progress: bool,
}

impl Shrinking {
    /// Begins with a program.
    pub fn new(program: Program) -> Shrinking {
        let candidates = candidates(program.grammar, &program.root).into();
        let size = program.size();
        Shrinking { best: program, size, tried: None, part: 0, candidates, progress: false }
    }

    /// Goes on to the next smaller program. Parts are taken from the top down, again and
    /// again, until no part can be made smaller.
    fn advance(&mut self) -> bool {
        loop {
            while let Some(candidate) = self.candidates.pop_front() {
                let mut program = self.best.clone();
                if let Ok(part) = program.root.part_mut(self.part) {
                    *part = candidate;
                }
                let size = program.size();
                if size < self.size {
                    self.tried = Some((program, size));
                    return true;
                }
            }
            self.part += 1;
            if self.best.root.part(self.part).is_err() {
                if !std::mem::take(&mut self.progress) {
                    return false;
                }
                self.part = 0;
            }
            self.look();
        }
    }

    fn look(&mut self) {
        let part = self.best.root.part(self.part);
        self.candidates =
            part.map(|part| candidates(self.best.grammar, part).into()).unwrap_or_default();
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
            self.look();
        }
        self.advance()
    }

    fn complicate(&mut self) -> bool {
        self.tried.take().is_some() && self.advance()
    }
}

/// What may stand in the place of a part, most different first.
fn candidates(grammar: &Grammar, node: &Node) -> Vec<Node> {
    match node {
        Node::Choice { rule, alternative, holes } => {
            let mut found = Vec::new();
            if let Some(simplest) = simplest(grammar, *rule) {
                found.push(simplest);
            }
            let plain =
                grammar.rule(*rule).alternatives.iter().enumerate().filter(|(index, it)| {
                    (!holes.is_empty() || index < alternative)
                        && it.pieces.iter().all(|piece| matches!(piece, Piece::Text(_)))
                });
            found.extend(plain.take(3).map(|(alternative, _)| Node::Choice {
                rule: *rule,
                alternative,
                holes: Vec::new(),
            }));
            hoist(grammar, *rule, holes, &mut found);
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

/// The lowest tree of a rule, of the first alternatives that make it.
fn simplest(grammar: &Grammar, number: usize) -> Option<Node> {
    let rule = grammar.rule(number);
    let alternative = rule.alternatives.iter().position(|it| it.height == rule.height)?;
    let mut holes = Vec::new();
    for piece in &rule.alternatives[alternative].pieces {
        holes.push(match *piece {
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
    Some(Node::Choice { rule: number, alternative, holes })
}

/// Collects parts below that can take the place of a part of `rule`, nearest first.
fn hoist(grammar: &Grammar, rule: usize, below: &[Node], found: &mut Vec<Node>) {
    let mut level: Vec<&Node> = below.iter().collect();
    let most = found.len() + HOISTED;
    while !level.is_empty() && found.len() < most {
        for node in &level {
            if let Some(node) = lift(grammar, rule, node) {
                found.push(node);
            }
        }
        level = level.into_iter().flat_map(Node::below).collect();
    }
}

/// The node as one of `rule`, if it can be that.
fn lift(grammar: &Grammar, rule: usize, node: &Node) -> Option<Node> {
    let Node::Choice { rule: own, .. } = node else { return None };
    if *own == rule {
        return Some(node.clone());
    }
    let alternative = *grammar.rule(rule).stands_for.get(own)?;
    let [Piece::Rule(next)] = grammar.rule(rule).alternatives[alternative].pieces[..] else {
        return None;
    };
    Some(Node::Choice { rule, alternative, holes: vec![lift(grammar, next, node)?] })
}
