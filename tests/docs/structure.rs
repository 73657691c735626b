//! What the pages are made of.

use crate::page::{Page, book_files, pages};

#[test]
fn the_readme_has_at_most_250_lines() {
    let lines = Page::read("README.md").text.lines().count();
    assert!(lines <= 250, "README.md has {lines} lines; the book has room");
}

#[test]
fn every_page_of_the_book_is_in_its_summary() {
    let summary = Page::read("docs/src/SUMMARY.md").text;
    for name in book_files().iter().filter(|name| *name != "SUMMARY.md") {
        assert!(summary.contains(&format!("]({name})")), "SUMMARY.md lacks {name}");
    }
}

#[test]
fn every_page_with_rust_is_a_doctest() {
    let tested = include_str!("lib.rs");
    for page in pages() {
        let has_rust = page.blocks().iter().any(|block| block.language == "rust");
        // What is in a crate's folder is a part of its documentation.
        if has_rust && !page.name.starts_with("runtime/") {
            assert!(tested.contains(&format!("\"{}\"", page.name)), "lib.rs lacks {}", page.name);
        }
    }
}
