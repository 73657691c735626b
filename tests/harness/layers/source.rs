//! What the source of one module imports and mentions.

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// A name that a `use` brings into a module.
pub struct Import {
    pub segments: Vec<String>,
    /// `None` for all names.
    pub name: Option<String>,
    pub is_public: bool,
    pub line: usize,
}

/// A path in code.
pub struct Mention {
    pub segments: Vec<String>,
    pub line: usize,
    pub is_macro: bool,
}

/// Collects what one module imports and mentions.
#[derive(Default)]
pub struct Source {
    pub imports: Vec<Import>,
    pub mentions: Vec<Mention>,
}

impl Source {
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

impl<'ast> Visit<'ast> for Source {
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

impl Source {
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
pub fn head(item: &syn::Item) -> (&[syn::Attribute], Option<String>) {
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
pub fn is_test(attribute: &syn::Attribute) -> bool {
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
pub fn unraw(name: &syn::Ident) -> String {
    let text = name.to_string();
    text.strip_prefix("r#").unwrap_or(&text).to_string()
}
