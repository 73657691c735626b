//! Makes an input smaller while it still shows something, by delta debugging: parts are
//! left out, first halves, then ever smaller ones, of lines and then of bytes.

use anyhow::Result;

/// The smallest input that was found to show it. `shows` is asked at most `tries` times.
pub fn bytes(
    input: &[u8],
    tries: usize,
    mut shows: impl FnMut(&[u8]) -> Result<bool>,
) -> Result<Vec<u8>> {
    let mut left = tries;
    let mut ask = |candidate: &[u8]| -> Result<Option<bool>> {
        if left == 0 {
            return Ok(None);
        }
        left -= 1;
        shows(candidate).map(Some)
    };
    let lines: Vec<&[u8]> = input.split_inclusive(|&byte| byte == b'\n').collect();
    let lines = parts(lines, &mut ask)?.concat();
    let single: Vec<&[u8]> = lines.chunks(1).collect();
    Ok(parts(single, &mut ask)?.concat())
}

fn parts<'a>(
    mut parts: Vec<&'a [u8]>,
    ask: &mut impl FnMut(&[u8]) -> Result<Option<bool>>,
) -> Result<Vec<&'a [u8]>> {
    let mut size = parts.len().div_ceil(2);
    while size > 0 && !parts.is_empty() {
        let (mut at, mut smaller) = (0, false);
        while at < parts.len() {
            let end = (at + size).min(parts.len());
            let candidate = [&parts[..at], &parts[end..]].concat();
            match ask(&candidate.concat())? {
                None => return Ok(parts),
                Some(true) => (parts, smaller) = (candidate, true),
                Some(false) => at = end,
            }
        }
        size = match (size, smaller) {
            (1, false) => 0,
            (1, true) => 1,
            _ => size / 2,
        };
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_shows_it_is_left_and_nothing_else() {
        let input = b"first\nsecond with a bug in it\nthird\n";
        let found = |bytes: &[u8]| Ok(bytes.windows(3).any(|window| window == b"bug"));
        assert_eq!(bytes(input, 1000, found).unwrap(), b"bug");
    }

    proptest! {
        #[test]
        fn whatever_is_left_still_shows_it(
            input in proptest::collection::vec(any::<u8>(), 1..200),
            tries in 0_usize..100,
        ) {
            let needle = input[0];
            let left = bytes(&input, tries, |bytes| Ok(bytes.contains(&needle))).unwrap();
            prop_assert!(left.contains(&needle) && left.len() <= input.len());
        }
    }
}
