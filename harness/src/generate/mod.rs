//! Random Lua programs that are safe to run anywhere and print the same everywhere.
//!
//! What they are made of is written down in the `.grammar` files beside this one, one for
//! each topic; `grammar.rs` explains the notation. A program is a list of statements of one
//! or two topics. It is drawn as a tree, and shrunk as a tree: whatever it becomes, the
//! rules describe it.

mod broken;
mod derivation;
mod grammar;
mod id;
mod prelude;
mod program;
mod random;
mod shrink;

pub use id::Id;
pub use program::Program;

use crate::lua::Lua;
use derivation::Node;
use grammar::{Grammar, Separator};
use proptest::strategy::{BoxedStrategy, NewTree, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use random::Drawing;
use shrink::Shrinking;
use std::sync::OnceLock;

/// The files of rules.
const RULES: &[&str] = &[
    include_str!("common.grammar"),
    include_str!("operators.grammar"),
    include_str!("metamethods.grammar"),
    include_str!("closures.grammar"),
    include_str!("control.grammar"),
    include_str!("strings.grammar"),
    include_str!("format.grammar"),
    include_str!("numbers.grammar"),
    include_str!("pack.grammar"),
    include_str!("utf8.grammar"),
    include_str!("bits.grammar"),
    include_str!("tables.grammar"),
    include_str!("varargs.grammar"),
    include_str!("coroutines.grammar"),
    include_str!("errors.grammar"),
    include_str!("closing.grammar"),
    include_str!("loading.grammar"),
    include_str!("library.grammar"),
    include_str!("debugging.grammar"),
    include_str!("garbage.grammar"),
    include_str!("globals.grammar"),
];

/// The names of the topics.
pub const TOPICS: &[&str] = &[
    "operators",
    "metamethods",
    "closures",
    "control",
    "strings",
    "format",
    "numbers",
    "pack",
    "utf8",
    "bits",
    "tables",
    "varargs",
    "coroutines",
    "errors",
    "closing",
    "loading",
    "library",
    "debugging",
    "garbage",
    "globals",
];

/// How many statements a program has at most, but for the one that ends it.
const STATEMENTS: u64 = 12;

/// Of a hundred programs, so many end with an error that nothing catches.
const UNCAUGHT: u64 = 15;

/// Programs for a version of PUC Lua, each with statements of one or two topics.
pub fn program(lua: Lua) -> BoxedStrategy<Program> {
    Programs { lua, topic: None }.boxed()
}

/// Programs with statements of one topic, if the version has it.
pub fn topic(lua: Lua, name: &str) -> Option<BoxedStrategy<Program>> {
    let name = TOPICS.iter().copied().find(|&topic| topic == name)?;
    rules(lua).ok()?.find(name)?;
    Some(Programs { lua, topic: Some(name) }.boxed())
}

/// The program number `index` of a seed, which can be shrunk. It depends on nothing but
/// what is handed in.
pub fn tree(
    lua: Lua,
    seed: u64,
    index: u64,
) -> Result<Box<dyn ValueTree<Value = Program>>, String> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&index.to_le_bytes());
    bytes[16] = lua as u8;
    let config = Config { failure_persistence: None, ..Config::default() };
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config, random);
    let tree = Programs { lua, topic: None }.new_tree(&mut runner);
    tree.map(|tree| Box::new(tree) as Box<dyn ValueTree<Value = Program>>)
        .map_err(|reason| reason.to_string())
}

/// The rules for a version, which are read once.
fn rules(lua: Lua) -> Result<&'static Grammar, String> {
    static READ: [OnceLock<Result<Grammar, String>>; Lua::PUC.len()] =
        [const { OnceLock::new() }; Lua::PUC.len()];
    let lua = lua.dialect();
    let place = READ.get(lua as usize).ok_or("it has no manual")?;
    place.get_or_init(|| Grammar::parse(RULES, lua)).as_ref().map_err(String::clone)
}

