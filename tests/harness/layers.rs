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

use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// Layers with the modules in them, from the top down.
pub type Layers<'a> = &'a [&'a [&'a str]];

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

/// A crate's files and modules; a library and a program in one folder are two roots.
struct Tree {
    folder: PathBuf,
    files: Vec<File>,
    modules: Vec<Module>,
}

struct File {
    path: PathBuf,
    /// The path of its module, as `go/check`, or the name of its root.
    name: String,
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

/// A name that a `use` brings into a module.
struct Import {
    segments: Vec<String>,
    /// `None` for all names.
    name: Option<String>,
    is_public: bool,
    line: usize,
}

/// A path in code.
struct Mention {
    segments: Vec<String>,
    line: usize,
    is_macro: bool,
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
    fn read(folder: &Path) -> Tree {
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
        let mut reader = Reader::default();
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
            reader.visit_item(item);
        }
        self.modules.push(Module {
            parent,
            file: location.file,
            items: names,
            macros,
            exported: HashMap::new(),
            children: HashMap::new(),
            imports: reader.imports,
            mentions: reader.mentions,
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
    fn dependencies(&self) -> BTreeMap<(usize, usize), Dependency> {
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

/// Collects what one module imports and mentions.
#[derive(Default)]
struct Reader {
    imports: Vec<Import>,
    mentions: Vec<Mention>,
}

impl Reader {
    fn read_use(&mut self, tree: &syn::UseTree, before: &[String], is_public: bool) {
        let mut segments = before.to_vec();
        let line = tree.span().start().line;
        let mut import = |segments: Vec<String>, name: Option<String>| {
            self.imports.push(Import { segments, name, is_public, line });
        };
        match tree {
            syn::UseTree::Path(path) => {
                segments.push(unraw(&path.ident));
                self.read_use(&path.tree, &segments, is_public);
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.read_use(tree, &segments, is_public);
                }
            }
            syn::UseTree::Glob(_) => import(segments, None),
            syn::UseTree::Name(name) => {
                let name = unraw(&name.ident);
                if name == "self" {
                    let name = segments.last().cloned();
                    import(segments, name.or(Some("self".to_string())));
                } else {
                    segments.push(name.clone());
                    import(segments, Some(name));
                }
            }
            syn::UseTree::Rename(rename) => {
                let name = unraw(&rename.ident);
                if name != "self" {
                    segments.push(name);
                }
                import(segments, Some(unraw(&rename.rename)));
            }
        }
    }

    /// Finds paths in tokens that have no syntax tree. Of names that stand alone only those of
    /// types count.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut path = Vec::new();
        let (mut line, mut colons, mut skips) = (0, 0, false);
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons < 2 || path.is_empty() {
                        skips |= colons == 2;
                        self.mention_tokens(&mut path, line);
                        line = name.span().start().line;
                    }
                    if skips {
                        skips = false;
                    } else {
                        path.push(unraw(&name));
                    }
                    colons = 0;
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' => colons += 1,
                other => {
                    self.mention_tokens(&mut path, line);
                    colons = 0;
                    skips = matches!(&other, TokenTree::Punct(sign) if sign.as_char() == '.');
                    if let TokenTree::Group(group) = other {
                        self.read_tokens(group.stream());
                    }
                }
            }
        }
        self.mention_tokens(&mut path, line);
    }

