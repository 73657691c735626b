//! The modules of a crate, and what paths in them lead to.

use super::source::{Import, Mention, Source, head, is_test, unraw};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};
use syn::visit::Visit;

/// A file that imports something from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dependency {
    /// The file that imports, relative to the folder of sources.
    pub from: PathBuf,
    /// The line of the first import.
    pub line: usize,
    /// The path in that line.
    pub path: String,
    /// The file that defines what is imported.
    pub to: PathBuf,
}

impl fmt::Display for Dependency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Dependency { from, line, path, to } = self;
        write!(f, "{}:{line} imports {path} from {}", from.display(), to.display())
    }
}

/// A crate's files and modules; a library and a program in one folder are two roots.
pub struct Tree {
    folder: PathBuf,
    pub files: Vec<File>,
    modules: Vec<Module>,
}

/// A file of sources.
pub struct File {
    /// Its path, relative to the folder of sources.
    pub path: PathBuf,
    /// The path of its module, as `go/check`, or the name of its root.
    pub name: String,
}

struct Module {
    parent: Option<usize>,
    file: usize,
    items: HashSet<String>,
    macros: HashSet<String>,
    /// Of a root, the modules whose macros are seen at it.
    exported: HashMap<String, usize>,
    children: HashMap<String, Vec<usize>>,
    imports: Vec<Import>,
    mentions: Vec<Mention>,
}

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Definition {
    /// An item that this module defines.
    Item(usize),
    Module(usize),
}

/// The lookups under way, so that imports that lead back to themselves end.
type Pending = HashSet<(usize, String)>;

impl Tree {
    /// Reads the crate whose sources are in a folder.
    pub fn read(folder: &Path) -> Tree {
        let mut tree = Tree { folder: folder.into(), files: Vec::new(), modules: Vec::new() };
        for root in ["lib", "main"] {
            let path = folder.join(root).with_extension("rs");
            if path.is_file() {
                tree.read_file(&path, folder, root.to_string(), None);
            }
        }
        assert!(!tree.files.is_empty(), "there is no crate in {}", folder.display());
        tree
    }

    /// Reads a file as one module, with those below it.
    fn read_file(&mut self, path: &Path, below: &Path, name: String, parent: Option<usize>) {
        let text = std::fs::read_to_string(path)
            .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
        let syntax = syn::parse_file(&text).unwrap_or_else(|error| {
            panic!("cannot parse {}:{}: {error}", path.display(), error.span().start().line)
        });
        if syntax.attrs.iter().any(is_test) {
            return;
        }
        let shown = path.strip_prefix(&self.folder).unwrap_or(path).to_path_buf();
        // The names of a root's children do not begin with that of the root.
        let prefix = if parent.is_some() { format!("{name}/") } else { String::new() };
        self.files.push(File { path: shown, name });
        let file = self.files.len() - 1;
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let location = Location { file, folder: &folder, below, prefix: &prefix, is_inline: false };
        self.read_module(&syntax.items, location, parent);
    }

    fn read_module(
        &mut self,
        items: &[syn::Item],
        location: Location<'_>,
        parent: Option<usize>,
    ) -> usize {
        let number = self.modules.len();
        let mut source = Source::default();
        let (mut names, mut macros) = (HashSet::new(), HashSet::new());
        let mut exported = Vec::new();
        for item in items {
            let (attributes, name) = head(item);
            if attributes.iter().any(is_test) {
                continue;
            }
            if let syn::Item::Macro(_) = item {
                macros.extend(name.clone());
                if attributes.iter().any(|one| one.path().is_ident("macro_export")) {
                    exported.extend(name.clone());
                }
            }
            names.extend(name);
            source.visit_item(item);
        }
        self.modules.push(Module {
            parent,
            file: location.file,
            items: names,
            macros,
            exported: HashMap::new(),
            children: HashMap::new(),
            imports: source.imports,
            mentions: source.mentions,
        });
        let root = self.root(number);
        self.modules[root].exported.extend(exported.into_iter().map(|name| (name, number)));
        for child in items {
            if let syn::Item::Mod(child) = child
                && !child.attrs.iter().any(is_test)
            {
                self.read_child(child, location, number);
            }
        }
        number
    }

