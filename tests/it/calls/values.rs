//! Values go to Lua and come back as they were.

use luago::{BString, Function, HostError, Key, Limits, Sandbox, Table, Value};
use luago_test_support::sandboxes::{builder, call, limits, load, result, sandbox};
use luago_test_support::versions::number;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

const EXACT: i64 = 1 << 53;

/// A value to be, as functions and errors are those of a sandbox.
#[derive(Debug, Clone)]
enum Plan {
    Leaf(Value),
    Function,
    Error(bool),
    Sequence(Vec<Plan>),
    Table(Vec<(Key, Plan)>),
}

/// What the plans of a sandbox are made with.
struct Parts {
    function: Function,
    errors: [HostError; 2],
}

impl Parts {
    fn of(sandbox: &mut Sandbox) -> Parts {
        let function = load(sandbox, "return 1");
        let error = |sandbox: &mut Sandbox, nested: bool| {
            call(sandbox, "return select(2, pcall(fail, ...))", nested).unwrap()
        };
        Parts { function, errors: [error(sandbox, false), error(sandbox, true)] }
    }

    fn make(&self, plan: &Plan) -> Value {
        match plan {
            Plan::Leaf(value) => value.clone(),
            Plan::Function => self.function.clone().into(),
            Plan::Error(nested) => self.errors[usize::from(*nested)].clone().into(),
            Plan::Sequence(plans) => {
                Value::Sequence(plans.iter().map(|plan| self.make(plan)).collect())
            }
            Plan::Table(pairs) => {
                let pairs = pairs.iter().map(|(key, plan)| (key.clone(), self.make(plan)));
                Value::Table(pairs.collect())
            }
        }
    }
}

fn integers() -> impl Strategy<Value = i64> {
    let special = [0, -1, 1, EXACT, -EXACT, EXACT + 1, -EXACT - 1, i64::MIN, i64::MAX];
    prop_oneof![-5i64..20, any::<i64>(), prop::sample::select(special.to_vec())]
}

fn floats() -> impl Strategy<Value = f64> {
    let special = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 0.0, 1e15, 1e17, 2e63, 5e-324];
    prop_oneof![any::<f64>(), -100.0..100.0, prop::sample::select(special.to_vec())]
}

fn strings() -> impl Strategy<Value = BString> {
    prop_oneof![
        3 => "[a-z ]{0,8}".prop_map(BString::from),
        2 => vec(any::<u8>(), 0..60).prop_map(BString::from),
        1 => vec(any::<u8>(), 2000..3000).prop_map(BString::from),
    ]
}

fn keys() -> impl Strategy<Value = Key> {
    prop_oneof![
        (1i64..6).prop_map(Key::from),
        integers().prop_map(Key::from),
        strings().prop_map(Key::from),
        any::<bool>().prop_map(Key::from),
        floats().prop_filter_map("NaN is no key", Key::number),
    ]
}

fn plans() -> impl Strategy<Value = Plan> {
    let leaf = prop_oneof![
        1 => Just(Plan::Leaf(Value::Nil)),
        4 => any::<bool>().prop_map(|boolean| Plan::Leaf(boolean.into())),
        6 => integers().prop_map(|integer| Plan::Leaf(integer.into())),
        6 => floats().prop_map(|number| Plan::Leaf(number.into())),
        6 => strings().prop_map(|string| Plan::Leaf(string.into())),
        2 => Just(Plan::Function),
        2 => any::<bool>().prop_map(Plan::Error),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        let pairs = vec((keys(), inner.clone()), 0..6);
        prop_oneof![vec(inner, 0..6).prop_map(Plan::Sequence), pairs.prop_map(Plan::Table)]
    })
}

/// What is to come back: tables as Lua has them, and numbers as 5.1 and 5.2 have them.
fn normal(value: Value, integers: bool) -> Value {
    match value {
        Value::Number(number)
            if !integers
                && number.fract() == 0.0
                && number.abs() <= EXACT as f64
                && number.to_bits() != (-0.0f64).to_bits() =>
        {
            Value::Integer(number as i64)
        }
        Value::Sequence(values) => {
            Value::Sequence(values.into_iter().map(|value| normal(value, integers)).collect())
        }
        Value::Table(table) => {
            let table: Table =
                table.into_iter().map(|(key, value)| (key, normal(value, integers))).collect();
            if table.keys().cloned().eq((1..).map(Key::Integer).take(table.len())) {
                Value::Sequence(table.into_iter().map(|(_, value)| value).collect())
            } else {
                Value::Table(table)
            }
        }
        other => other,
    }
}

/// How much of what is limited there is in a value.
#[derive(Default)]
struct Size {
    depth: u32,
    elements: u32,
    bytes: u64,
    has_inexact: bool,
    has_nil: bool,
}

