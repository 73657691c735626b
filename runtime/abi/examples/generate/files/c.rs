//! The header for the Lua guests.

use super::{exponent, lines};
use luago_abi::{GROUPS, Group, IMPORT_MODULE, LUA_FUNCTIONS, Value};

const HEAD: &str = "\
/*
** What the guest and the host agree on. Written by `make abi` from runtime/abi, where each
** fact is changed.
*/
#ifndef luago_abi_h
#define luago_abi_h
";

pub fn header() -> String {
    let mut text = HEAD.to_string();
    text += "\n/* The module of the imports. */\n";
    define(&mut text, "IMPORT_MODULE", &literal(Value::Text(IMPORT_MODULE)));
    for group in GROUPS {
        if let Some(prefix) = group.c {
            constants(&mut text, group, prefix);
        }
    }
    for list in LUA_FUNCTIONS {
        let Some(prefix) = list.c else { continue };
        text.push('\n');
        comment(&mut text, "", list.doc);
        for function in list.functions {
            let name = format!("{prefix}_{}", function.constant);
            define(&mut text, &name, &literal(Value::Text(function.name)));
        }
    }
    text + "\n#endif\n"
}

/// An enumeration, if all of them are of the type int, and else macros.
fn constants(text: &mut String, group: &Group, prefix: &str) {
    text.push('\n');
    if group.facts.len() > 1 {
        comment(text, "", group.doc);
    }
    let are_ints = group.facts.iter().all(|fact| is_int(fact.value));
    if are_ints {
        *text += "enum {\n";
    }
    for (index, fact) in group.facts.iter().enumerate() {
        let name = match prefix {
            "" => fact.name.to_string(),
            prefix => format!("{prefix}_{}", fact.name),
        };
        let value = literal(fact.value);
        comment(text, if are_ints { "  " } else { "" }, fact.doc);
        if are_ints {
            let comma = if index + 1 < group.facts.len() { "," } else { "" };
            *text += &format!("  {name} = {value}{comma}\n");
        } else {
            define(text, &name, &value);
        }
    }
    if are_ints {
        *text += "};\n";
    }
}

fn define(text: &mut String, name: &str, value: &str) {
    *text += &format!("#define {name}\t{value}\n");
}

fn comment(text: &mut String, indent: &str, doc: &str) {
    let lines: Vec<_> = lines(doc).collect();
    let separator = format!("\n{indent}   ");
    *text += &format!("{indent}/* {} */\n", lines.join(&separator));
}

fn is_int(value: Value) -> bool {
    matches!(value, Value::Integer(number) if i32::try_from(number).is_ok())
}

fn literal(value: Value) -> String {
    let number = match value {
        Value::Text(text) => return format!("{text:?}"),
        Value::Integer(number) => number,
    };
    let suffix = if is_int(value) {
        ""
    } else if u32::try_from(number).is_ok() {
        "u"
    } else {
        "ull"
    };
    match exponent(number) {
        Some(exponent) => format!("(1{suffix} << {exponent})"),
        None if number >= 1 << 16 => format!("{number:#x}{suffix}"),
        None => format!("{number}{suffix}"),
    }
}
