//! The patched sources of one Lua release.

use crate::Release;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Copies the sources of a release to `to`, applies its patches, and adds the shim. At
/// last come the patches in the folder `also`, if there is one, to any of these files.
pub fn prepare(release: Release, shim: &Path, also: Option<&Path>, to: &Path) -> Result<()> {
    let from = crate_sources()?.join(format!("lua-{}", release.full));
    for entry in std::fs::read_dir(&from).with_context(|| format!("no {}", from.display()))? {
        let entry = entry?;
        std::fs::write(to.join(entry.file_name()), std::fs::read(entry.path())?)?;
    }
    apply_all(&shim.join("patches").join(release.series()), to)?;
    for entry in std::fs::read_dir(shim)? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "c" || kind == "h")
            && let Some(name) = path.file_name()
        {
            std::fs::copy(&path, to.join(name))?;
        }
    }
    match also {
        Some(also) => apply_all(also, to),
        None => Ok(()),
    }
}

fn apply_all(patches: &Path, to: &Path) -> Result<()> {
    let entries = std::fs::read_dir(patches)
        .with_context(|| format!("cannot read patches in {}", patches.display()))?;
    for entry in entries {
        let path = entry?.path();
        apply(&path, to).with_context(|| format!("cannot apply {}", path.display()))?;
    }
    Ok(())
}

fn apply(path: &Path, to: &Path) -> Result<()> {
    let Some(name) = path.file_stem() else {
        bail!("a patch is named after the file that it changes");
    };
    let target = to.join(name);
    let patch = std::fs::read(path)?;
    let patch = diffy::Patch::from_bytes(&patch)?;
    let patched = diffy::apply_bytes(&std::fs::read(&target)?, &patch)?;
    std::fs::write(target, patched)?;
    Ok(())
}

/// The folder of the crate `lua-src`, as cargo unpacked it.
fn crate_sources() -> Result<PathBuf> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version=1", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)
        .context("`cargo metadata` did not answer with JSON")?;
    let manifest = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|package| package["name"] == "lua-src")
        .and_then(|package| package["manifest_path"].as_str())
        .context("`cargo metadata` does not list the crate lua-src")?;
    let mut folder = PathBuf::from(manifest);
    folder.pop();
    Ok(folder)
}
