//! Code of functions that the guest asks for.

use super::compiled::{Compiled, MOST_FUNCTIONS, MOST_WANTED};
use super::state::State;
use crate::engine::functions::{Compile, Found, digest};
use crate::memory::bytes::GuestBytes;
use luago_abi::IMPORT_MODULE;
use luago_abi::compiled::{function as field, local, value};
use luago_abi::lua::imports;
use luago_compiler::{Constant, Entry, FUNCTION_PREFIX, Function, Seen, Version};
use std::sync::Arc;
use wasmtime::{Caller, Extern, Instance, Linker, Module, Ref, Store, StoreContextMut};

/// The most instructions, or constants, of a function that is looked at.
const MOST_READ: u32 = 4000;

/// What the guest is told: there is none yet, or there will never be any.
const NOT_YET: i32 = 0;
const NEVER: i32 = -1;

pub(super) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.func_wrap(
        IMPORT_MODULE,
        imports::COMPILE,
        |mut caller: Caller<'_, State>, at: u32, only_look: i32| {
            let mut store = wasmtime::AsContextMut::as_context_mut(&mut caller);
            place(&mut store, at, only_look != 0).unwrap_or(NEVER)
        },
    )?;
    Ok(())
}

/// Where the code of a function is that is described at an address.
fn place(store: &mut StoreContextMut<'_, State>, at: u32, only_look: bool) -> Option<i32> {
    let compiled = store.data().compiled.as_ref()?;
    if compiled.modules.len() >= MOST_FUNCTIONS || compiled.wanted >= MOST_WANTED {
        return None;
    }
    let functions = Arc::clone(&compiled.functions);
    let memory = store.data().memory?;
    let (function, mut entry) = read(&GuestBytes::of(&memory, &*store), at)?;
    let mut digest = self::digest(&function, &entry);
    // One that is not known is a variant of the same for any values.
    let mut variant_of = None;
    if !entry.seen.is_empty() && functions.find(&digest).is_none() {
        let any = Entry { pc: entry.pc, seen: Vec::new() };
        let general = self::digest(&function, &any);
        if functions.has_varied(&general) {
            (entry, digest) = (any, general);
        } else {
            variant_of = Some(general);
        }
    }
    if let Some(&place) = store.data().compiled.as_ref()?.places.get(&digest) {
        return i32::try_from(place).ok();
    }
    let is_eager = functions.policy == Compile::Eager;
    let found = match functions.find(&digest) {
        Some(found) => found,
        None if only_look && !is_eager && !functions.is_looked_up_again(&digest) => Found::Nothing,
        None => {
            store.data_mut().compiled.as_mut()?.wanted += function.code.len();
            if let Some(general) = variant_of {
                functions.vary(general);
            }
            if is_eager {
                functions.compile(digest, function, entry)
            } else {
                functions.want(digest, function, entry);
                Found::Nothing
            }
        }
    };
    match found {
        Found::Nothing => Some(NOT_YET),
        Found::Never => None,
        Found::Module(module) => {
            let place = install(store, &module)?;
            let compiled = store.data_mut().compiled.as_mut()?;
            compiled.places.insert(digest, place);
            compiled.modules.push(module);
            i32::try_from(place).ok()
        }
    }
}

/// Puts a function of the guest's memory together.
fn read(memory: &GuestBytes<'_>, at: u32) -> Option<(Function, Entry)> {
    let word = |offset: u32| memory.u32_at(at.checked_add(offset)?);
    let (code_len, constants_len) = (word(field::CODE_LEN)?, word(field::CONSTANTS_LEN)?);
    if code_len > MOST_READ || constants_len > MOST_READ {
        return None;
    }
    let code = memory.get(word(field::CODE)?, code_len.checked_mul(4)?)?;
    let code = code.as_chunks::<4>().0.iter().map(|&bytes| u32::from_le_bytes(bytes)).collect();
    let constants = memory.get(word(field::CONSTANTS)?, constants_len.checked_mul(value::SIZE)?)?;
    let constants = constants.chunks(value::SIZE as usize).map(|bytes| {
        let payload = bytes.first_chunk::<8>().map_or(0, |&bytes| u64::from_le_bytes(bytes));
        Constant::new(bytes.get(value::TAG as usize).copied().unwrap_or(0), payload)
    });
    let locals_len = word(field::LOCALS_LEN)?;
    if locals_len > MOST_READ {
        return None;
    }
    let locals = memory.get(word(field::LOCALS)?, locals_len.checked_mul(local::SIZE)?)?;
    let locals = locals.chunks(local::SIZE as usize).map(|bytes| {
        let word = |at: u32| {
            let bytes = bytes.get(at as usize..).and_then(<[u8]>::first_chunk::<4>);
            bytes.map_or(0, |&bytes| u32::from_le_bytes(bytes))
        };
        (word(local::FROM), word(local::TO))
    });
    let mut captured = [0; 8];
    for (index, bits) in (0..).zip(&mut captured) {
        *bits = word(field::CAPTURED + 4 * index)?;
    }
    let function = Function {
        version: Version::new(word(field::VERSION)?)?,
        code,
        constants: constants.collect(),
        registers: u8::try_from(word(field::REGISTERS)?).ok()?,
        parameters: u8::try_from(word(field::PARAMETERS)?).ok()?,
        is_variadic: word(field::IS_VARIADIC)? != 0,
        locals: locals.collect(),
        captured,
    };
    let values = word(field::VALUES)?;
    let seen = match values {
        0 => Vec::new(),
        values => {
            let values = memory.get(values, u32::from(function.registers) * value::SIZE)?;
            let tags =
                values.chunks(value::SIZE as usize).map(|bytes| bytes.get(value::TAG as usize));
            tags.map(|tag| Seen::new(tag.copied().unwrap_or(0))).collect()
        }
    };
    let mut entry = Entry { pc: word(field::ENTRY)?, seen };
    entry.forget_temporaries(&function);
    Some((function, entry))
}

/// Puts the function of a module into the guest's table.
fn install(store: &mut StoreContextMut<'_, State>, module: &Module) -> Option<u32> {
    let guest = store.data().instance?;
    let imports: Option<Vec<Extern>> =
        module.imports().map(|import| guest.get_export(&mut *store, import.name())).collect();
    let instance = Instance::new(&mut *store, module, &imports?).ok()?;
    let function = instance.get_func(&mut *store, &format!("{FUNCTION_PREFIX}0"))?;
    let table = guest.get_table(&mut *store, luago_abi::TABLE)?;
    let place = table.grow(&mut *store, 1, Ref::Func(Some(function))).ok()?;
    u32::try_from(place).ok()
}

/// Puts what another sandbox has into the table of a copy of it, in the same places.
pub(crate) fn install_all(store: &mut Store<State>, compiled: &Compiled) -> Option<()> {
    let mut store = wasmtime::AsContextMut::as_context_mut(store);
    for module in &compiled.modules {
        install(&mut store, module)?;
    }
    store.data_mut().compiled = Some(compiled.clone());
    Some(())
}
