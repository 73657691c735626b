//! Paths that pages for contributors name.

use crate::page::{Page, root};
use pulldown_cmark::{Event, Parser};

/// Whether a span of code is a path of the repository: it begins with a folder of its root.
fn is_path(code: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    let top = code.split('/').next().unwrap_or_default();
    code.contains('/') && code.chars().all(is_plain) && top != "target" && root().join(top).is_dir()
}

#[test]
fn the_paths_that_are_named_exist() {
    for name in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let page = Page::read(name);
        let mut missing = Vec::new();
        let mut count = 0;
        for event in Parser::new(&page.text) {
            if let Event::Code(code) = event
                && is_path(&code)
            {
                count += 1;
                if !root().join(&*code).exists() {
                    missing.push(code.to_string());
                }
            }
        }
        assert!(missing.is_empty(), "{name} names what is not there: {missing:?}");
        assert!(count > 10, "{name} names only {count} paths");
    }
}
