//! The tables of layouts in the documentation, as the languages themselves have them.
//!
//! With the variable `LUAGO_WRITE_TABLES` the test writes them instead of comparing.

use super::guests::sandbox;
use super::layouts::{Described, in_lua, shown};
use luago::{Layout, Plain, Sandbox, Sharing};
use luago_test_support::sandboxes::result;
use std::path::Path;

const BEGIN: &str = "<!-- layouts -->";
const END: &str = "<!-- /layouts -->";

/// A scalar, as each language names it, and what Rust makes of it.
struct Named {
    lua: &'static str,
    go: &'static str,
    c: &'static str,
    rust: (&'static str, usize, usize),
}

macro_rules! named {
    ($($lua:literal $go:literal $c:literal $rust:ident;)+) => {
        [$(Named {
            lua: $lua,
            go: $go,
            c: $c,
            rust: (stringify!($rust), size_of::<$rust>(), align_of::<$rust>()),
        }),+]
    };
}

fn go(sandbox: &mut Sandbox, name: &str) -> Described {
    result(sandbox, &format!("return a.described '{name}'"))
}

/// Size, alignment and offsets of a struct as Lua has them.
fn lua(sandbox: &mut Sandbox, source: &str, fields: &[&str]) -> Vec<usize> {
    let offsets: String = fields.iter().map(|field| format!(", L:offset '{field}'")).collect();
    result(sandbox, &format!("local L = {source} return {{L.size, L.align{offsets}}}"))
}

/// The same by the rules of C: each field at the next address that its alignment divides, and
/// the struct filled up to its own; in what is packed nothing is aligned.
fn c(layout: &Layout) -> Vec<usize> {
    let is_packed = layout.align() == 1;
    let (mut end, mut most, mut offsets) = (0usize, 1, Vec::new());
    for field in layout.fields() {
        let align = if is_packed { 1 } else { field.layout().align() };
        offsets.push(end.next_multiple_of(align));
        end = end.next_multiple_of(align) + field.size();
        most = most.max(align);
    }
    let mut all = vec![end.next_multiple_of(most), most];
    all.append(&mut offsets);
    all
}

/// What a layout says of itself.
fn of(layout: &Layout) -> Vec<usize> {
    let offsets = layout.fields().iter().map(|field| field.offset());
    [layout.size(), layout.align()].into_iter().chain(offsets).collect()
}

fn scalars(sandbox: &mut Sandbox) -> String {
    let names = named! {
        "u8" "uint8" "uint8_t" u8;
        "i8" "int8" "int8_t" i8;
        "u16" "uint16" "uint16_t" u16;
        "i16" "int16" "int16_t" i16;
        "u32" "uint32" "uint32_t" u32;
        "i32" "int32" "int32_t" i32;
        "u64" "uint64" "uint64_t" u64;
        "i64" "int64" "int64_t" i64;
        "f32" "float32" "float" f32;
        "f64" "float64" "double" f64;
        "bool" "bool" "bool" bool;
    };
    let mut table =
        "| Lua | Go | C | Rust | bytes | alignment |\n|---|---|---|---|---|---|\n".to_string();
    for Named { lua: name, go: in_go, c, rust: (rust, size, align) } in names {
        let from_lua = lua(sandbox, &format!("luago.struct{{{{'x', '{name}'}}}}"), &[]);
        let from_go = go(sandbox, name);
        assert_eq!(from_lua, [size, align], "{name}");
        assert_eq!((from_go.size, from_go.align), (size, align), "{name}");
        table += &format!("| `{name}` | `{in_go}` | `{c}` | `{rust}` | {size} | {align} |\n");
    }
    table
}

fn structs(sandbox: &mut Sandbox) -> String {
    let mut table = String::new();
    for (name, layout) in shown() {
        let fields: Vec<&str> = layout.fields().iter().map(|field| field.name()).collect();
        let from_lua = lua(sandbox, &in_lua(layout), &fields);
        let go: Layout = go(sandbox, name).description.parse().unwrap();
        let columns = [from_lua, of(&go), c(layout), of(layout)];
        assert!(columns.iter().all(|column| *column == columns[0]), "{name}: {columns:?}");
        let packed = if layout.align() == 1 { ", packed" } else { "" };
        let all: Vec<String> = layout
            .fields()
            .iter()
            .map(|field| describe(field.name(), field.layout(), field.count()))
            .collect();
        table += &format!("\n`{}`{packed}:\n\n", all.join(", "));
        table += "| | Lua | Go | C | Rust |\n|---|---|---|---|---|\n";
        let rows = ["size".to_string(), "alignment".to_string()].into_iter();
        let rows = rows.chain(fields.iter().map(|field| format!("offset of `{field}`")));
        for (at, row) in rows.enumerate() {
            let cells: String = columns.iter().map(|column| format!(" {} |", column[at])).collect();
            table += &format!("| {row} |{cells}\n");
        }
    }
    table
}

fn describe(name: &str, layout: &Layout, count: Option<usize>) -> String {
    let of = match layout.scalar() {
        Some(scalar) => scalar.name().to_string(),
        None => {
            let inner: Vec<String> = layout
                .fields()
                .iter()
                .map(|field| describe(field.name(), field.layout(), field.count()))
                .collect();
            format!("{{{}}}", inner.join(", "))
        }
    };
    match count {
        Some(count) => format!("{name}: [{of}; {count}]"),
        None => format!("{name}: {of}"),
    }
}

#[test]
fn the_tables_of_layouts_in_the_documentation_are_true() {
    let mut sandbox = sandbox("5.4", Sharing::Mapped);
    let tables = format!("\n{}{}", scalars(&mut sandbox), structs(&mut sandbox));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/SEGMENTS.md");
    let text = std::fs::read_to_string(&file).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (written, after) = rest.split_once(END).unwrap();
    if std::env::var_os("LUAGO_WRITE_TABLES").is_some() {
        std::fs::write(&file, format!("{before}{BEGIN}\n{tables}\n{END}{after}")).unwrap();
        return;
    }
    assert_eq!(
        written.trim(),
        tables.trim(),
        "set LUAGO_WRITE_TABLES=1 and run the test again to write {}",
        file.display()
    );
}

#[test]
fn a_type_is_as_large_in_a_struct_as_alone() {
    assert_eq!((<[u16; 3]>::SIZE, <[u16; 3]>::ALIGN), (6, 2));
    assert_eq!((<[f64; 2]>::SIZE, <[f64; 2]>::ALIGN), (16, 8));
    assert_eq!((bool::SIZE, bool::ALIGN), (1, 1));
}