    fn read_child(&mut self, child: &syn::ItemMod, location: Location<'_>, parent: usize) {
        let name = unraw(&child.ident);
        let first = self.modules.len();
        let attribute = child.attrs.iter().find(|one| one.path().is_ident("path"));
        let other = attribute.and_then(|one| match &one.meta {
            syn::Meta::NameValue(pair) => match &pair.value {
                syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        });
        let below = location.below.join(&name);
        let full = format!("{}{name}", location.prefix);
        match (&child.content, other) {
            (Some((_, items)), _) => {
                let prefix = format!("{full}/");
                let location =
                    Location { below: &below, prefix: &prefix, is_inline: true, ..location };
                self.read_module(items, location, Some(parent));
            }
            (None, Some(other)) => {
                let folder = if location.is_inline { location.below } else { location.folder };
                let path = folder.join(other);
                let below = path.parent().unwrap_or(folder).to_path_buf();
                self.read_file(&path, &below, full, Some(parent));
            }
            (None, None) => {
                let path = below.with_extension("rs");
                let path = if path.is_file() { path } else { below.join("mod.rs") };
                self.read_file(&path, &below, full, Some(parent));
            }
        }
        if self.modules.len() > first {
            self.modules[parent].children.entry(name).or_default().push(first);
        }
    }

    fn root(&self, mut module: usize) -> usize {
        while let Some(parent) = self.modules[module].parent {
            module = parent;
        }
        module
    }

    /// Everything that a path leads to from a module; nothing if that is outside of the crate.
    fn resolve(&self, from: usize, path: &[String], pending: &mut Pending) -> Vec<Definition> {
        let Some((first, rest)) = path.split_first() else { return Vec::new() };
        let mut found = match first.as_str() {
            "crate" => vec![Definition::Module(self.root(from))],
            "self" => vec![Definition::Module(from)],
            "super" => self.modules[from].parent.map(Definition::Module).into_iter().collect(),
            name => self.look_up(from, name, pending),
        };
        for name in rest {
            let mut next = Vec::new();
            for definition in &found {
                match (definition, name.as_str()) {
                    (Definition::Module(module), "super") => {
                        next.extend(self.modules[*module].parent.map(Definition::Module));
                    }
                    (Definition::Module(module), "self") => next.push(Definition::Module(*module)),
                    (Definition::Module(module), name) => {
                        next.extend(self.look_up(*module, name, pending));
                    }
                    (Definition::Item(_), _) => {}
                }
            }
            if next.is_empty() {
                // A variant, a method or a constant of a type.
                found.retain(|definition| matches!(definition, Definition::Item(_)));
            } else {
                found = next;
            }
        }
        found
    }

    /// What a name means in a module.
    fn look_up(&self, module: usize, name: &str, pending: &mut Pending) -> Vec<Definition> {
        let key = (module, name.to_string());
        if !pending.insert(key.clone()) {
            return Vec::new();
        }
        let own = &self.modules[module];
        let mut found: Vec<Definition> =
            own.children.get(name).into_iter().flatten().copied().map(Definition::Module).collect();
        if own.items.contains(name) {
            found.push(Definition::Item(module));
        }
        found.extend(own.exported.get(name).copied().map(Definition::Item));
        for import in &own.imports {
            match &import.name {
                Some(known) if known == name => {
                    found.extend(self.resolve(module, &import.segments, pending));
                }
                Some(_) => {}
                None => {
                    for definition in self.resolve(module, &import.segments, pending) {
                        if let Definition::Module(other) = definition {
                            found.extend(self.look_up(other, name, pending));
                        }
                    }
                }
            }
        }
        pending.remove(&key);
        found
    }

    /// The modules with a macro of this name, which is seen from everywhere below its line.
    fn textual_macros(&self, name: &str) -> Vec<Definition> {
        let modules = 0..self.modules.len();
        modules
            .filter(|one| self.modules[*one].macros.contains(name))
            .map(Definition::Item)
            .collect()
    }

    fn is_below(&self, mut module: usize, ancestor: usize) -> bool {
        while let Some(parent) = self.modules[module].parent {
            if parent == ancestor {
                return true;
            }
            module = parent;
        }
        false
    }

    /// All dependencies, by the numbers of their files.
    pub fn dependencies(&self) -> BTreeMap<(usize, usize), Dependency> {
        let mut found: BTreeMap<(usize, usize), Dependency> = BTreeMap::new();
        let mut add = |from: usize, module: usize, segments: &[String], line: usize| {
            let (from, to) = (self.modules[from].file, self.modules[module].file);
            if from == to {
                return;
            }
            let dependency = Dependency {
                from: self.files[from].path.clone(),
                line,
                path: segments.join("::"),
                to: self.files[to].path.clone(),
            };
            let known = found.entry((from, to)).or_insert_with(|| dependency.clone());
            if dependency.line < known.line {
                *known = dependency;
            }
        };
        for (number, module) in self.modules.iter().enumerate() {
            for import in &module.imports {
                for definition in self.resolve(number, &import.segments, &mut Pending::new()) {
                    let targets = match (definition, &import.name) {
                        (Definition::Item(item), _) => vec![item],
                        (Definition::Module(all), None) => self.globbed(all),
                        (Definition::Module(other), _) if import.is_public => vec![other],
                        (Definition::Module(_), _) => Vec::new(),
                    };
                    for target in targets {
                        if !(import.is_public && self.is_below(target, number)) {
                            add(number, target, &import.segments, import.line);
                        }
                    }
                }
            }
            for mention in &module.mentions {
                let mut targets = self.resolve(number, &mention.segments, &mut Pending::new());
                if let (true, true, [name]) =
                    (mention.is_macro, targets.is_empty(), &mention.segments[..])
                {
                    targets = self.textual_macros(name);
                }
                for definition in targets {
                    if let Definition::Item(item) = definition {
                        add(number, item, &mention.segments, mention.line);
                    }
                }
            }
        }
        found
    }

    /// Where the names are defined that a glob of this module brings.
    fn globbed(&self, module: usize) -> Vec<usize> {
        let own = &self.modules[module];
        let mut found = Vec::new();
        if !own.items.is_empty() {
            found.push(module);
        }
        for import in own.imports.iter().filter(|import| import.is_public) {
            for definition in self.resolve(module, &import.segments, &mut Pending::new()) {
                if let Definition::Item(item) = definition {
                    found.push(item);
                }
            }
        }
        found
    }
}

/// Where the source of a module is.
#[derive(Clone, Copy)]
struct Location<'a> {
    file: usize,
    /// The folder of its file.
    folder: &'a Path,
    /// The folder of the files of its children.
    below: &'a Path,
    /// What the names of its children begin with.
    prefix: &'a str,
    is_inline: bool,
}
