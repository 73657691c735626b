//! Holds the imports of a crate's files against a table of layers.
//!
//! [`violations`] takes the folder of a crate's sources and the table: the layers from the top
//! down, each with the modules in it. A module stands for everything below it too and is written
//! as `go` or `go/check`; the longest entry that fits a file counts. `lib` and `main` are the
//! roots. A file may import from its own module and from modules in lower layers.
//!
//! What counts as an import is an item that a file names and another file of the crate defines:
//! by `use` (groups, globs and renames too), by a path in code, in an attribute or in the
//! arguments of a macro, and through any number of re-exports. `mod` lines, imports of a module
//! as a namespace, re-exports of a module's own children, and code under `#[cfg(test)]` do not
//! count. Methods and fields cannot be seen without types.

#[path = "layers/source.rs"]
mod source;
#[path = "layers/tree.rs"]
mod tree;

pub use tree::Dependency;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use tree::Tree;

/// Layers with the modules in them, from the top down.
pub type Layers<'a> = &'a [&'a [&'a str]];

/// Something that the layers do not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// A file imports from a higher layer.
    Up { dependency: Dependency, from: String, to: String },
    /// A file imports from another module of its layer.
    Sideways { dependency: Dependency, from: String, to: String },
    /// Files of one module import each other in a cycle.
    Cycle { module: String, files: Vec<PathBuf>, dependencies: Vec<Dependency> },
    /// A file belongs to no layer.
    NoLayer { file: PathBuf },
    /// A module of the table has no file.
    NoFile { module: String },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Violation::Up { dependency, from, to } => {
                write!(f, "{dependency}: up, from {from} to {to}")
            }
            Violation::Sideways { dependency, from, to } => {
                write!(f, "{dependency}: sideways, from {from} to {to}")
            }
            Violation::Cycle { module, files, dependencies } => {
                write!(f, "{} files of {module} import each other in a cycle:", files.len())?;
                dependencies.iter().try_for_each(|dependency| write!(f, "\n  {dependency}"))
            }
            Violation::NoLayer { file } => write!(f, "{} belongs to no layer", file.display()),
            Violation::NoFile { module } => write!(f, "the module {module} has no file"),
        }
    }
}

/// Everything in the crate whose sources are in the folder `root` that `layers` do not allow.
///
/// Panics if a source cannot be read or parsed, or if a module is in the table twice.
pub fn violations(root: &Path, layers: Layers<'_>) -> Vec<Violation> {
    let tree = Tree::read(root);
    let table = Table::new(layers);
    let mut found = Vec::new();
    let mut with_files = BTreeSet::new();
    let modules: Vec<Option<&str>> = tree.files.iter().map(|file| table.find(&file.name)).collect();
    for (file, module) in tree.files.iter().zip(&modules) {
        match module {
            Some(module) => {
                with_files.insert(*module);
            }
            None => found.push(Violation::NoLayer { file: file.path.clone() }),
        }
    }
    let empty = table.layers.keys().filter(|module| !with_files.contains(*module));
    found.extend(empty.map(|module| Violation::NoFile { module: module.to_string() }));

    let dependencies = tree.dependencies();
    let mut inside: BTreeMap<&str, Edges<'_>> = BTreeMap::new();
    for ((from_file, to_file), dependency) in &dependencies {
        let (Some(from), Some(to)) = (modules[*from_file], modules[*to_file]) else { continue };
        if from == to {
            inside.entry(from).or_default().insert((*from_file, *to_file), dependency);
            continue;
        }
        let (dependency, layers) = (dependency.clone(), (table.layers[from], table.layers[to]));
        let (from, to) = (from.to_string(), to.to_string());
        if layers.0 == layers.1 {
            found.push(Violation::Sideways { dependency, from, to });
        } else if layers.0 > layers.1 {
            found.push(Violation::Up { dependency, from, to });
        }
    }
    for (module, edges) in inside {
        for cycle in cycles(&edges) {
            let within =
                edges.iter().filter(|((from, to), _)| cycle.contains(from) && cycle.contains(to));
            found.push(Violation::Cycle {
                module: module.to_string(),
                files: cycle.iter().map(|file| tree.files[*file].path.clone()).collect(),
                dependencies: within.map(|(_, dependency)| (*dependency).clone()).collect(),
            });
        }
    }
    found
}

/// Every file of a crate that imports from another, ordered, with the first import of each.
pub fn dependencies(root: &Path) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Tree::read(root).dependencies().into_values().collect();
    found.sort();
    found
}

/// The modules of a table, with the numbers of their layers, counted from the top.
struct Table<'a> {
    layers: BTreeMap<&'a str, usize>,
}

impl<'a> Table<'a> {
    fn new(layers: Layers<'a>) -> Table<'a> {
        let mut found = BTreeMap::new();
        for (number, modules) in layers.iter().enumerate() {
            for module in *modules {
                assert!(found.insert(*module, number).is_none(), "{module} is in the table twice");
            }
        }
        Table { layers: found }
    }

    /// The entry for a module, or for the nearest one above it.
    fn find(&self, module: &str) -> Option<&'a str> {
        let mut name = module;
        loop {
            if let Some((entry, _)) = self.layers.get_key_value(name) {
                return Some(entry);
            }
            name = name.rsplit_once('/')?.0;
        }
    }
}

/// Dependencies by the numbers of their files.
type Edges<'a> = BTreeMap<(usize, usize), &'a Dependency>;

/// The sets of files that all reach each other.
fn cycles(edges: &Edges<'_>) -> Vec<BTreeSet<usize>> {
    let reached = |start: usize| {
        let (mut seen, mut left) = (BTreeSet::new(), vec![start]);
        while let Some(at) = left.pop() {
            let next = edges.keys().filter(|(from, _)| *from == at).map(|(_, to)| *to);
            left.extend(next.filter(|to| seen.insert(*to)));
        }
        seen
    };
    let starts: BTreeSet<usize> = edges.keys().map(|(from, _)| *from).collect();
    let reach: BTreeMap<usize, BTreeSet<usize>> =
        starts.into_iter().map(|start| (start, reached(start))).collect();
    let mut cycles: Vec<BTreeSet<usize>> = Vec::new();
    for (file, others) in &reach {
        if others.contains(file) && !cycles.iter().any(|cycle| cycle.contains(file)) {
            let back = |other: &usize| reach.get(other).is_some_and(|its| its.contains(file));
            cycles.push(others.iter().copied().filter(back).collect());
        }
    }
    cycles
}
