//! The corpus and the sources of Go guests are part of the program: a file that comes, goes
//! or changes builds it anew. The program knows the target that it is built for.

fn main() {
    let triple = std::env::var("TARGET").unwrap_or_default();
    println!("cargo:rustc-env=LUAGO_HARNESS_TARGET={triple}");
    for folder in ["cases", "guests", "../guests/go/luago"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
