//! Whether one layout can stand for another, and how the two differ.

use super::Field;
use super::Layout;
use super::fingerprint::{folded, folded_field};
use crate::error::{Error, Problem};
use std::sync::Arc;

/// How many rows are shown, and how many characters of one layout in each. Guests write
/// descriptions, and could otherwise make the host write gigabytes.
const MOST_ROWS: usize = 200;
const LONGEST_ROW: usize = 120;

impl Layout {
    /// Checks that what was passed with another layout can be read with this one. Everything has
    /// to stand at the same place; upper and lower case and underscores of names play no part.
    ///
    /// Fails with a message that shows both, where they differ.
    pub fn check(&self, passed: &Layout) -> Result<(), Error> {
        if Arc::ptr_eq(&self.inner, &passed.inner)
            || self.description() == passed.description()
            || folded(self) == folded(passed)
        {
            return Ok(());
        }
        Err(Error::new(Problem::Layout(mismatch(passed, self))))
    }

    /// As `check`, of the description that a guest has given.
    pub(crate) fn check_description(&self, passed: &str) -> Result<(), Error> {
        if self.description() == passed {
            return Ok(());
        }
        self.check(&passed.parse()?)
    }
}

/// What is shown of a layout: its size, and each of its fields.
fn rows(layout: &Layout) -> Vec<String> {
    if layout.fields().is_empty() {
        return vec![layout.to_string()];
    }
    let size = format!("size {} align {}", layout.size(), layout.align());
    std::iter::once(size).chain(layout.fields().iter().map(Field::to_string)).collect()
}

/// The same rows, as they are compared.
fn compared(layout: &Layout) -> Vec<String> {
    let mut rows = rows(layout);
    for (row, field) in rows.iter_mut().skip(1).zip(layout.fields()) {
        *row = folded_field(field).to_string();
    }
    rows
}

fn cut(row: &str) -> String {
    match row.char_indices().nth(LONGEST_ROW) {
        None => row.to_string(),
        Some(_) => row.chars().take(LONGEST_ROW - 3).chain("...".chars()).collect(),
    }
}

/// Both layouts beside each other, with a mark where they differ.
fn mismatch(passed: &Layout, expected: &Layout) -> String {
    let (left, right) = (rows(passed), rows(expected));
    let (left_compared, right_compared) = (compared(passed), compared(expected));
    let count = left.len().max(right.len());
    let cell = |rows: &[String], at: usize| rows.get(at).map_or(String::new(), |row| cut(row));
    let shown: Vec<_> = (0..count.min(MOST_ROWS))
        .map(|at| {
            let differs = left_compared.get(at) != right_compared.get(at);
            (if differs { '*' } else { ' ' }, cell(&left, at), cell(&right, at))
        })
        .collect();
    let head = [(' ', "passed".to_string(), "expected".to_string())];
    let lines = || head.iter().chain(&shown);
    let width = lines().map(|(_, left, _)| left.chars().count()).max().unwrap_or(0);
    let mut text = "the layouts differ:".to_string();
    for (mark, left, right) in lines() {
        let line = format!("{mark} {left:width$} | {right}");
        text.push('\n');
        text.push_str(line.trim_end());
    }
    if count > MOST_ROWS {
        text.push_str(&format!("\n  and {} more", count - MOST_ROWS));
    }
    text
}
