//! Builds Go guests for scenarios, with any version of Go. Their sources and the luago Go
//! package are embedded in this program.

use anyhow::{Context, Result, anyhow, bail};
use include_dir::{Dir, include_dir};
use luago::GoMetadata;
use sha2::{Digest, Sha256};
use std::fmt::{self, Write as _};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::str::FromStr;

static PROGRAMS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/guests");
static PACKAGE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../guests/go/luago");

/// The script that downloads a version of Go.
const TOOLCHAINS: &[u8] = include_bytes!("../../../guests/go/toolchains.sh");

/// The oldest version of Go that can build guests.
const OLDEST: (u32, u32) = (1, 24);

/// The paths of the sources in the folder they are written to: those of the repository, since
/// a `replace` refers from one to the other.
const PROGRAMS_AT: &str = "harness/guests";
const PACKAGE_AT: &str = "guests/go/luago";
const TOOLCHAINS_AT: &str = "guests/go/toolchains.sh";

/// A version of Go to build with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GoChoice {
    /// The machine's.
    Own,
    /// This version: `1.24`, the newest of those, or `1.24.11`.
    Version(String),
}

impl fmt::Display for GoChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            GoChoice::Own => "own",
            GoChoice::Version(version) => version,
        })
    }
}

impl FromStr for GoChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<GoChoice, String> {
        if text == "own" {
            return Ok(GoChoice::Own);
        }
        let numbers: Option<Vec<u32>> = text.split('.').map(|part| part.parse().ok()).collect();
        match numbers.as_deref() {
            Some([major, minor] | [major, minor, _]) if (*major, *minor) >= OLDEST => {
                Ok(GoChoice::Version(text.to_string()))
            }
            Some([_, _] | [_, _, _]) => {
                Err(format!("guests need Go 1.24 or later, so that {text} cannot build them"))
            }
            _ => Err(format!("{text:?}: a version of Go is own, the machine's, or one as 1.24")),
        }
    }
}

/// An installed Go.
#[derive(Debug, Clone)]
pub struct Toolchain {
    /// Its command.
    pub command: PathBuf,
    /// Its version: `go1.26.8`.
    pub version: String,
}

/// Go guests, built on first use and kept.
pub struct GoBuilds {
    /// The folder of everything that is built.
    builds: PathBuf,
}

impl GoBuilds {
    /// Guests kept in a folder, under the digest of their sources and the version of Go.
    pub fn new(builds: PathBuf) -> GoBuilds {
        GoBuilds { builds }
    }

    /// The default versions: the machine's, and the oldest if it has been downloaded.
    pub fn default_choices(&self) -> Vec<GoChoice> {
        let oldest = format!("{}.{}", OLDEST.0, OLDEST.1);
        let command = self.builds.join("go-toolchains").join(&oldest).join("run/go");
        let mut choices = vec![GoChoice::Own];
        if command.is_file() {
            choices.push(GoChoice::Version(oldest));
        }
        choices
    }

    /// Finds a version of Go, or downloads it.
    pub fn toolchain(&self, choice: &GoChoice) -> Result<Toolchain> {
        let own = Toolchain::at(PathBuf::from("go"));
        match choice {
            GoChoice::Own => own.and_then(|own| match own.major_minor() >= OLDEST {
                true => Ok(own),
                false => bail!(
                    "the machine's Go is {}, and guests need Go 1.24 or later; install it from \
                     https://go.dev/dl/, or leave their scenarios out with --no-go",
                    own.version
                ),
            }),
            GoChoice::Version(version) => match own {
                Ok(own) if own.is(version) => Ok(own),
                _ => self.download(version),
            },
        }
    }

    /// Downloads a version of Go with the script of the repository.
    fn download(&self, version: &str) -> Result<Toolchain> {
        let sources = self.write_sources()?;
        let output = Command::new("bash")
            .arg(sources.join(TOOLCHAINS_AT))
            .arg(version)
            .env("CARGO_TARGET_DIR", std::path::absolute(&self.builds)?)
            .output()
            .context("cannot start bash to get another Go")?;
        if !output.status.success() {
            bail!("Go {version} cannot be got: {}", message_of(&output));
        }
        let command = String::from_utf8_lossy(&output.stdout).trim().to_string();
        let toolchain = Toolchain::at(PathBuf::from(command))?;
        if !toolchain.is(version) {
            bail!(
                "{} is {}, not Go {version}; remove its folder to get it again",
                toolchain.command.display(),
                toolchain.version
            );
        }
        Ok(toolchain)
    }

