//! Output of scripts, which is hostile, as text that every format can show.

use std::fmt::Write;

/// Text with characters that cannot be seen, or that change the order of others, made visible.
/// XML and terminals can show the result too.
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(c),
            '\u{7f}' => out.push('␡'),
            '\0'..='\u{1f}' => out.extend(char::from_u32(0x2400 + c as u32)),
            '\u{80}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
            c => out.push(c),
        }
    }
    out
}

/// As much of a text as may be shown, with the place where it begins to differ from another.
pub fn excerpt(text: &str, other: &str, most: usize) -> String {
    let total = text.chars().count();
    if total <= most {
        return text.to_string();
    }
    let same = text.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    // A text that is compared with itself is shown from its beginning.
    let begin = if same == total || same < most / 2 { 0 } else { same - most / 2 };
    let begin = begin.min(total - most);
    let mut out = String::new();
    if begin > 0 {
        let _ = writeln!(out, "… {begin} characters before");
    }
    out.extend(text.chars().skip(begin).take(most));
    if begin + most < total {
        let _ = write!(out, "\n… {} more characters", total - begin - most);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_made_visible() {
        assert_eq!(printable("a\0\x1b[1m\u{202e}\u{ffff}\t\n"), "a␀␛[1m\\u{202e}\\u{ffff}\t\n");
    }

    #[test]
    fn long_output_is_cut_around_the_first_difference() {
        let long = "ä".repeat(100);
        assert_eq!(excerpt(&long, "ä", 100), long);
        assert_eq!(excerpt(&long, "", 98), format!("{}\n… 2 more characters", "ä".repeat(98)));
        let late = format!("{long}b{long}");
        let shown = excerpt(&late, &format!("{long}c"), 10);
        assert_eq!(shown, "… 95 characters before\näääääbääää\n… 96 more characters");
    }
}
