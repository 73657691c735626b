//! Variables and arguments.

use super::Call;
use super::WasiState;
use super::errno::Answer;
use super::errno::Errno;

pub(super) fn environ_sizes_get<S: WasiState>(
    mut call: Call<'_, S>,
    count: u32,
    size: u32,
) -> Answer {
    let variables = &call.state.files().variables;
    let number = u32::try_from(variables.len()).map_err(|_| Errno::OVERFLOW)?;
    // Each is followed by a zero, with an equals sign between name and value.
    let bytes = variables.iter().map(|(name, value)| name.len() + value.len() + 2).sum::<usize>();
    let bytes = u32::try_from(bytes).map_err(|_| Errno::OVERFLOW)?;
    call.put(count, &number.to_le_bytes())?;
    call.put(size, &bytes.to_le_bytes())
}

pub(super) fn environ_get<S: WasiState>(
    mut call: Call<'_, S>,
    mut list: u32,
    mut texts: u32,
) -> Answer {
    for index in 0.. {
        let Some((name, value)) = call.state.files().variables.get(index) else { break };
        let text = [name.as_encoded_bytes(), b"=", value.as_encoded_bytes(), b"\0"].concat();
        call.put(list, &texts.to_le_bytes())?;
        call.put(texts, &text)?;
        list = list.checked_add(4).ok_or(Errno::FAULT)?;
        texts = u32::try_from(text.len())
            .ok()
            .and_then(|len| texts.checked_add(len))
            .ok_or(Errno::FAULT)?;
    }
    Ok(())
}

/// There are none.
pub(super) fn args_sizes_get<S: WasiState>(mut call: Call<'_, S>, count: u32, size: u32) -> Answer {
    call.put(count, &[0; 4])?;
    call.put(size, &[0; 4])
}

pub(super) fn args_get<S: WasiState>(_: Call<'_, S>, _list: u32, _texts: u32) -> Answer {
    Ok(())
}