    /// Builds a guest unless it has been built before, and returns the path of its module.
    pub fn guest(&self, toolchain: &Toolchain, program: &str) -> Result<PathBuf> {
        if PROGRAMS.get_dir(program).is_none() {
            let names: Vec<String> =
                PROGRAMS.dirs().map(|folder| folder.path().display().to_string()).collect();
            bail!("there is no Go guest {program:?}; there are: {}", names.join(", "));
        }
        let sources = self.write_sources()?;
        let name = format!("{program}-{}-{}", digest(), toolchain.version);
        let module = self.folder().join(format!("{name}.wasm"));
        // Of two processes that need it at once, only one builds it.
        let lock = self.folder().join(format!("{name}.lock"));
        let lock = File::create(&lock)
            .and_then(|file| file.lock().map(|()| file))
            .with_context(|| format!("cannot lock {}", lock.display()))?;
        if check(&module, toolchain).is_err() {
            let new = tempfile::Builder::new()
                .prefix("new.")
                .tempdir_in(self.folder())
                .with_context(|| format!("cannot write to {}", self.folder().display()))?;
            let built = new.path().join("guest.wasm");
            toolchain.build(&sources.join(PROGRAMS_AT).join(program), &built).with_context(
                || format!("cannot build the Go guest {program} with {}", toolchain.version),
            )?;
            check(&built, toolchain)?;
            fs::rename(&built, &module)
                .with_context(|| format!("cannot write {}", module.display()))?;
        }
        drop(lock);
        Ok(module)
    }

    fn folder(&self) -> PathBuf {
        self.builds.join("go-guests")
    }

    /// Writes the sources atomically to a folder named after their digest.
    fn write_sources(&self) -> Result<PathBuf> {
        let home = self.folder().join(format!("sources-{}", digest()));
        if home.is_dir() {
            return Ok(home);
        }
        let write = || -> std::io::Result<()> {
            fs::create_dir_all(self.folder())?;
            let new = tempfile::Builder::new().prefix("new.").tempdir_in(self.folder())?;
            for (path, contents) in sources() {
                let path = new.path().join(path);
                fs::create_dir_all(path.parent().unwrap_or(&path))?;
                fs::write(path, contents)?;
            }
            match fs::rename(new.path(), &home) {
                // Another process has done it.
                Err(_) if home.is_dir() => Ok(()),
                renamed => renamed,
            }
        };
        write().with_context(|| format!("cannot write sources of Go to {}", home.display()))?;
        Ok(home)
    }
}

impl Toolchain {
    /// The Go installation with this command.
    fn at(command: PathBuf) -> Result<Toolchain> {
        let output = go(&command).args(["env", "GOVERSION"]).output();
        let output = output.map_err(|error| match error.kind() {
            ErrorKind::NotFound => anyhow!(
                "there is no Go; install Go 1.24 or later from https://go.dev/dl/, or leave the \
                 scenarios with Go guests out with --no-go"
            ),
            _ => anyhow!(error).context(format!("cannot start {}", command.display())),
        })?;
        let text = String::from_utf8_lossy(&output.stdout);
        // It can be followed by the experiments that it was built with.
        let version = text.split_whitespace().next().unwrap_or_default().to_string();
        if !output.status.success() || !version.starts_with("go") {
            bail!("{} does not say which Go it is: {}", command.display(), message_of(&output));
        }
        Ok(Toolchain { command, version })
    }

