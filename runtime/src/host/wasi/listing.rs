//! Reading directories.

use super::Call;
use super::WasiState;
use super::directory_listing::MadeUp;
use super::errno::{Answer, Errno};
use std::sync::Arc;

pub(super) fn fd_readdir<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    buf: u32,
    buf_len: u32,
    mut cookie: u64,
    size: u32,
) -> Answer {
    call.check(buf, buf_len)?;
    call.check(size, 4)?;
    let mounts = Arc::clone(&call.state.files().mounts);
    let place = call.state.files().directory(fd)?.place.clone();
    let names = place.as_ref().map_or_else(Vec::new, |place| mounts.names_in(place));
    let made_up = MadeUp { place, names };
    let mut filled = 0;
    while filled < buf_len {
        let (directory, place) = call.state.files().listed(fd)?;
        directory.listing.charge(place)?;
        let Some(entries) = directory.listing.from(directory.dir.as_deref(), &made_up, cookie)?
        else {
            break;
        };
        let room = (buf_len - filled) as usize;
        let part = &entries[..entries.len().min(room)];
        // All of it is in the memory, as the whole is.
        call.memory.write(buf + filled, part).ok_or(Errno::FAULT)?;
        filled += part.len() as u32;
        cookie = directory.listing.give(room);
        call.state.look()?;
    }
    call.put(size, &filled.to_le_bytes())
}
