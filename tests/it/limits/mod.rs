//! Deadlines, memory, output, fuel and the depth of recursion.

mod deadlines;
mod memory;
mod nested_library_calls;
mod output_and_fuel;
mod recursion;
