//! Files in folders.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// Every file with this extension in a folder and those below it, in order. Links to folders are
/// not followed: they may lead back.
pub fn with_extension(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder)
            .with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|own| own == extension) && path.is_file() {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
