//! Writes what C and Go are told of the ABI: `make abi`.

mod files;

fn main() -> std::io::Result<()> {
    for file in files::all() {
        std::fs::write(file.path(), &file.text)?;
        println!("{}", file.name);
    }
    Ok(())
}
