//! The grammar notation and its parser.
//!
//! A file of rules looks like this:
//!
//! ```text
//! # A comment.
//! expression:
//!   | nil
//!   x3 | $number
//!   5.3+ x2 | $number // $number
//!   | (function(${name 0-2 , })
//!       return ${-3..10}
//!     end)()
//! ```
//!
//! An alternative is Lua text with placeholders; the simplest one comes first. The versions that
//! have it (`5.2`, `5.2+`, `5.1-5.3`) and its weight are before the bar. A placeholder is
//!
//! | | |
//! |---|---|
//! | `$rule`, `${rule}` | one alternative of a rule |
//! | `${rule 0-2 , }` | that number of them, separated by what follows the space; `\n` is a new line |
//! | `${, rule 0-2}` | that number of them, with a comma before each |
//! | `${-3..10}` | an integer |
//! | `${quote rule}` | a Lua string literal with the text of a rule |
//! | `${broken rule}` | the same after random edits of its tokens |
//! | `$$` | a dollar sign |

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::lua::Lua;

/// The rules for one version of Lua.
pub struct Grammar {
    rules: Vec<Rule>,
    names: HashMap<&'static str, usize>,
}

/// A rule: a choice of alternatives.
pub struct Rule {
    /// The alternatives of this version, simplest first.
    pub alternatives: Vec<Alternative>,
    /// The sum of their weights.
    pub weight: u64,
    /// The height of its lowest tree.
    pub height: usize,
    /// The rules it can derive without text of its own, and the alternatives that do so.
    pub derives: HashMap<usize, usize>,
}

/// Lua text with placeholders.
pub struct Alternative {
    /// Its weight in the random choice.
    pub weight: u64,
    /// The text and the placeholders, in order.
    pub pieces: Vec<Piece>,
    /// The height of its lowest tree.
    pub height: usize,
}

/// The separator of a list.
#[derive(Clone, Copy)]
pub struct Separator {
    /// The text.
    pub text: &'static str,
    /// Whether the first item has it too.
    pub leads: bool,
}

/// A part of an alternative.
pub enum Piece {
    /// Lua text.
    Text(String),
    /// An alternative of a rule.
    Rule(usize),
    /// Several of them, with a separator.
    List { rule: usize, least: usize, most: usize, separator: Separator },
    /// An integer within bounds.
    Integer { least: i64, most: i64 },
    /// A string literal with the text of a rule, edited or not.
    Quoted { rule: usize, broken: bool },
}

const NEVER: usize = usize::MAX;

impl Grammar {
    /// Parses files of rules and keeps what `lua` has.
    pub fn parse(texts: &[&'static str], lua: Lua) -> Result<Grammar, String> {
        let mut names = HashMap::new();
        for line in texts.iter().flat_map(|text| text.lines()) {
            if let Some(name) = header(line) {
                let number = names.len();
                if names.insert(name, number).is_some() {
                    return Err(format!("there are two rules {name:?}"));
                }
            }
        }
        let mut rules: Vec<Vec<Alternative>> = names.iter().map(|_| Vec::new()).collect();
        for text in texts {
            let mut rule = None;
            let mut lines = text.lines().filter(|line| !line.starts_with('#')).peekable();
            while let Some(line) = lines.next() {
                if line.trim().is_empty() {
                    continue;
                }
                if let Some(name) = header(line) {
                    rule = Some(names[name]);
                    continue;
                }
                let (Some(rule), Some(start)) = (rule, Start::of(line)) else {
                    return Err(format!("{line:?} is neither a rule nor an alternative"));
                };
                let mut further = Vec::new();
                while let Some(line) =
                    lines.next_if(|next| header(next).is_none() && Start::of(next).is_none())
                {
                    further.push(line);
                }
                let text = joined(start.text, &further);
                if start.versions.0 <= lua.dialect() && lua.dialect() <= start.versions.1 {
                    let pieces = pieces(&text, &names).map_err(|e| format!("{e} in {text:?}"))?;
                    rules[rule].push(Alternative { weight: start.weight, pieces, height: NEVER });
                }
            }
        }
        let rules = rules.into_iter().map(|alternatives| Rule {
            alternatives,
            weight: 0,
            height: NEVER,
            derives: HashMap::new(),
        });
        let mut grammar = Grammar { rules: rules.collect(), names };
        grammar.measure();
        grammar.connect();
        Ok(grammar)
    }

    /// The rule with this name, if this version has an alternative of it.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied().filter(|&rule| !self.rules[rule].alternatives.is_empty())
    }

    /// The rule with this number.
    pub fn rule(&self, number: usize) -> &Rule {
        &self.rules[number]
    }

