//! What Lua guests do with files that WASI has no words for.

use super::Call;
use super::WasiState;
use super::errno::Answer;
use super::errno::Errno;
use super::guest_path::GuestPath;
use super::table::{Descriptor, WORKING};
use super::walk::{Found, Inside};
use crate::platform::attributes;
use crate::platform::lock::{self, Lock};
use std::path::PathBuf;
use std::sync::Arc;

/// The longest name that a working directory can have, in bytes, as on Linux.
const LONGEST: usize = 4096;

/// The mode bits, as Linux has them, of what the host does not have.
const FOLDER_ABOVE: u32 = 0o040_555;
const NULL_DEVICE: u32 = 0o020_666;

/// Goes to another working directory.
pub(crate) fn change_dir<S: WasiState>(mut call: Call<'_, S>, path: u32, len: u32) -> Answer<u32> {
    let path = super::paths::path_at(&call.memory, path, len)?;
    let place = match call.walk(WORKING, &path, true)? {
        Found::Inside(Inside { dir, path, place: Some(place), .. }) => {
            // To enter it is another right than to look at it.
            let mut inside = path.into_os_string();
            inside.push("/.");
            let inside = PathBuf::from(inside);
            let metadata = dir.metadata(&inside)?;
            call.state.files().mounts.check_named(&dir, &inside, true, &metadata)?;
            place
        }
        Found::Above(place) => place,
        Found::Inside(_) | Found::Missing => return Err(Errno::NOENT.into()),
        Found::Null => return Err(Errno::NOTDIR.into()),
    };
    if place.shown().len() >= LONGEST {
        return Err(Errno::NAMETOOLONG.into());
    }
    call.state.files().set_working_dir(place);
    Ok(0)
}

/// Writes the name of the working directory, and gives its length.
pub(crate) fn working_dir<S: WasiState>(mut call: Call<'_, S>, at: u32, room: u32) -> Answer<u32> {
    let place = call.state.files().working_dir().map_or_else(GuestPath::default, Clone::clone);
    match u32::try_from(place.shown().len()) {
        Ok(len) if len <= room => {
            call.put(at, place.shown())?;
            Ok(len)
        }
        _ => Err(Errno::OVERFLOW.into()),
    }
}

/// The mode bits of a file, as Linux has them.
pub(crate) fn file_mode<S: WasiState>(
    mut call: Call<'_, S>,
    path: u32,
    len: u32,
    follows: bool,
) -> Answer<u32> {
    let path = super::paths::path_at(&call.memory, path, len)?;
    call.reach(WORKING, &path, follows, |call, found| {
        Ok(match found {
            Found::Inside(inside) => attributes::mode(&call.metadata(inside, follows)?),
            Found::Above(_) => FOLDER_ABOVE,
            Found::Null => NULL_DEVICE,
            Found::Missing => return Err(Errno::NOENT.into()),
        })
    })
}

/// Locks a part of a file, or unlocks it, as `how` says with a letter of LuaFileSystem's. The
/// lock belongs to the open file, so that sandboxes of one process have locks of their own.
pub(crate) fn lock<S: WasiState>(
    call: Call<'_, S>,
    fd: u32,
    how: u32,
    start: i64,
    len: i64,
) -> Answer<u32> {
    let file = match call.state.files().descriptor(fd)? {
        Descriptor::Regular(regular) => Arc::clone(&regular.file),
        Descriptor::Null(_) => return Ok(0),
        _ => return Err(Errno::BADF.into()),
    };
    let kind = match u8::try_from(how) {
        Ok(b'r') => Lock::Shared,
        Ok(b'w') => Lock::Exclusive,
        Ok(b'u') => Lock::Unlocked,
        _ => return Err(Errno::INVAL.into()),
    };
    lock::set(&file, kind, start, len)?;
    Ok(0)
}
