//! The Rust code of `README.md` and of the book, as doctests. Pages that are a part of a
//! crate's own documentation are tested there, and Go guests by `tests/it`.

macro_rules! pages {
    ($($name:ident $file:literal;)+) => {$(
        #[cfg(doctest)]
        #[doc = include_str!(concat!("../../", $file))]
        mod $name {}
    )+};
}

pages! {
    readme "README.md";
    r#async "docs/src/async.md";
    capabilities "docs/src/capabilities.md";
    embedding "docs/src/embedding.md";
    errors "docs/src/errors.md";
    limits "docs/src/limits.md";
    pools "docs/src/pools.md";
    sharing "docs/src/sharing.md";
    values "docs/src/values.md";
}
