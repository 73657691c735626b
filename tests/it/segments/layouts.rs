//! Structs that Lua, Go and Rust have declared, each for itself.

use super::guests::{lua_only, sandbox};
use luago::{Layout, Plain, Scalar, Segment, Sharing, View};
use luago_test_support::sandboxes::{call, load, refusal, result};
use luago_test_support::versions::Lua;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use std::cell::RefCell;

const SCALARS: [(&str, u32); 11] = [
    ("u8", 1),
    ("i8", 1),
    ("u16", 2),
    ("i16", 2),
    ("u32", 4),
    ("i32", 4),
    ("u64", 8),
    ("i64", 8),
    ("f32", 4),
    ("f64", 8),
    ("bool", 1),
];

/// A type as somebody could declare it.
#[derive(Debug, Clone)]
enum Type {
    Scalar(&'static str, u32),
    Struct { is_packed: bool, fields: Vec<Member> },
}

#[derive(Debug, Clone)]
struct Member {
    of: Type,
    count: Option<u32>,
    is_padding: bool,
}

/// What the rules of C make of a struct.
struct Placed {
    size: u32,
    align: u32,
    /// Its fields in a description, each behind "; ".
    fields: String,
    /// Where there are scalars, in bytes.
    scalars: Vec<(usize, &'static str)>,
}

impl Type {
    fn placed(&self) -> Placed {
        let (is_packed, members) = match self {
            Type::Scalar(name, size) => {
                let scalars = vec![(0, *name)];
                return Placed { size: *size, align: *size, fields: String::new(), scalars };
            }
            Type::Struct { is_packed, fields } => (*is_packed, fields),
        };
        let mut all = Placed { size: 0, align: 1, fields: String::new(), scalars: Vec::new() };
        for (number, member) in members.iter().enumerate() {
            let one = member.of.placed();
            let align = if is_packed { 1 } else { one.align };
            let at = all.size.next_multiple_of(align);
            let count = member.count.unwrap_or(1);
            all.size = at + one.size * count;
            all.align = all.align.max(align);
            if member.is_padding {
                continue;
            }
            let name = match &member.of {
                Type::Scalar(name, _) => name.to_string(),
                Type::Struct { .. } => {
                    format!("{{size {} align {}{}}}", one.size, one.align, one.fields)
                }
            };
            let array = member.count.map_or(String::new(), |count| format!("[{count}]"));
            all.fields += &format!("; field_{number} {name}{array} @{at}");
            for index in 0..count {
                let at = (at + index * one.size) as usize;
                all.scalars.extend(one.scalars.iter().map(|(offset, name)| (at + offset, *name)));
            }
        }
        all.size = all.size.next_multiple_of(all.align);
        all
    }

    fn description(&self) -> String {
        let placed = self.placed();
        format!("size {} align {}{}", placed.size, placed.align, placed.fields)
    }

