//! A module of compiled functions.

use crate::body::Body;
use crate::bytecode::{Entry, Function};
use crate::emit;
use crate::helpers::{ENTRY_PARAMETERS, ENTRY_TYPE, Helper};
use crate::refusal::Refusal;
use luago_abi::{IMPORT_MODULE, MEMORY};
use wasm_encoder::{
    BranchHints, CodeSection, EntityType, ExportKind, ExportSection, FunctionSection,
    ImportSection, MemoryType, Module, RefType, TableType, TypeSection, ValType,
};

/// The beginning of the name of each function's export, which ends with its number.
pub const FUNCTION_PREFIX: &str = "f";

/// Compiles functions into one module, each entered at an instruction.
///
/// The module imports the interpreter's memory and its table of functions, by the names that it
/// exports them with, and what compiled code calls. It exports each function.
///
/// # Errors
///
/// If one of the functions is not to be compiled.
pub fn compile(functions: &[(&Function, &Entry)]) -> Result<Vec<u8>, Refusal> {
    let bodies: Result<Vec<Body>, Refusal> =
        functions.iter().map(|(function, entry)| emit::function(function, entry)).collect();
    let bodies = bodies?;
    // An instance has some bytes for each import.
    let is_called =
        |helper: &Helper| bodies.iter().any(|body| body.called().any(|one| one == *helper));
    let helpers: Vec<Helper> = Helper::ALL.into_iter().filter(is_called).collect();
    let mut types = TypeSection::new();
    types.ty().function(vec![ValType::I32; ENTRY_PARAMETERS], [ValType::I32]);
    let mut imports = ImportSection::new();
    for (helper, ty) in helpers.iter().zip(ENTRY_TYPE + 1..) {
        let (name, parameters, results) = helper.signature();
        types.ty().function(parameters.iter().copied(), results.iter().copied());
        imports.import(IMPORT_MODULE, name, EntityType::Function(ty));
    }
    let memory = MemoryType {
        minimum: 0,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    };
    imports.import(IMPORT_MODULE, MEMORY, memory);
    let table = TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 0,
        maximum: None,
        shared: false,
    };
    imports.import(IMPORT_MODULE, luago_abi::TABLE, table);
    let (mut section, mut exports, mut code) =
        (FunctionSection::new(), ExportSection::new(), CodeSection::new());
    let mut hints = BranchHints::new();
    let number_of = |helper: Helper| helpers.iter().position(|&one| one == helper);
    for (index, mut body) in bodies.into_iter().enumerate() {
        section.function(ENTRY_TYPE);
        let number = (helpers.len() + index) as u32;
        exports.export(&format!("{FUNCTION_PREFIX}{index}"), ExportKind::Func, number);
        hints.function_hints(number, std::mem::take(&mut body.hints));
        code.raw(&body.numbered(|helper| number_of(helper).unwrap_or(0) as u8, number));
    }
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&section).section(&exports).section(&hints);
    module.section(&code);
    Ok(module.finish())
}
