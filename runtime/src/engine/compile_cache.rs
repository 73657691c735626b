//! Machine code compiled from guests, kept on disk.
//!
//! A cached module is run without being checked again, so it is only ever read from a
//! folder and a file that belong to this user and that nobody else can write, and
//! only if it is signed with a key that no guest can read. Anything else is compiled
//! anew.

mod folder;
mod sealed;

use crate::engine::{bulk_memory, safepoints};
use crate::error::Error;
use crate::platform::private::{self, is_private};
use folder::Open;
pub(crate) use folder::{Cache, Key};
use sealed::Sealed;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::io::{Read, Write};
use wasmtime::{Engine, Module};

/// The most bytes of a file that is looked at: several times what the largest module becomes.
/// Whoever can write the folder can leave one of any size, which takes no room on the disk.
const MOST: u64 = 2 << 30;

/// What a file ends with, after its signature. The code comes first: it is mapped, and starts on
/// a page.
const MAGIC: &[u8; 8] = b"luago-3\n";
const SIGNATURE: usize = blake3::OUT_LEN;
const TRAILER: usize = SIGNATURE + MAGIC.len();

/// A guest's WebAssembly, to be compiled.
pub(crate) struct Program<'a> {
    /// What it is, for messages: `the guest for Lua 5.4.8`.
    pub title: &'a str,
    /// How the names of its files start: `lua-5.4.8`.
    pub stem: &'a str,
    /// The module.
    pub wasm: &'a [u8],
    /// Its SHA-256, in hexadecimal.
    pub sha256: &'a str,
    /// By which names it can be polled, if it is to be.
    pub polls: Option<safepoints::Names<'a>>,
}

/// The module for a guest: from the cache if it has one, else compiled and put
/// there. A cache that cannot be used costs time, never the run.
pub(crate) fn load(
    engine: &Engine,
    guest: &Program<'_>,
    cache: Option<&Cache>,
) -> Result<Module, Error> {
    let folder = cache.and_then(Cache::open);
    let name = file_name(engine, guest);
    if let Some(module) = folder.as_ref().and_then(|folder| read(engine, folder, &name)) {
        return Ok(module);
    }
    let code = compile(engine, guest)
        .map_err(|source| Error::engine(format!("compile {}", guest.title), source))?;
    if let Some(folder) = &folder {
        // Without a copy the next run compiles again: slower, and nothing lost.
        let _ = write(folder, &name, &code);
    }
    deserialize(engine, &code)
        .map_err(|source| Error::engine(format!("load {}", guest.title), source))
}

/// The module for another engine whose machine code is the same.
pub(crate) fn copy(module: &Module, engine: &Engine) -> wasmtime::Result<Module> {
    deserialize(engine, &module.serialize()?)
}

/// Compiles on threads of its own. Whoever waits for this guest holds up a thread, and
/// wasmtime compiles on those of rayon, which the embedder may have filled with just such
/// waiting: then nobody would be left to compile.
fn compile(engine: &Engine, guest: &Program<'_>) -> wasmtime::Result<Vec<u8>> {
    std::thread::scope(|scope| {
        let compiling = std::thread::Builder::new()
            .name("luago-compile".to_string())
            .spawn_scoped(scope, || match rayon::ThreadPoolBuilder::new().build() {
                Ok(pool) => pool.install(|| engine.precompile_module(&rewritten(guest)?)),
                Err(error) => Err(wasmtime::Error::new(error)),
            })?;
        compiling.join().unwrap_or_else(|_| Err(wasmtime::format_err!("the compiler panicked")))
    })
}

/// The module as it is compiled.
fn rewritten<'a>(guest: &Program<'a>) -> wasmtime::Result<Cow<'a, [u8]>> {
    let wasm = bulk_memory::in_pieces(guest.wasm)?;
    match &guest.polls {
        None => Ok(wasm),
        Some(names) => match safepoints::with_polls(&wasm, names)? {
            Some(wasm) => Ok(Cow::Owned(wasm)),
            None => Err(wasmtime::Error::msg("it does not import what polls ask with")),
        },
    }
}