impl Size {
    fn add(&mut self, value: &Value, depth: u32) {
        self.elements += 1;
        match value {
            Value::Integer(integer) => self.has_inexact |= integer.unsigned_abs() > EXACT as u64,
            Value::String(string) => self.bytes += string.len() as u64,
            Value::Sequence(values) => {
                self.depth = self.depth.max(depth + 1);
                self.has_nil |= values.iter().any(Value::is_nil);
                values.iter().for_each(|value| self.add(value, depth + 1));
            }
            Value::Table(table) => {
                self.depth = self.depth.max(depth + 1);
                for (key, value) in table {
                    self.add(&key.clone().into(), depth + 1);
                    self.add(value, depth + 1);
                }
            }
            Value::Error(error) => {
                self.depth = self.depth.max(depth + 1);
                self.add(&error.message().into(), depth + 1);
                error.causes().iter().for_each(|cause| self.add(&cause.as_str().into(), depth + 1));
            }
            _ => {}
        }
    }

    /// The reasons that there are to refuse it.
    fn reasons(&self, integers: bool, limits: &Limits) -> Vec<String> {
        let mut reasons = Vec::new();
        let (depth, elements) = (limits.get_value_depth(), limits.get_value_elements());
        let bytes = limits.get_value_bytes();
        if self.depth > depth {
            reasons.push(format!("more than {depth} levels of tables (limit value_depth)"));
        }
        if self.elements > elements {
            reasons.push(format!("more than {elements} elements (limit value_elements)"));
        }
        if self.bytes > bytes {
            reasons.push(format!("more than {bytes} bytes of strings (limit value_bytes)"));
        }
        if self.has_inexact && !integers {
            reasons.push("cannot be held exactly by a number of Lua 5.1 or 5.2".to_string());
        }
        if self.has_nil {
            reasons.push("a sequence cannot hold nil".to_string());
        }
        reasons
    }
}

/// Equal, where NaN is equal to NaN and one handle of a function to another.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one.to_bits() == other.to_bits() || (one.is_nan() && other.is_nan())
        }
        (Value::Function(_), Value::Function(_)) => true,
        (Value::Sequence(one), Value::Sequence(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Table(one), Value::Table(other)) => {
            one.keys().eq(other.keys())
                && one.values().zip(other.values()).all(|(one, other)| same(one, other))
        }
        _ => one == other,
    }
}

