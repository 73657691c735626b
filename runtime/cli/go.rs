//! Go guests on the command line.

use crate::places::{Dir, Named, Places, writable};
use anyhow::{Context, Result, bail};
use luago::{Engine, GoGrant, GoModule, Restart};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

/// A Go guest that was asked for.
#[derive(Debug)]
pub struct Guest {
    pub name: String,
    pub file: PathBuf,
    pub grant: GoGrant,
    /// Directories that it can write.
    pub writable: Vec<PathBuf>,
}

const FORM: &str = "a Go guest is given as NAME=FILE[,OPTION=VALUE]…";
const OPTIONS: &str = "memory, stack, workers, restart, busy, output, grace, dir, env and call";

impl Guest {
    /// Takes `NAME=FILE[,OPTION=VALUE]…` apart.
    pub fn parse(text: &str, places: &Places) -> Result<Guest> {
        let Some((name, rest)) = text.split_once('=') else {
            bail!("--go {text}: {FORM}");
        };
        let mut parts = rest.split(',');
        let file = parts.next().unwrap_or_default();
        if name.is_empty() || file.is_empty() {
            bail!("--go {text}: {FORM}");
        }
        let mut grant = GoGrant::new();
        let mut dirs = Vec::new();
        for part in parts {
            let Some((option, value)) = part.split_once('=') else {
                bail!("--go {text}: the option '{part}' has no value; {FORM}");
            };
            if option == "dir" {
                dirs.push(Dir::parse(value.as_ref()).with_context(|| format!("--go {text}"))?);
            } else {
                grant = set(grant, option, value).with_context(|| format!("--go {text}"))?;
            }
        }
        let (mut named, working_dir) = places.name(&dirs);
        for other in from_root(&dirs) {
            if named.iter().all(|known| known.name != other.name) {
                named.push(other);
            }
        }
        for dir in named {
            grant = grant.dir(dir.host, dir.name, dir.access);
        }
        if let Some(place) = working_dir {
            grant = grant.working_dir(place);
        }
        let (name, file, writable) = (name.to_string(), file.into(), writable(&dirs));
        Ok(Guest { name, file, grant, writable })
    }

    /// Loads its module.
    pub fn load(&self, engine: &Engine) -> Result<GoModule> {
        GoModule::from_file(engine, &self.file)
            .with_context(|| format!("--go {}={}", self.name, self.file.display()))
    }
}

/// Directories that were named from the working directory, once more from the root.
fn from_root(dirs: &[Dir]) -> impl Iterator<Item = Named> {
    let is_below = move |dir: &&Dir| {
        let mut parts = dir.host.components();
        dir.guest.is_none() && parts.all(|part| matches!(part, Component::Normal(_)))
    };
    dirs.iter().filter(is_below).map(|dir| Named {
        host: dir.host.clone(),
        name: crate::platform::guest_name(Path::new("/").join(&dir.host)),
        access: dir.access,
    })
}

fn size(option: &str, value: &str) -> Result<u64> {
    match crate::args::size(value) {
        Ok(size) => Ok(size.as_u64()),
        Err(_) => bail!("{option}={value} is no size; write one as 64MiB"),
    }
}

fn time(option: &str, value: &str) -> Result<Duration> {
    humantime::parse_duration(value)
        .with_context(|| format!("{option}={value} is no duration; write one as 500ms"))
}

fn set(grant: GoGrant, option: &str, value: &str) -> Result<GoGrant> {
    Ok(match option {
        "memory" => grant.memory(size(option, value)?),
        "stack" => grant.stack(size(option, value)?),
        "output" => grant.output(size(option, value)?),
        "busy" => grant.busy(time(option, value)?),
        "grace" => grant.grace(time(option, value)?),
        "workers" => match value.parse() {
            Ok(count) => grant.workers(count),
            Err(_) => bail!("workers={value} is no number; write one as workers=4"),
        },
        "restart" => match value {
            "never" => grant.restart(Restart::Never),
            "on-failure" => grant.restart(Restart::OnFailure),
            _ => bail!("restart={value}: it is 'never' or 'on-failure'"),
        },
        "env" => match value.split_once('=') {
            Some((name, value)) => grant.env(name, value),
            None => match std::env::var_os(value) {
                Some(found) => grant.env(value, found),
                None => bail!(
                    "env={value}: there is no such variable; give it a value with \
                     env={value}=VALUE"
                ),
            },
        },
        "call" => grant.function(value),
        _ => bail!("there is no option '{option}'; there are {OPTIONS}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Guest> {
        Guest::parse(text, &Places::here()?)
    }

    #[test]
    fn a_go_guest_is_a_name_a_file_and_options() {
        let guest = parse("geo=a/geo.wasm").unwrap();
        assert_eq!((guest.name.as_str(), guest.file), ("geo", PathBuf::from("a/geo.wasm")));
        let all = "g=g.wasm,memory=32MiB,stack=8MiB,workers=4,restart=on-failure,busy=1s,output=64KiB,\
                   grace=50ms,dir=/srv:/data:rw,env=A=b=c,call=db.get";
        let guest = parse(all).unwrap();
        let shown = format!("{:?}", guest.grant);
        for part in [
            "33554432",
            "stack: 8388608",
            "workers: 4",
            "OnFailure",
            "1s",
            "65536",
            "50ms",
            "db.get",
            "b=c",
        ] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_go_guest_is_named() {
        for (text, what) in [
            ("geo", "NAME=FILE"),
            ("=geo.wasm", "NAME=FILE"),
            ("geo=", "NAME=FILE"),
            ("g=f,memory", "'memory' has no value"),
            ("g=f,memory=lots", "memory=lots is no size"),
            ("g=f,stack=deep", "stack=deep is no size"),
            ("g=f,busy=soon", "busy=soon is no duration"),
            ("g=f,workers=-1", "workers=-1 is no number"),
            ("g=f,restart=always", "'never' or 'on-failure'"),
            ("g=f,colour=red", "there is no option 'colour'"),
        ] {
            let error = format!("{:#}", parse(text).unwrap_err());
            assert!(error.contains(what), "{error}");
            assert!(error.contains(&format!("--go {text}")), "{error}");
        }
    }
}