    /// The same declaration in Lua.
    fn lua(&self) -> String {
        let (is_packed, members) = match self {
            Type::Scalar(name, _) => return format!("'{name}'"),
            Type::Struct { is_packed, fields } => (is_packed, fields),
        };
        let mut source = "luago.struct{".to_string();
        for (number, member) in members.iter().enumerate() {
            let padding = if member.is_padding { "_" } else { "" };
            let count = member.count.map_or(String::new(), |count| format!(", {count}"));
            source += &format!("{{'{padding}field_{number}', {}{count}}}, ", member.of.lua());
        }
        source + &format!("packed = {is_packed}}}")
    }
}

fn any_struct() -> impl Strategy<Value = Type> {
    let scalar = select(&SCALARS[..]).prop_map(|(name, size)| Type::Scalar(name, size));
    let of_members = |inner: BoxedStrategy<Type>| {
        let member = (inner, proptest::option::of(1..7_u32), proptest::bool::weighted(0.1));
        let member = member.prop_map(|(of, count, is_padding)| Member { of, count, is_padding });
        (any::<bool>(), prop::collection::vec(member, 1..6)).prop_map(|(is_packed, mut fields)| {
            fields[0].is_padding = false;
            Type::Struct { is_packed, fields }
        })
    };
    let inner = scalar.boxed().prop_recursive(3, 12, 4, of_members);
    of_members(inner.boxed())
}

/// Makes random bytes into values that every language has: no number that is none, which
/// may change its bits on the way, and in old versions of Lua no integer beyond 2⁵³.
fn tame(bytes: &mut [u8], scalars: &[(usize, &str)], lua: Lua) {
    for &(at, name) in scalars {
        match name {
            "f32" => bytes[at + 3] &= 0xbf,
            "f64" => bytes[at + 7] &= 0xbf,
            "bool" => bytes[at] &= 1,
            "u64" | "i64" if luago_test_support::versions::number(lua) < 53 => {
                bytes[at + 6] &= 0x1f;
                bytes[at + 7] = 0;
            }
            _ => {}
        }
    }
}

fn size_of(scalar: &str) -> usize {
    SCALARS.iter().find(|(name, _)| *name == scalar).map_or(0, |(_, size)| *size as usize)
}

/// The bytes of the scalars, and zeros between them.
fn only_scalars(bytes: &[u8], scalars: &[(usize, &str)]) -> Vec<u8> {
    let mut only = vec![0; bytes.len()];
    for &(at, name) in scalars {
        only[at..at + size_of(name)].copy_from_slice(&bytes[at..at + size_of(name)]);
    }
    only
}

for_each_version! {
    fn any_struct_of_lua_is_what_rust_reads_of_it(lua) {
        let mut sandbox = lua_only(lua, Sharing::Mapped);
        let copy = load(&mut sandbox, "
            local source, from, to, again = ...
            local L = assert((loadstring or load)('return ' .. source))()
            L:write(L:at(to), L:read(L:at(from)))
            -- And part by part.
            local function assign(a, b, names)
                for name, value in pairs(names) do
                    if type(value) ~= 'table' then a[name] = b[name]
                    elseif type(a[name]) == 'userdata' then assign(a[name], b[name], value) end
                end
            end
            assign(L:at(again), L:at(from), L:read(L:at(from)))
            local told = {L.size, L.align, L.description, L.fingerprint}
            from:close() to:close() again:close()
            return told");
        let sandbox = RefCell::new(sandbox);
        let config = Config { failure_persistence: None, ..Config::with_cases(150) };
        TestRunner::new(config).run(&(any_struct(), any::<u64>()), |(declared, seed)| {
            let placed = declared.placed();
            let description = declared.description();
            let layout: Layout = description.parse().unwrap();
            prop_assert_eq!(layout.description(), &description);
            prop_assert_eq!((layout.size(), layout.align()), (placed.size as usize, placed.align as usize));
            let size = placed.size as usize;
            let mut bytes = noise(seed, size);
            tame(&mut bytes, &placed.scalars, lua);
            let segments = [(); 3].map(|()| Segment::new(size).unwrap());
            segments[0].write_at(0, &bytes).unwrap();
            let told: (u32, u32, String, String) = sandbox.borrow_mut().call(
                &copy, (declared.lua(), &segments[0], &segments[1], &segments[2])).map(|t: (Told,)| t.0.into()).unwrap();
            prop_assert_eq!(told, (placed.size, placed.align, description, format!("{:016x}", layout.fingerprint())));
            let expected = only_scalars(&bytes, &placed.scalars);
            prop_assert_eq!(&segments[1].to_vec().unwrap(), &expected);
            prop_assert_eq!(&segments[2].to_vec().unwrap(), &expected);
            Ok(())
        }).unwrap();
    }

    fn go_and_rust_and_lua_have_the_same_layouts_and_bytes(lua) {
        let mut sandbox = sandbox(lua, Sharing::Mapped);
        for check in CHECKS {
            check(&mut sandbox, lua);
        }
    }
}

/// Bytes that look random.
fn noise(seed: u64, len: usize) -> Vec<u8> {
    let mut state = seed | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..len).map(|_| next()).collect()
}

#[derive(serde::Deserialize)]
struct Told(u32, u32, String, String);

impl From<Told> for (u32, u32, String, String) {
    fn from(told: Told) -> (u32, u32, String, String) {
        (told.0, told.1, told.2, told.3)
    }
}

macro_rules! types {
    ($($(#[$packed:ident])? $name:ident $text:literal { $($field:ident: $type:ty),+ })+) => {
        $(types!(@one $($packed)? $name { $($field: $type),+ });)+
        type Check = fn(&mut luago::Sandbox, Lua);
        const CHECKS: &[Check] = &[$(|sandbox, lua| same_everywhere::<$name>(sandbox, lua, $text)),+];
    };
    (@one packed $name:ident { $($field:ident: $type:ty),+ }) => {
        luago::layout! { #[derive(Clone, Copy)] packed struct $name { $($field: $type),+ } }
    };
    (@one $name:ident { $($field:ident: $type:ty),+ }) => {
        luago::layout! { #[derive(Clone, Copy)] struct $name { $($field: $type),+ } }
    };
}

luago::layout! {
    #[derive(Clone, Copy)]
    struct Point { x: f64, y: f64 }
}

types! {
    Tiny "tiny" { only: u8 }
    Gaps "gaps" { first: u8, second: u64, third: u8 }
    #[packed] Packed "packed" { seq: u32, flags: u8, data: [u8; 64] }
    Packet "packet" { seq: u32, flags: u8, data: [u8; 64] }
    Deep "deep" { head: Gaps, tail: [Packed; 3], last: i16 }
    Bools "bools" { flags: [bool; 5], count: i32, is_on: bool }
    Floats "floats" { small: f32, large: f64, some: [f32; 3] }
    Tagged "tagged" { identifier: u32, value: f64 }
    Buffer "buffer" { data: [u8; 256], used: u16 }
    EveryArray "every_array" {
        a: [i8; 1], b: [u16; 2], c: [i32; 3], d: [u64; 2], e: [f64; 2], f: [Point; 2]
    }
    Scalars "scalars" {
        a: i8, b: u8, c: i16, d: u16, e: i32, f: u32, g: i64, h: u64, i: f32, j: f64, ok: bool
    }
    Nested "nested" { user_id: u64, pos: [Point; 2], ok: bool }
    Arrays "arrays" { name: [u8; 16], grid: [f32; 9], _gap: [u8; 4], flags: [bool; 3] }
    #[packed] PackedNested "packed_nested" { kind: u8, at: Point, more: [Packed; 2] }
}

/// Those that the documentation shows, by their names in the Go guest.
pub fn shown() -> [(&'static str, &'static Layout); 6] {
    [
        ("packet", Packet::layout()),
        ("packed", Packed::layout()),
        ("gaps", Gaps::layout()),
        ("bools", Bools::layout()),
        ("nested", Nested::layout()),
        ("packed_nested", PackedNested::layout()),
    ]
}

/// Where there are scalars in a layout of the library.
fn scalars(layout: &Layout, from: usize, into: &mut Vec<(usize, &'static str)>) {
    if let Some(scalar) = layout.scalar() {
        into.push((from, scalar.name()));
    }
    for field in layout.fields() {
        for index in 0..field.count().unwrap_or(1) {
            let at = from + field.offset() + index * field.layout().size();
            scalars(field.layout(), at, into);
        }
    }
}

/// A layout of the library as it is declared in Lua, with what it skips as padding.
pub fn in_lua(layout: &Layout) -> String {
    if let Some(scalar) = layout.scalar() {
        return format!("'{scalar}'");
    }
    let (mut source, mut end) = ("luago.struct{".to_string(), 0);
    let skip = |source: &mut String, from: usize, to: usize| {
        if from < to {
            *source += &format!("{{'_gap_{from}', 'u8', {}}}, ", to - from);
        }
    };
    for field in layout.fields() {
        skip(&mut source, end, field.offset());
        let count = field.count().map_or(String::new(), |count| format!(", {count}"));
        source += &format!("{{'{}', {}{count}}}, ", field.name(), in_lua(field.layout()));
        end = field.offset() + field.size();
    }
    skip(&mut source, end, layout.size());
    source + &format!("packed = {}}}", layout.align() == 1)
}

#[derive(Debug, PartialEq, serde::Deserialize)]
pub struct Described {
    pub size: usize,
    pub align: usize,
    pub description: String,
    pub fingerprint: String,
}

/// A type of Rust is in Go and Lua what it is in Rust.
fn same_everywhere<T: Plain>(sandbox: &mut luago::Sandbox, lua: Lua, name: &str) {
    const COUNT: usize = 3;
    let layout = T::layout();
    let fingerprint = format!("{:016x}", layout.fingerprint());
    let go: Described = result(sandbox, &format!("return a.described '{name}'"));
    assert_eq!((go.size, go.align), (T::SIZE, layout.align()), "{name}: {go:?}, {layout}");
    assert_eq!(go.fingerprint, fingerprint, "{name}: {go:?}, {layout}");
    let source = in_lua(layout);
    let told: Described = result(
        sandbox,
        &format!(
            "L = {source} return {{size = L.size, align = L.align, description = L.description,
             fingerprint = L.fingerprint}}"
        ),
    );
    let description = layout.description().to_string();
    let expected = Described { size: T::SIZE, align: layout.align(), description, fingerprint };
    assert_eq!(told, expected, "{name}");

    let mut bytes = noise(name.len() as u64 * 7919, T::SIZE * COUNT);
    let mut places = Vec::new();
    for index in 0..COUNT {
        scalars(layout, index * T::SIZE, &mut places);
    }
    tame(&mut bytes, &places, lua);
    let expected = only_scalars(&bytes, &places);
    let from = Segment::new(bytes.len()).unwrap();
    from.write_at(0, &bytes).unwrap();
    let values: View<T> = from.array(0, COUNT).unwrap();
    let fresh = || Segment::new(bytes.len()).unwrap();
    // What is between fields is nobody's.
    let scalars_of = |segment: &Segment| only_scalars(&segment.to_vec().unwrap(), &places);

    let rust = fresh();
    let copies = rust.array::<T>(0, COUNT).unwrap();
    for (at, value) in values.iter().enumerate() {
        copies.set(at, &value).unwrap();
    }
    assert_eq!(scalars_of(&rust), expected, "{name} in Rust");

    let go = fresh();
    let copies = go.array::<T>(0, COUNT).unwrap();
    call::<()>(sandbox, &format!("a.copy_{name}(...)"), (&values, &copies)).unwrap();
    assert_eq!(scalars_of(&go), expected, "{name} in Go");

    let of_lua = fresh();
    let copies = of_lua.array::<T>(0, COUNT).unwrap();
    let back: View<T> = call(
        sandbox,
        &format!(
            "local from, to = ...
             from, to = L:of(from), L:of(to)
             assert(#from == {COUNT})
             for i = 1, #from do L:write(to[i], L:read(from[i])) end
             return to"
        ),
        (&values, &copies),
    )
    .unwrap();
    assert_eq!(scalars_of(back.segment()), expected, "{name} in Lua");
    assert_eq!(scalars_of(&of_lua), expected, "{name} in Lua");
}

for_each_sharing! {
    fn another_layout_is_an_error_that_shows_both(sharing) {
        let mut sandbox = sandbox("5.4", sharing);
        let segment = Segment::new(72).unwrap();
        let packet = segment.view::<Packet>(0).unwrap();
        // Go has its own way to write names, which makes no difference.
        let shows = |why: Result<luago::Value, luago::Error>| {
            let why = refusal(why).to_lowercase();
            let rows = [
                "the layouts differ:\n  passed          | expected\n",
                "\n* size 72 align 4 | size 69 align 1\n",
                "\n  seq u32 @0      | seq u32 @0\n",
                "\n  flags u8 @4     | flags u8 @4\n",
                "\n  data u8[64] @5  | data u8[64] @5",
            ];
            assert!(rows.iter().all(|row| why.contains(row)), "{why}");
        };
        shows(call(&mut sandbox, "local p = ... return a.copy_packed(p, p)", &packet));
        shows(call(&mut sandbox, "
            local P = luago.struct{{'seq', 'u32'}, {'flags', 'u8'}, {'data', 'u8', 64}, packed = true}
            return P:of(...)", &packet));
        let go = call::<View<Packed>>(&mut sandbox, "return a.bump(...)", &packet);
        shows(go.map(|_| luago::Value::Nil));
        let why = refusal(call::<View<u32>>(&mut sandbox, "return luago.segment(8):array 'i32'", ()));
        assert!(why.contains("the layouts differ:") && why.contains("* i32"), "{why}");
        let why = refusal(call::<View<u32>>(&mut sandbox, "return luago.segment(8)", ()));
        assert!(why.contains("without a layout"), "{why}");
    }

    fn arrays_of_numbers_pass_as_what_they_are(sharing) {
        let mut sandbox = sandbox("5.4", sharing);
        let segment = Segment::new(80).unwrap();
        let numbers = segment.array::<f64>(8, 9).unwrap();
        numbers.set_all(0, &[1.5, 2.5, -1.0]).unwrap();
        let back: View<f64> = call(&mut sandbox, "
            local v = ...
            assert(#v == 9 and v[1] == 1.5 and v[3] == -1 and v[10] == nil and v:sum() == 3)
            assert(a.sum_f64(v) == 3)
            v[9] = 7
            local at = 0
            for i, x in v do at = at + 1 assert(i == at and x == v[i]) end
            assert(at == 9)
            return v:sub(3)", &numbers).unwrap();
        assert_eq!(back.len(), 7);
        assert_eq!((back.get(0).unwrap(), back.get(6).unwrap()), (-1.0, 7.0));
        assert!(back.get(7).unwrap_err().is_out_of_range());
    }
}

#[test]
fn every_scalar_is_a_type_in_lua_and_go() {
    let mut sandbox = sandbox("5.4", Sharing::Mapped);
    for (name, size) in SCALARS {
        let go: Described = result(&mut sandbox, &format!("return a.described '{name}'"));
        let lua: Described = result(
            &mut sandbox,
            &format!(
                "local L = luago.struct{{{{'x', '{name}'}}}}
                 return {{size = L.size, align = L.align, description = L.description, fingerprint = L.fingerprint}}"
            ),
        );
        assert_eq!((go.size, go.align), (size as usize, size as usize));
        assert_eq!((lua.size, lua.align), (size as usize, size as usize));
        let layout: Layout = name.parse().unwrap();
        assert_eq!(go.fingerprint, format!("{:016x}", layout.fingerprint()));
        assert_eq!(layout.scalar().map(Scalar::name), Some(name));
    }
}
