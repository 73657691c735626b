//! The corpus and the sources of Go guests are part of the program: a file that comes, goes
//! or changes builds it anew.

fn main() {
    for folder in ["cases", "guests", "../guests/go/luago"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