    fn mention_tokens(&mut self, path: &mut Vec<String>, line: usize) {
        let segments = std::mem::take(path);
        let is_type = |name: &String| name.starts_with(char::is_uppercase);
        if segments.len() > 1 || segments.first().is_some_and(is_type) {
            self.mentions.push(Mention { segments, line, is_macro: false });
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !head(item).0.iter().any(is_test) {
            visit::visit_item(self, item);
        }
    }

    // The tree reads modules below by themselves.
    fn visit_item_mod(&mut self, _: &'ast syn::ItemMod) {}

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if item.leading_colon.is_none() {
            let is_public = !matches!(item.vis, syn::Visibility::Inherited);
            self.read_use(&item.tree, &[], is_public);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            self.mentions.push(Mention {
                segments: path.segments.iter().map(|segment| unraw(&segment.ident)).collect(),
                line: path.span().start().line,
                is_macro: false,
            });
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if call.path.leading_colon.is_none() {
            self.mentions.push(Mention {
                segments: call.path.segments.iter().map(|one| unraw(&one.ident)).collect(),
                line: call.path.span().start().line,
                is_macro: true,
            });
        }
        self.read_tokens(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        match &attribute.meta {
            syn::Meta::List(list) => {
                self.read_tokens(list.tokens.clone());
                self.read_strings(list.tokens.clone());
            }
            syn::Meta::NameValue(pair) if !pair.path.is_ident("doc") => {
                self.visit_expr(&pair.value);
            }
            _ => {}
        }
    }
}

impl Reader {
    /// Paths in strings, as in `#[serde(with = "crate::bytes")]`.
    fn read_strings(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.read_strings(group.stream()),
                TokenTree::Literal(literal) => {
                    let text: Option<syn::LitStr> = syn::parse_str(&literal.to_string()).ok();
                    let path: Option<syn::Path> = text.and_then(|text| text.parse().ok());
                    if let Some(path) = path.filter(|path| path.segments.len() > 1) {
                        let line = literal.span().start().line;
                        let segments = path.segments.iter().map(|one| unraw(&one.ident));
                        let segments = segments.collect();
                        self.mentions.push(Mention { segments, line, is_macro: false });
                    }
                }
                _ => {}
            }
        }
    }
}

/// The attributes of an item, and the name that it defines.
fn head(item: &syn::Item) -> (&[syn::Attribute], Option<String>) {
    use syn::Item;
    let (attributes, name) = match item {
        Item::Const(item) => (&item.attrs, Some(&item.ident)),
        Item::Enum(item) => (&item.attrs, Some(&item.ident)),
        Item::ExternCrate(item) => (&item.attrs, None),
        Item::Fn(item) => (&item.attrs, Some(&item.sig.ident)),
        Item::ForeignMod(item) => (&item.attrs, None),
        Item::Impl(item) => (&item.attrs, None),
        Item::Macro(item) => (&item.attrs, item.ident.as_ref()),
        Item::Mod(item) => (&item.attrs, None),
        Item::Static(item) => (&item.attrs, Some(&item.ident)),
        Item::Struct(item) => (&item.attrs, Some(&item.ident)),
        Item::Trait(item) => (&item.attrs, Some(&item.ident)),
        Item::TraitAlias(item) => (&item.attrs, Some(&item.ident)),
        Item::Type(item) => (&item.attrs, Some(&item.ident)),
        Item::Union(item) => (&item.attrs, Some(&item.ident)),
        Item::Use(item) => (&item.attrs, None),
        _ => return (&[], None),
    };
    (attributes, name.map(unraw))
}

/// Whether it is `#[cfg(test)]`, or that and more.
fn is_test(attribute: &syn::Attribute) -> bool {
    let syn::Meta::List(list) = &attribute.meta else { return false };
    if !list.path.is_ident("cfg") {
        return false;
    }
    let tokens: Vec<TokenTree> = list.tokens.clone().into_iter().collect();
    let is_name =
        |token: &TokenTree, name: &str| matches!(token, TokenTree::Ident(own) if own == name);
    match &tokens[..] {
        [only] => is_name(only, "test"),
        [all, TokenTree::Group(parts)] if is_name(all, "all") => {
            parts.stream().into_iter().any(|token| is_name(&token, "test"))
        }
        _ => false,
    }
}

/// A name without the `r#` of raw identifiers.
fn unraw(name: &syn::Ident) -> String {
    let text = name.to_string();
    text.strip_prefix("r#").unwrap_or(&text).to_string()
}