/// A name for this guest, this wasmtime and its settings, and this machine.
fn file_name(engine: &Engine, guest: &Program<'_>) -> String {
    struct Collect(Sha256);
    impl Hasher for Collect {
        fn finish(&self) -> u64 {
            0
        }
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
    }
    let mut hasher = Collect(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut hasher);
    hasher.0.update(bulk_memory::VERSION);
    if guest.polls.is_some() {
        hasher.0.update(safepoints::VERSION);
    }
    hasher.0.update(guest.sha256.as_bytes());
    hasher.0.update(std::env::consts::ARCH);
    hasher.0.update(std::env::consts::OS);
    let digest = hasher.0.finalize();
    let hex: String = digest[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{hex}.cwasm", guest.stem)
}

/// What a file is signed with: its name counts too, so that none can stand for another.
fn signature(key: &Key, name: &str, mut code: impl Read) -> std::io::Result<blake3::Hash> {
    let mut hasher = blake3::Hasher::new_keyed(key);
    hasher.update(name.as_bytes());
    hasher.update(&[0]);
    hasher.update_reader(&mut code)?;
    Ok(hasher.finalize())
}

fn read(engine: &Engine, folder: &Open, name: &str) -> Option<Module> {
    let mut options = cap_std::fs::OpenOptions::new();
    options.read(true);
    private::follow_no_link(&mut options);
    let file = folder.dir.open_with(name, &options).ok()?;
    let metadata = file.metadata().ok()?;
    if !metadata.is_file() || !is_private(&metadata) || metadata.len() > MOST {
        return None;
    }
    let code_len = metadata.len().checked_sub(TRAILER as u64)?;
    let mut file = file.into_std();
    let mut code = Sealed::copy(&mut file, code_len).ok()?;
    let mut trailer = [0; TRAILER];
    file.read_exact(&mut trailer).ok()?;
    let signed = trailer.strip_suffix(MAGIC)?;
    let signed: [u8; SIGNATURE] = signed.try_into().ok()?;
    // Compares in a time that does not depend on the bytes.
    if signature(&folder.key, name, code.reader().ok()?).ok()? != signed {
        return None;
    }
    match code {
        Sealed::File(file) => map(engine, file).ok(),
        Sealed::Bytes(bytes) => deserialize(engine, &bytes).ok(),
    }
}

fn write(folder: &Open, name: &str, code: &[u8]) -> std::io::Result<()> {
    let signature = signature(&folder.key, name, code)?;
    let dir = &folder.dir;
    let unique =
        format!("{name}.{}.{:x}", std::process::id(), getrandom::u64().unwrap_or_default());
    let mut options = cap_std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    private::make_private(&mut options);
    let mut file = dir.open_with(&unique, &options)?;
    let written = file
        .write_all(code)
        .and_then(|()| file.write_all(signature.as_bytes()))
        .and_then(|()| file.write_all(MAGIC))
        .and_then(|()| dir.rename(&unique, dir, name));
    if written.is_err() {
        let _ = dir.remove_file(&unique);
    }
    written
}

#[expect(unsafe_code, reason = "wasmtime cannot check machine code")]
fn map(engine: &Engine, code: std::fs::File) -> wasmtime::Result<Module> {
    // SAFETY: as below, and nobody can write the file: it is sealed.
    unsafe { Module::deserialize_open_file(engine, code) }
}

#[expect(unsafe_code, reason = "wasmtime cannot check machine code")]
fn deserialize(engine: &Engine, code: &[u8]) -> wasmtime::Result<Module> {
    // SAFETY: the bytes were made by `precompile_module` or `serialize` in this process, or were
    // read from a file that only this user can write, signed with a key that only
    // this user's own programs have and no guest can read.
    unsafe { Module::deserialize(engine, code) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine() -> Engine {
        crate::lua::engine::wasmtime_engine(crate::lua::engine::Flavor::Epochs, 1).unwrap().0
    }

    fn guest() -> Program<'static> {
        let guest = crate::LuaVersion::Lua51.guest();
        Program {
            title: "a guest",
            stem: "lua",
            wasm: guest.wasm,
            sha256: guest.sha256,
            polls: None,
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_cached_module_is_written_once_read_back_and_private() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("a/b"), None);
        let engine = engine();
        load(&engine, &guest(), Some(&cache)).unwrap();
        let dir = cache.open().unwrap();
        let name = file_name(&engine, &guest());
        assert!(read(&engine, &dir, &name).is_some());
        let mode = std::fs::metadata(cache.folder().join(&name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(cache.folder()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_damaged_module_or_one_that_others_can_write_is_compiled_anew() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("cache"), None);
        let engine = engine();
        let guest = &guest();
        load(&engine, guest, Some(&cache)).unwrap();
        let path = cache.folder().join(file_name(&engine, guest));
        let good = std::fs::read(&path).unwrap();
        let dir = cache.open().unwrap();
        let name = file_name(&engine, guest);

        let mut flipped = good.clone();
        let last = flipped.len() - 1;
        flipped[last] ^= 1;
        for damaged in [&flipped[..], &good[..good.len() / 2], b""] {
            std::fs::write(&path, damaged).unwrap();
            assert!(read(&engine, &dir, &name).is_none());
            load(&engine, guest, Some(&cache)).unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), good);
        }

        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
        assert!(read(&engine, &dir, &name).is_none());
        std::fs::set_permissions(cache.folder(), std::fs::Permissions::from_mode(0o777)).unwrap();
        assert!(cache.open().is_none());
        load(&engine, guest, Some(&cache)).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_cached_module_that_is_signed_with_another_key_or_for_another_name_is_compiled_anew() {
        let folder = tempfile::tempdir().unwrap();
        let cache = |key: u8| Cache::new(folder.path().join("cache"), Some([key; 32]));
        let engine = engine();
        load(&engine, &guest(), Some(&cache(1))).unwrap();
        let name = file_name(&engine, &guest());
        let mine = cache(1).open().unwrap();
        assert!(read(&engine, &mine, &name).is_some());
        assert!(read(&engine, &cache(2).open().unwrap(), &name).is_none());
        mine.dir.rename(&name, &mine.dir, "other").unwrap();
        assert!(read(&engine, &mine, "other").is_none());
    }

    #[cfg(unix)]
    #[test]
    fn a_cached_module_behind_a_symbolic_link_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("cache"), None);
        let engine = engine();
        load(&engine, &guest(), Some(&cache)).unwrap();
        let dir = cache.open().unwrap();
        let name = file_name(&engine, &guest());
        std::fs::rename(cache.folder().join(&name), cache.folder().join("other")).unwrap();
        std::os::unix::fs::symlink("other", cache.folder().join(&name)).unwrap();
        assert!(read(&engine, &dir, &name).is_none());
    }
}
