//! The corpus is part of the program: a case that comes or goes builds it anew.

fn main() {
    println!("cargo:rerun-if-changed=cases");
}