    /// Computes all heights, and removes what this version cannot complete.
    fn measure(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            for number in 0..self.rules.len() {
                for index in 0..self.rules[number].alternatives.len() {
                    let alternative = &self.rules[number].alternatives[index];
                    let below = alternative.pieces.iter().map(|piece| match *piece {
                        Piece::Rule(rule) | Piece::Quoted { rule, .. } => self.rules[rule].height,
                        Piece::List { rule, least, .. } if least > 0 => self.rules[rule].height,
                        _ => 0,
                    });
                    let height = below.max().unwrap_or(0).saturating_add(1);
                    if height < alternative.height {
                        changed = true;
                        self.rules[number].alternatives[index].height = height;
                        self.rules[number].height = self.rules[number].height.min(height);
                    }
                }
            }
        }
        for rule in &mut self.rules {
            rule.alternatives.retain(|alternative| alternative.height != NEVER);
            rule.weight = rule.alternatives.iter().map(|alternative| alternative.weight).sum();
        }
    }

    /// Computes which rules can derive which others.
    fn connect(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            for number in 0..self.rules.len() {
                for index in 0..self.rules[number].alternatives.len() {
                    let [Piece::Rule(next)] = self.rules[number].alternatives[index].pieces[..]
                    else {
                        continue;
                    };
                    let further: Vec<usize> = self.rules[next].derives.keys().copied().collect();
                    for target in further.into_iter().chain([next]).filter(|&t| t != number) {
                        // An entry depends on older ones only, so that there are no cycles.
                        if let Entry::Vacant(entry) = self.rules[number].derives.entry(target) {
                            entry.insert(index);
                            changed = true;
                        }
                    }
                }
            }
        }
    }
}

/// The name of the rule that begins with this line.
fn header(line: &'static str) -> Option<&'static str> {
    line.strip_suffix(':').filter(|name| !name.is_empty() && name.bytes().all(in_name))
}

/// The text of an alternative, with the relative indentation of its lines.
fn joined(first: &str, further: &[&str]) -> String {
    let blank = |line: &&str| line.len() - line.trim_start().len();
    let full = further.iter().filter(|line| !line.trim().is_empty());
    let least = full.map(blank).min().unwrap_or(0);
    let mut text = first.to_owned();
    for line in further {
        text.push('\n');
        text.push_str(line.get(least..).unwrap_or_default());
    }
    text.truncate(text.trim_end_matches('\n').len());
    text
}

fn in_name(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
}

/// The first line of an alternative.
struct Start {
    versions: (Lua, Lua),
    weight: u64,
    text: &'static str,
}

impl Start {
    fn of(line: &'static str) -> Option<Start> {
        let (guards, text) = line.split_once('|')?;
        let text = text.strip_prefix(' ').unwrap_or(text);
        let mut start = Start { versions: (Lua::V51, Lua::V55), weight: 1, text };
        for guard in guards.split_whitespace() {
            if let Some(weight) = guard.strip_prefix('x') {
                start.weight = weight.parse().ok()?;
            } else if let Some(first) = guard.strip_suffix('+') {
                start.versions.0 = first.parse().ok()?;
            } else {
                let (first, last) = guard.split_once('-').unwrap_or((guard, guard));
                start.versions = (first.parse().ok()?, last.parse().ok()?);
            }
        }
        Some(start)
    }
}

/// Parses the text of an alternative.
fn pieces(text: &str, names: &HashMap<&'static str, usize>) -> Result<Vec<Piece>, String> {
    let rule = |name: &str| names.get(name).copied().ok_or(format!("there is no rule {name:?}"));
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut plain = String::new();
    while let Some((before, after)) = rest.split_once('$') {
        plain.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            plain.push('$');
            rest = after;
            continue;
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        if let Some(after) = after.strip_prefix('{') {
            let (placeholder, after) = after.split_once('}').ok_or("a placeholder has no end")?;
            pieces.push(braced(placeholder, rule)?);
            rest = after;
        } else {
            let end = after.bytes().position(|byte| !in_name(byte)).unwrap_or(after.len());
            pieces.push(Piece::Rule(rule(&after[..end])?));
            rest = &after[end..];
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(pieces)
}

/// Parses what is between the braces of a placeholder.
fn braced(
    placeholder: &str,
    rule: impl Fn(&str) -> Result<usize, String>,
) -> Result<Piece, String> {
    let bad = || format!("the placeholder {placeholder:?} cannot be parsed");
    if let Some((least, most)) = placeholder.split_once("..") {
        let (Ok(least), Ok(most)) = (least.parse(), most.parse()) else { return Err(bad()) };
        return Ok(Piece::Integer { least, most });
    }
    let Some((first, rest)) = placeholder.split_once(' ') else {
        return Ok(Piece::Rule(rule(placeholder)?));
    };
    if first == "quote" || first == "broken" {
        return Ok(Piece::Quoted { rule: rule(rest)?, broken: first == "broken" });
    }
    let (leads, first, rest) = match rest.split_once(' ') {
        Some((name, rest)) if first == "," => (true, name, rest),
        _ => (false, first, rest),
    };
    let (counts, text) = rest.split_once(' ').unwrap_or((rest, if leads { ", " } else { "" }));
    let text = match text {
        "" => "",
        " " => " ",
        ", " => ", ",
        "\\n" => "\n",
        _ => return Err(bad()),
    };
    let separator = Separator { text, leads };
    let (least, most) = counts.split_once('-').ok_or_else(bad)?;
    let (Ok(least), Ok(most)) = (least.parse(), most.parse()) else { return Err(bad()) };
    Ok(Piece::List { rule: rule(first)?, least, most, separator })
}