    fn is(&self, version: &str) -> bool {
        let rest = self.version.strip_prefix("go").and_then(|own| own.strip_prefix(version));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// Its major and minor version; `(0, 0)` if it has none. `go1.27rc1` is 1.27.
    fn major_minor(&self) -> (u32, u32) {
        let mut numbers = self.version.trim_start_matches("go").split('.').map(|part| {
            let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            part.get(..end).and_then(|digits| digits.parse().ok()).unwrap_or(0)
        });
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
    }

    fn build(&self, folder: &Path, module: &Path) -> Result<()> {
        let output = go(&self.command)
            .args(["build", "-trimpath", "-buildvcs=false", "-buildmode=c-shared", "-ldflags=-s"])
            .arg("-o")
            .arg(std::path::absolute(module)?)
            .arg(".")
            .current_dir(folder)
            .env("GOOS", "wasip1")
            .env("GOARCH", "wasm")
            .env("CGO_ENABLED", "0")
            .output()
            .with_context(|| format!("cannot start {}", self.command.display()))?;
        if !output.status.success() {
            bail!("{}", message_of(&output));
        }
        Ok(())
    }
}

/// A Go command that downloads neither another Go nor modules, and ignores the settings of the
/// environment.
fn go(command: &Path) -> Command {
    let mut go = Command::new(command);
    go.env("GOTOOLCHAIN", "local").env("GOPROXY", "off").env("GOWORK", "off").env("GOFLAGS", "");
    go
}

fn message_of(output: &Output) -> String {
    let [stderr, stdout] =
        [&output.stderr, &output.stdout].map(|text| String::from_utf8_lossy(text).into_owned());
    let text = if stderr.trim().is_empty() { stdout } else { stderr };
    if text.trim().is_empty() { output.status.to_string() } else { text.trim().to_string() }
}

/// Checks that a file is a guest built by this Go.
fn check(module: &Path, toolchain: &Toolchain) -> Result<()> {
    let wasm = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    let metadata = GoMetadata::read(&wasm)?;
    if let Some(problem) = metadata.problem {
        bail!("{} is no guest: {problem}", module.display());
    }
    let version = metadata.go_version.unwrap_or_default();
    if version.split_whitespace().next() != Some(&toolchain.version) {
        bail!(
            "{} was to be built with {}, and says that it was with {version:?}",
            module.display(),
            toolchain.version
        );
    }
    Ok(())
}

/// All sources with their paths in the repository, sorted.
fn sources() -> Vec<(PathBuf, &'static [u8])> {
    let mut files = vec![(PathBuf::from(TOOLCHAINS_AT), TOOLCHAINS)];
    for (root, at) in [(&PROGRAMS, PROGRAMS_AT), (&PACKAGE, PACKAGE_AT)] {
        let mut folders = vec![root];
        while let Some(folder) = folders.pop() {
            folders.extend(folder.dirs());
            let wanted = folder.files().filter(|file| {
                let name = file.path().file_name().unwrap_or_default().to_string_lossy();
                !name.ends_with("_test.go")
            });
            files.extend(wanted.map(|file| (Path::new(at).join(file.path()), file.contents())));
        }
    }
    files.sort();
    files
}

/// The digest of all sources, cut to 16 hexadecimal digits.
fn digest() -> String {
    let mut digest = Sha256::new();
    for (path, contents) in sources() {
        digest.update(path.as_os_str().as_encoded_bytes());
        digest.update([0]);
        digest.update(contents.len().to_le_bytes());
        digest.update(contents);
    }
    digest.finalize().iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_go_is_own_or_a_number_from_1_24() {
        assert_eq!("own".parse(), Ok(GoChoice::Own));
        for version in ["1.24", "1.24.11", "1.30", "2.0"] {
            assert_eq!(version.parse(), Ok(GoChoice::Version(version.to_string())));
        }
        for (text, message) in [
            ("1.23", "need Go 1.24"),
            ("1.23.9", "need Go 1.24"),
            ("1", "a version of Go is own"),
            ("1.x", "a version of Go is own"),
            ("1.24.1.1", "a version of Go is own"),
            ("../1.24", "a version of Go is own"),
        ] {
            let error = text.parse::<GoChoice>().unwrap_err();
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn a_toolchain_is_of_the_version_that_it_names() {
        let toolchain =
            |version: &str| Toolchain { command: "go".into(), version: version.to_string() };
        assert!(toolchain("go1.24.11").is("1.24") && toolchain("go1.24.11").is("1.24.11"));
        assert!(!toolchain("go1.24.11").is("1.24.1") && !toolchain("go1.2").is("1.24"));
        assert_eq!(toolchain("go1.27rc1").major_minor(), (1, 27));
        assert_eq!(toolchain("devel").major_minor(), (0, 0));
        assert!(toolchain("go1.9.7").major_minor() < OLDEST);
    }

    #[test]
    fn the_sources_have_a_module_for_each_guest_and_one_for_the_package() {
        let paths: Vec<String> =
            sources().iter().map(|(path, _)| path.display().to_string()).collect();
        for path in ["harness/guests/scenarios/go.mod", "guests/go/luago/go.mod", TOOLCHAINS_AT] {
            assert!(paths.iter().any(|one| one == path), "{path} is not in {paths:?}");
        }
        assert!(paths.iter().all(|path| !path.ends_with("_test.go")));
        assert_eq!(digest(), digest());
    }
}
