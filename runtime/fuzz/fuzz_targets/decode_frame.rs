//! Reads any bytes as a frame from a guest, into values of several types. A guest is
//! hostile, so this may give values or errors, but never a panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| luago::fuzz_decode(data));