/// Programs of one topic, or of any.
#[derive(Debug)]
struct Programs {
    lua: Lua,
    topic: Option<&'static str>,
}

impl Strategy for Programs {
    type Tree = Shrinking;
    type Value = Program;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let grammar = rules(self.lua)?;
        let mut drawing = Drawing::new(grammar, runner.rng());
        let topics: Vec<usize> = match self.topic {
            Some(name) => grammar.find(name).into_iter().collect(),
            None => TOPICS.iter().filter_map(|name| grammar.find(name)).collect(),
        };
        if topics.is_empty() {
            return Err("there is no such topic".into());
        }
        let pair = [(); 2].map(|()| topics[drawing.below(topics.len() as u64) as usize]);
        let mut items = Vec::new();
        for _ in 0..=drawing.below(STATEMENTS) {
            let topic = pair[drawing.below(2) as usize];
            items.push(drawing.statement(topic));
        }
        if drawing.below(100) < UNCAUGHT
            && let Some(ending) = grammar.find("ending")
        {
            items.push(drawing.statement(ending));
        }
        let separator = Separator { text: "\n", leads: false };
        let root = Node::List { least: 1, separator, items };
        Ok(Shrinking::new(Program { grammar, root }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runner(seed: u8) -> TestRunner {
        let config = Config { failure_persistence: None, ..Config::default() };
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
    }

    #[test]
    fn the_same_seed_gives_the_same_program() {
        for lua in Lua::PUC {
            for index in 0..50 {
                let [first, second] = [(); 2].map(|()| tree(lua, 7, index).unwrap().current());
                assert_eq!(first.source(), second.source());
            }
            let [first, second] = [1, 2].map(|seed| tree(lua, seed, 0).unwrap().current());
            assert_ne!(first.source(), second.source());
        }
    }

    #[test]
    fn every_topic_has_programs_in_each_version_that_has_it() {
        for lua in Lua::PUC {
            assert!(rules(lua).is_ok(), "{lua}: {:?}", rules(lua).err());
            for &name in TOPICS {
                let missing = match name {
                    "utf8" | "pack" => lua < Lua::V53,
                    "bits" => lua < Lua::V52,
                    "closing" => lua < Lua::V54,
                    "globals" => lua < Lua::V55,
                    _ => false,
                };
                let Some(programs) = topic(lua, name) else {
                    assert!(missing, "{lua} has no {name}");
                    continue;
                };
                assert!(!missing, "{lua} should not have {name}");
                let program = programs.new_tree(&mut runner(1)).unwrap().current();
                assert!(!program.source().trim().is_empty());
            }
            assert!(topic(lua, "no such topic").is_none());
        }
    }

    #[test]
    fn helper_functions_are_there_only_if_they_are_used() {
        assert_eq!(prelude::of("print(1)\n"), "");
        assert!(prelude::of("show(1)\n").contains("function show"));
    }

    #[test]
    fn shrinking_ends_with_a_program_that_is_no_longer_than_the_first() {
        for lua in Lua::PUC {
            for index in 0..20 {
                let mut tree = tree(lua, 3, index).unwrap();
                let first = tree.current().source();
                let mut steps = 0;
                while tree.simplify() {
                    steps += 1;
                    assert!(steps < 10_000, "it does not end:\n{first}");
                }
                let last = tree.current().source();
                assert!(last.len() <= first.len(), "{first}\nbecame\n{last}");
            }
        }
    }

    #[test]
    fn shrinking_keeps_what_a_test_needs() {
        for index in 0..200 {
            let mut tree = tree(Lua::V54, 5, index).unwrap();
            let fails = |program: &Program| program.source().contains("string.");
            if !fails(&tree.current()) {
                continue;
            }
            let mut more = true;
            while more {
                more = if fails(&tree.current()) { tree.simplify() } else { tree.complicate() };
            }
            let last = tree.current();
            assert!(fails(&last));
            assert_eq!(last.root.below().len(), 1, "{last:?}");
        }
    }
}
