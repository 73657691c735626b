//! The pages, and the blocks of code in them.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use std::fs::read_to_string;
use std::path::{Path, PathBuf};

/// A page of Markdown.
pub struct Page {
    /// Its path from the root of the repository.
    pub name: String,
    pub text: String,
}

/// A block of code.
pub struct Block {
    /// What stands after its fence, such as `lua`.
    pub language: String,
    pub code: String,
    /// Its page, and the line of its first line of code.
    pub place: String,
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Page {
    pub fn read(name: &str) -> Page {
        let text = read_to_string(root().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        Page { name: name.to_string(), text }
    }

    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut open: Option<Block> = None;
        for (event, range) in Parser::new(&self.text).into_offset_iter() {
            match event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                    let line = self.text[..range.start].lines().count() + 2;
                    let place = format!("{}:{line}", self.name);
                    open =
                        Some(Block { language: language.to_string(), code: String::new(), place });
                }
                Event::Text(text) => {
                    if let Some(block) = &mut open {
                        block.code += &text;
                    }
                }
                Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
                _ => {}
            }
        }
        blocks
    }
}

/// The names of the files in `docs/src`.
pub fn book_files() -> Vec<String> {
    let mut names: Vec<String> = root()
        .join("docs/src")
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// `README.md` and the book, with the chapters that are kept elsewhere.
pub fn pages() -> Vec<Page> {
    let chapters = book_files().into_iter().map(|name| format!("docs/src/{name}"));
    let others = ["README.md", "SECURITY.md", "runtime/SEGMENTS.md", "runtime/COST.md"];
    chapters.chain(others.map(String::from)).map(|name| Page::read(&name)).collect()
}

/// A folder for the home of commands, whose cache lasts as long as the target folder.
pub fn home() -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("home");
    std::fs::create_dir_all(&home).unwrap();
    home
}
