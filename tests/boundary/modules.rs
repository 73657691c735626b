//! Modules that are loaded and compiled.