fn round_trips(lua: &'static str, limits: Limits, cases: u32) {
    let mut sandbox = builder(lua)
        .function("fail", |_, nested: bool| {
            let error = anyhow::anyhow!("no");
            Err::<(), _>(if nested { error.context("why").context("what") } else { error })
        })
        .limits(limits.clone())
        .build()
        .unwrap();
    let identity = load(&mut sandbox, "return ...");
    let parts = Parts::of(&mut sandbox);
    let integers = number(lua) >= 53;
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let run = |plan: Plan| {
        let value = parts.make(&plan);
        let mut size = Size::default();
        size.add(&value, 0);
        let reasons = size.reasons(integers, &limits);
        match sandbox.call::<Value>(&identity, &value) {
            Ok(back) => {
                prop_assert!(reasons.is_empty(), "{value:?} is passed, but for {reasons:?}");
                let expected = normal(value, integers);
                prop_assert!(same(&back, &expected), "{expected:?} comes back as {back:?}");
            }
            Err(error) => {
                let text = error.to_string();
                let is_known = reasons.iter().any(|reason| text.contains(reason));
                prop_assert!(error.is_conversion() && is_known, "{value:?}: {text}");
            }
        }
        Ok(())
    };
    let run = RefCell::new(run);
    let outcome = TestRunner::new(config).run(&plans(), |plan| (run.borrow_mut())(plan));
    outcome.unwrap_or_else(|error| panic!("{lua}: {error}"));
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Order {
    id: u64,
    items: Vec<Item>,
    note: Option<String>,
    place: (f64, f64),
    raw: BString,
    by_name: BTreeMap<String, Vec<i32>>,
    by_number: HashMap<i64, bool>,
    parent: Option<Box<Order>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Item {
    kind: Kind,
    letter: char,
    count: i8,
    price: f32,
    #[serde(rename = "end")]
    last: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Kind {
    Plain,
    Named(String),
    Pair(u8, Option<u8>),
    Sized { width: u32, height: u32 },
}

fn order() -> Order {
    let item = |kind| Item { kind, letter: 'ß', count: -7, price: 2.5, last: true };
    let sized = Kind::Sized { width: 1, height: u32::MAX };
    Order {
        id: 1 << 52,
        items: vec![
            item(Kind::Plain),
            item(Kind::Named("oak".to_string())),
            item(Kind::Pair(1, Some(2))),
            item(sized),
        ],
        note: None,
        place: (0.5, -1.25),
        raw: BString::from(b"\xff\x00\n".to_vec()),
        by_name: BTreeMap::from([("a b".to_string(), vec![1, 2]), ("none".to_string(), vec![])]),
        by_number: HashMap::from([(-1, true), (1, false), (40, true)]),
        parent: None,
    }
}

for_each_version! {
    fn any_value_comes_back_as_it_was_or_is_refused_for_a_reason(lua) {
        round_trips(lua, limits(), 300);
    }

    fn any_value_within_tight_limits_comes_back_and_any_other_is_refused(lua) {
        let tight = limits().value_depth(2).value_elements(20).value_bytes(150);
        round_trips(lua, tight, 300);
    }

    fn types_of_serde_come_back_as_they_were(lua) {
        let mut sandbox = sandbox(lua);
        let parent = Order { note: Some("first".to_string()), ..order() };
        let order = Order { parent: Some(Box::new(parent)), ..order() };
        let back: Order = call(&mut sandbox, "return ...", &order).unwrap();
        assert_eq!(back, order);
        let (one, nothing, all): (Order, Option<Order>, Vec<Order>) =
            call(&mut sandbox, "local one = ... return one, nil, {one, one}", &order).unwrap();
        assert_eq!((one, nothing), (order.clone(), None));
        assert_eq!(all, [order.clone(), order]);
    }

    fn lua_sees_types_of_serde_as_tables(lua) {
        let mut sandbox = sandbox(lua);
        let code = "
            local o = ...
            assert(o.id == 2^52 and o.note == nil and o.parent == nil and #o.raw == 3)
            assert(o.place[1] == 0.5 and o.place[2] == -1.25)
            assert(o.items[1].kind == 'Plain' and o.items[2].kind.Named == 'oak')
            assert(o.items[3].kind.Pair[2] == 2 and o.items[4].kind.Sized.height == 2^32 - 1)
            assert(o.items[1]['end'] == true and o.items[1].letter == '\\195\\159')
            assert(o.by_name['a b'][2] == 2 and next(o.by_name.none) == nil)
            assert(o.by_number[-1] == true and o.by_number[1] == false and o.by_number[40])";
        call::<()>(&mut sandbox, code, order()).unwrap();
    }

    fn lua_can_build_types_of_serde(lua) {
        let mut sandbox = sandbox(lua);
        let items: Vec<Item> = result(&mut sandbox, "
            local function item(kind)
                return {kind = kind, letter = 'x', count = 3, price = 1, ['end'] = false}
            end
            return {item 'Plain', item {Named = 'a'}, item {Pair = {7, 8}},
                item {Sized = {width = 2, height = 3}}}");
        let kinds: Vec<Kind> = items.into_iter().map(|item| item.kind).collect();
        let pair = Kind::Pair(7, Some(8));
        let sized = Kind::Sized { width: 2, height: 3 };
        assert_eq!(kinds, [Kind::Plain, Kind::Named("a".to_string()), pair, sized]);
    }

    fn an_integer_of_lua_5_3_is_none_of_lua_5_2(lua) {
        let mut sandbox = sandbox(lua);
        let text = call::<Value>(&mut sandbox, "return ...", EXACT + 1).map_err(|e| e.to_string());
        let expected = "argument 1: 9007199254740993 cannot be held exactly by a number of Lua 5.1 \
                        or 5.2 (beyond ±2^53)";
        match number(lua) {
            51 | 52 => assert_eq!(text.unwrap_err(), expected),
            _ => assert_eq!(text, Ok(Value::Integer(EXACT + 1))),
        }
    }

    fn strings_of_every_length_pass(lua) {
        let echo = |_: &luago::Context, text: BString| Ok::<_, String>(text);
        let mut sandbox = builder(lua).function("echo", echo).build().unwrap();
        let code = "local s = ... local n = #s assert(echo(s) == s) return n, s";
        for length in [0, 1, 15, 16, 2047, 2048, 2049, 8191, 8192, 8193, 1 << 20, 20_000_000] {
            let text = BString::from((0..length).map(|n| (n % 251) as u8).collect::<Vec<_>>());
            let (len, back): (usize, BString) = call(&mut sandbox, code, &text).unwrap();
            assert_eq!(len, length);
            assert!(back == text, "{lua}: {length} bytes come back changed");
        }
    }

    fn a_hundred_thousand_elements_pass(lua) {
        let mut sandbox = sandbox(lua);
        let numbers: Vec<i64> = (0..100_000).collect();
        let names: BTreeMap<String, i64> = (0..100_000).map(|n| (format!("k{n}"), n)).collect();
        let code = "local a, b = ... local n = 0 for _ in pairs(b) do n = n + 1 end
            return #a, n, a, b";
        let (len, count, a, b): (usize, usize, Vec<i64>, BTreeMap<String, i64>) =
            call(&mut sandbox, code, (&numbers, &names)).unwrap();
        assert_eq!((len, count), (100_000, 100_000));
        assert!(a == numbers && b == names);
    }
}
