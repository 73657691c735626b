//! Machine code compiled from guests, kept on disk.
//!
//! An artefact is run without being checked again, so it is only ever read from a
//! folder and a file that belong to this user and that nobody else can write, and
//! only if its contents have the digest that stands in front of them. Anything
//! else is compiled anew.

use crate::error::Error;
use cap_std::fs::Dir;
use sha2::{Digest, Sha256};
use std::hash::{Hash, Hasher};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use wasmtime::{Engine, Module};

const MAGIC: &[u8; 8] = b"luago-1\n";
const DIGEST: usize = 32;

/// A folder of artefacts.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    folder: PathBuf,
}

impl Cache {
    pub fn new(folder: PathBuf) -> Cache {
        Cache { folder }
    }

    fn open(&self) -> Option<Dir> {
        create_private(&self.folder).ok()?;
        let dir = Dir::open_ambient_dir(&self.folder, cap_std::ambient_authority()).ok()?;
        is_private(&dir.dir_metadata().ok()?).then_some(dir)
    }
}

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
}

/// The module for a guest: from the cache if it has one, else compiled and put
/// there. A cache that cannot be used costs time, never the run.
pub(crate) fn load(
    engine: &Engine,
    guest: &Program<'_>,
    cache: Option<&Cache>,
) -> Result<Module, Error> {
    let dir = cache.and_then(Cache::open);
    let name = file_name(engine, guest);
    if let Some(module) = dir.as_ref().and_then(|dir| read(engine, dir, &name)) {
        return Ok(module);
    }
    let code = compile(engine, guest.wasm)
        .map_err(|source| Error::engine(format!("compile {}", guest.title), source))?;
    if let Some(dir) = &dir {
        // Without a copy the next run compiles again: slower, and nothing lost.
        let _ = write(dir, &name, &code);
    }
    deserialize(engine, &code)
        .map_err(|source| Error::engine(format!("load {}", guest.title), source))
}

/// Compiles on threads of its own. Whoever waits for this guest holds up a thread, and
/// wasmtime compiles on those of rayon, which the embedder may have filled with just such
/// waiting: then nobody would be left to compile.
fn compile(engine: &Engine, wasm: &[u8]) -> wasmtime::Result<Vec<u8>> {
    std::thread::scope(|scope| {
        let compiling = std::thread::Builder::new()
            .name("luago-compile".to_string())
            .spawn_scoped(scope, || match rayon::ThreadPoolBuilder::new().build() {
                Ok(pool) => pool.install(|| engine.precompile_module(wasm)),
                Err(error) => Err(wasmtime::Error::new(error)),
            })?;
        compiling.join().unwrap_or_else(|_| Err(wasmtime::format_err!("the compiler panicked")))
    })
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
    hasher.0.update(guest.sha256.as_bytes());
    hasher.0.update(std::env::consts::ARCH);
    hasher.0.update(std::env::consts::OS);
    let digest = hasher.0.finalize();
    let hex: String = digest[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{hex}.artefact", guest.stem)
}

fn read(engine: &Engine, dir: &Dir, name: &str) -> Option<Module> {
    let mut options = cap_std::fs::OpenOptions::new();
    options.read(true);
    cap_std::fs::OpenOptionsExt::custom_flags(&mut options, NO_FOLLOW);
    let mut file = dir.open_with(name, &options).ok()?;
    let metadata = file.metadata().ok()?;
    if !metadata.is_file() || !is_private(&metadata) {
        return None;
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).ok()? + 1);
    file.read_to_end(&mut bytes).ok()?;
    let rest = bytes.strip_prefix(MAGIC)?;
    let (digest, code) = rest.split_at_checked(DIGEST)?;
    if Sha256::digest(code).as_slice() != digest {
        return None;
    }
    deserialize(engine, code).ok()
}

fn write(dir: &Dir, name: &str, code: &[u8]) -> std::io::Result<()> {
    let unique =
        format!("{name}.{}.{:x}", std::process::id(), getrandom::u64().unwrap_or_default());
    let mut options = cap_std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    cap_std::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = dir.open_with(&unique, &options)?;
    let written = file
        .write_all(MAGIC)
        .and_then(|()| file.write_all(&Sha256::digest(code)))
        .and_then(|()| file.write_all(code))
        .and_then(|()| dir.rename(&unique, dir, name));
    if written.is_err() {
        let _ = dir.remove_file(&unique);
    }
    written
}

#[expect(unsafe_code, reason = "wasmtime cannot check machine code")]
fn deserialize(engine: &Engine, code: &[u8]) -> wasmtime::Result<Module> {
    // SAFETY: the bytes were made by `precompile_module` in this process, or were
    // read from a file that only this user can write, with the digest that it was
    // written with.
    unsafe { Module::deserialize(engine, code) }
}

#[cfg(unix)]
const NO_FOLLOW: i32 = rustix::fs::OFlags::NOFOLLOW.bits() as i32;

#[cfg(unix)]
fn create_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(unix)]
fn is_private(metadata: &cap_std::fs::Metadata) -> bool {
    use cap_std::fs::MetadataExt;
    metadata.uid() == rustix::process::geteuid().as_raw() && metadata.mode() & 0o022 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine() -> Engine {
        crate::engine::wasmtime_engine(false, 1).unwrap()
    }

    fn guest() -> Program<'static> {
        let guest = crate::LuaVersion::Lua51.guest();
        Program { title: "a guest", stem: "lua", wasm: guest.wasm, sha256: guest.sha256 }
    }

    #[cfg(unix)]
    #[test]
    fn an_artefact_is_written_once_read_back_and_private() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("a/b"));
        let engine = engine();
        load(&engine, &guest(), Some(&cache)).unwrap();
        let dir = cache.open().unwrap();
        let name = file_name(&engine, &guest());
        assert!(read(&engine, &dir, &name).is_some());
        let mode = std::fs::metadata(cache.folder.join(&name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(&cache.folder).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_damaged_artefact_or_one_that_others_can_write_is_compiled_anew() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("cache"));
        let engine = engine();
        let guest = &guest();
        load(&engine, guest, Some(&cache)).unwrap();
        let path = cache.folder.join(file_name(&engine, guest));
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
        std::fs::set_permissions(&cache.folder, std::fs::Permissions::from_mode(0o777)).unwrap();
        assert!(cache.open().is_none());
        load(&engine, guest, Some(&cache)).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn an_artefact_behind_a_symbolic_link_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("cache"));
        let engine = engine();
        load(&engine, &guest(), Some(&cache)).unwrap();
        let dir = cache.open().unwrap();
        let name = file_name(&engine, &guest());
        std::fs::rename(cache.folder.join(&name), cache.folder.join("other")).unwrap();
        std::os::unix::fs::symlink("other", cache.folder.join(&name)).unwrap();
        assert!(read(&engine, &dir, &name).is_none());
    }
}
