use super::*;
use crate::frame::functions_in;
use crate::value::Table;
use crate::value::Value;
use crate::value::bridged_types::{self, Bridged};
use crate::value::from_value::from_value;
use crate::value::function::Function;
use crate::value::host_error::HostError;
use crate::value::to_value::to_value;
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Handlers {
    f: Function,
    many: Vec<Function>,
    none: Option<Function>,
    some: Option<Function>,
    named: HashMap<String, Value>,
    inside: Box<Inside>,
    error: HostError,
    chosen: Chosen,
    table: Table,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Inside {
    f: Function,
    n: i64,
    #[serde(flatten)]
    rest: HashMap<String, i64>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Chosen {
    Call(Function),
    With { f: Function },
}

fn function(id: u32) -> Function {
    Function::new(owner(), id)
}

fn error() -> HostError {
    HostError::from_strings(b"no", [b"because".as_slice()], 77)
}

fn handlers() -> Handlers {
    Handlers {
        f: function(1),
        many: vec![function(2), function(3)],
        none: None,
        some: Some(function(4)),
        named: HashMap::from([
            ("a".to_string(), Value::Function(function(5))),
            ("b".to_string(), Value::from(b"\xff".as_slice())),
            ("c".to_string(), vec![Value::Function(function(6)), Value::Error(error())].into()),
        ]),
        inside: Box::new(Inside {
            f: function(7),
            n: 1,
            rest: HashMap::from([("more".to_string(), 2)]),
        }),
        error: error(),
        chosen: Chosen::With { f: function(8) },
        table: Table::from([("f", function(9))]),
    }
}

#[test]
fn functions_and_errors_pass_inside_any_type() {
    let back: Handlers = through_frame(&handlers()).unwrap();
    assert_eq!(back, handlers());
    let back: Handlers = from_value(to_value(&handlers()).unwrap()).unwrap();
    assert_eq!(back, handlers());
    let back: Chosen = through_frame(&Chosen::Call(function(1))).unwrap();
    assert_eq!(back, Chosen::Call(function(1)));
}

#[test]
fn functions_that_nobody_took_can_be_told() {
    let mut sent = Sent::default();
    sent.slot(tag::FUNCTION, 0, 5).slot(tag::SEQUENCE, 1, 0).slot(tag::FUNCTION, 0, 6);
    let rules = decode_rules();
    let memory = GuestBytes::from(&sent.memory[..]);
    let mut decoder = Decoder::new(&memory, &sent.frame, 2, &rules).unwrap();
    let _function: Function = decoder.results().unwrap();
    assert_eq!(decoder.claimed(), [5]);
    assert_eq!(functions_in(&sent.frame).collect::<Vec<_>>(), [5, 6]);
}

#[test]
fn a_function_of_another_sandbox_is_refused() {
    let foreign = Function::new(Owner::new(), 1);
    let error = encode(&(1, vec![Some(&foreign)])).unwrap_err();
    assert!(error.is_foreign());
    let expected = "argument 2[1]: a function of another sandbox cannot be passed to this one";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_function_of_the_template_is_taken() {
    let template = Owner::new();
    let rules = EncodeRules {
        owners: Owners { own: owner().id(), templates: [template.id()].into() },
        ..encode_rules()
    };
    let functions = (function(1), Function::new(template, 2));
    assert_eq!(Encoder::new().arguments(&rules, &functions).unwrap(), 2);
}

#[test]
fn other_serializers_refuse_functions_and_errors() {
    let refused = serde_json::to_string(&vec![function(1)]).unwrap_err();
    assert_eq!(refused.to_string(), "a Lua function can only be passed to its sandbox");
    let refused = serde_json::to_string(&Value::Error(error())).unwrap_err();
    assert_eq!(refused.to_string(), "an error of the host can only be passed to a sandbox");
    // Nothing of them is left behind.
    assert_eq!(serde_json::from_str::<Value>("null").unwrap(), Value::Nil);
    assert_eq!(through_frame::<_, Value>(&(Value::Nil,)).unwrap(), Value::Nil);
}

#[test]
fn other_deserializers_have_no_functions() {
    serde_json::from_str::<Function>("null").unwrap_err();
    serde_json::from_str::<HostError>(r#"{"message":"x"}"#).unwrap_err();
}

/// A serializer may do anything with what it is given, such as nothing at all.
#[test]
fn what_a_serializer_leaves_behind_is_not_taken_for_something_else() {
    struct Fake;
    impl Serialize for Fake {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_newtype_struct(Function::NAME, "not a function")
        }
    }
    let _ = serde_json::to_value(function(1));
    let value: Value = through_frame(&(Fake,)).unwrap();
    assert_eq!(value, Value::from("not a function"));

    // A visitor that takes the name of a function, and not the function.
    struct Careless;
    impl<'de> Deserialize<'de> for Careless {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Careless, D::Error> {
            struct Visitor;
            impl<'de> serde::de::Visitor<'de> for Visitor {
                type Value = Careless;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("nothing")
                }
                fn visit_newtype_struct<D: serde::Deserializer<'de>>(
                    self,
                    deserializer: D,
                ) -> Result<Careless, D::Error> {
                    <()>::deserialize(deserializer).map(|()| Careless)
                }
            }
            deserializer.deserialize_newtype_struct(Function::NAME, Visitor)
        }
    }
    through_frame::<_, Careless>(&function(1)).unwrap();
    assert!(bridged_types::take::<Function>().is_none());
}

#[test]
fn a_function_in_a_flattened_field_says_why_it_cannot_pass() {
    #[derive(Debug, Deserialize)]
    struct Flat {
        #[serde(flatten)]
        _rest: HashMap<String, Value>,
    }
    let why = "a function cannot pass through a flattened field or an enum that is untagged or \
               tagged inside; give it a field of its own";
    let table = Table::from([("on_click", function(1))]);
    assert_eq!(message(through_frame::<_, Flat>(&table)), format!("result.on_click: {why}"));
    assert_eq!(message(from_value::<Flat>(table.into())), format!("value.on_click: {why}"));
    // Anything else passes.
    let plain = Table::from_iter([("a", Value::from(b"\xff".as_slice())), ("b", vec![].into())]);
    let flat: Flat = through_frame(&plain).unwrap();
    assert_eq!(flat._rest["a"], Value::from(b"\xff".as_slice()));
}

#[test]
fn long_messages_of_errors_pass_like_other_long_strings() {
    let error = HostError::from_strings("m".repeat(5000).as_bytes(), [], 1);
    assert_eq!(through_frame::<_, HostError>(&error).unwrap(), error);
}
