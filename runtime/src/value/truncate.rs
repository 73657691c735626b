//! Texts that are written only as far as there is room.

use std::fmt::{self, Display, Write};

/// A text that ends where the room for it does.
struct Cut {
    text: String,
    most: usize,
    is_cut: bool,
}

impl Write for Cut {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let room = self.most - self.text.len();
        if part.len() <= room {
            self.text.push_str(part);
            return Ok(());
        }
        self.text.push_str(&part[..part.floor_char_boundary(room)]);
        self.is_cut = true;
        // Whoever writes does not go on.
        Err(fmt::Error)
    }
}

/// What something shows of itself, up to so many bytes and then an ellipsis. No more of it is
/// ever in memory than that.
pub(crate) fn cut(shown: impl Display, most: usize) -> String {
    let mut cut = Cut { text: String::new(), most, is_cut: false };
    let _ = write!(cut, "{shown}");
    if cut.is_cut {
        cut.text.push('…');
    }
    cut.text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters_and_only_if_it_is_longer() {
        assert_eq!(cut("", 0), "");
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut(format_args!("{}{}", "ab", "cd"), 3), "abc…");
        assert_eq!(cut("aéé", 4), "aé…");
        assert_eq!(cut("é", 1), "…");
    }
}
