//! A trace as one HTML page that needs nothing else. Names in it are a guest's and hostile:
//! they are data to the page's script, which shows them as text, and the page's policy
//! forbids any script but that one and any address.

use luago::BridgeEvent;
use sha2::{Digest, Sha256};
use std::io::{self, BufWriter, Write};

const PAGE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");

/// One script, in files by concern. The order is that of their definitions.
const SCRIPT: [&str; 7] = [
    include_str!("page/model.js"),
    include_str!("page/view.js"),
    include_str!("page/draw.js"),
    include_str!("page/links.js"),
    include_str!("page/panel.js"),
    include_str!("page/input.js"),
    include_str!("page/main.js"),
];

/// The most events that a page shows, and the most bytes that they take: a browser has to hold
/// them all. Lines have no limit.
const MOST_EVENTS: usize = 200_000;
const MOST_BYTES: usize = 64 << 20;

/// Writes the page that shows events as a timeline while they come, so that it takes no memory
/// to speak of however many there are. It says how many were left out.
///
/// After an error nothing more is written.
pub struct PageWriter<W: Write> {
    to: BufWriter<W>,
    error: Option<io::Error>,
    events: usize,
    bytes: usize,
    left_out: u64,
    most: (usize, usize),
}

impl<W: Write> PageWriter<W> {
    pub fn new(to: W) -> PageWriter<W> {
        PageWriter::with_most(to, (MOST_EVENTS, MOST_BYTES))
    }

    fn with_most(to: W, most: (usize, usize)) -> PageWriter<W> {
        let to = BufWriter::with_capacity(64 << 10, to);
        let mut page = PageWriter { to, error: None, events: 0, bytes: 0, left_out: 0, most };
        page.write(parts().0);
        page.write("{\"events\":[".to_string());
        page
    }

    fn write(&mut self, text: String) {
        if self.error.is_none() {
            self.error = self.to.write_all(text.as_bytes()).err();
        }
    }

    /// Takes the next event; an error is kept for [`finish`](PageWriter::finish).
    pub fn feed(&mut self, event: &BridgeEvent) {
        if self.left_out > 0 || self.events == self.most.0 {
            self.left_out += 1;
            return;
        }
        let start = if self.events == 0 { "\n" } else { ",\n" };
        // Maps with keys that are no strings are all that this could fail on.
        let json = serde_json::to_string(event).unwrap_or_else(|_| "{}".to_string());
        // It cannot end the script element that it is in.
        let text = start.to_string() + &json.replace('<', "\\u003c");
        if text.len() > self.most.1 - self.bytes {
            self.left_out += 1;
            return;
        }
        self.events += 1;
        self.bytes += text.len();
        self.write(text);
    }

    /// Writes the end of the page, and gives the place, or the first error that there was.
    pub fn finish(mut self) -> io::Result<W> {
        self.write(format!("\n],\"left_out\":{}}}", self.left_out));
        self.write(parts().1);
        match self.error.take() {
            Some(error) => Err(error),
            None => self.to.into_inner().map_err(io::IntoInnerError::into_error),
        }
    }
}

/// The page before its data, and after.
fn parts() -> (String, String) {
    let style = with_unix_lines(STYLE);
    let script = with_unix_lines(&SCRIPT.concat());
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'",
        hash(&style),
        hash(&script)
    );
    let values = [("policy", &*policy), ("style", &style), ("script", &script)];
    let (before, after) = PAGE.split_once("{{data}}").unwrap_or((PAGE, ""));
    (fill(before, &values), fill(after, &values))
}

/// A checkout may have other line ends, but a browser turns them to these before it computes
/// the hash.
fn with_unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The SHA-256 of a text in Base64, as policies name it.
fn hash(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digest = Sha256::digest(text.as_bytes());
    let mut out = String::new();
    for three in digest.chunks(3) {
        let byte = |index: usize| u32::from(three.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let value = bits >> (18 - 6 * digit) & 63;
            out.push(if digit <= three.len() { char::from(DIGITS[value as usize]) } else { '=' });
        }
    }
    out
}

/// Puts values in the place of `{{name}}`. What is put in is not searched again; a place
/// without a value stays, for a test to find.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let value = values.iter().find_map(|(name, value)| {
            Some((*value, after.strip_prefix(name)?.strip_prefix("}}")?))
        });
        let (text, after) = value.unwrap_or(("{{", after));
        out.push_str(text);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The page of these events, with no more than so many, and so many bytes of them.
#[cfg(test)]
pub fn page(events: &[BridgeEvent], most: (usize, usize)) -> String {
    let mut page = Vec::new();
    let mut writer = PageWriter::with_most(&mut page, most);
    events.iter().for_each(|event| writer.feed(event));
    writer.finish().unwrap();
    String::from_utf8(page).unwrap()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    const ENOUGH: (usize, usize) = (usize::MAX, usize::MAX);

    /// What stands between the tags of the element that holds the data.
    fn data_of(page: &str) -> &str {
        let (_, after) = page.split_once(r#"<script type="application/json" id="data">"#).unwrap();
        after.split_once("</script>").unwrap().0
    }

    #[test]
    fn all_places_of_the_page_are_filled() {
        let page = page(&sample::run(3), ENOUGH);
        for place in ["{{policy", "{{style", "{{data", "{{script"] {
            assert!(!page.contains(place), "{place}");
        }
    }

    #[test]
    fn the_page_holds_the_events_as_the_trace_has_them() {
        let events = sample::run(20);
        let page = page(&events, ENOUGH);
        let data: serde_json::Value = serde_json::from_str(data_of(&page)).unwrap();
        let read: Vec<BridgeEvent> = serde_json::from_value(data["events"].clone()).unwrap();
        assert_eq!(read, events);
        assert_eq!(data["left_out"], 0);
    }

    #[test]
    fn a_page_says_how_many_events_it_leaves_out_whether_they_are_many_or_large() {
        let events = sample::run(20);
        let left_out = |most| {
            let page = page(&events, most);
            let data: serde_json::Value = serde_json::from_str(data_of(&page)).unwrap();
            let read: Vec<BridgeEvent> = serde_json::from_value(data["events"].clone()).unwrap();
            let left_out = data["left_out"].as_u64().unwrap() as usize;
            assert_eq!(read, events[..events.len() - left_out]);
            left_out
        };
        assert_eq!(left_out((events.len(), usize::MAX)), 0);
        assert_eq!(left_out((events.len() - 5, usize::MAX)), 5);
        assert_eq!(left_out((0, usize::MAX)), events.len());
        let of_bytes = left_out((usize::MAX, 2000));
        assert!(of_bytes > 0 && of_bytes < events.len());
    }

    #[test]
    fn names_cannot_break_out_of_the_data() {
        let events = sample::hostile();
        let page = page(&events, ENOUGH);
        assert_eq!(page.matches("<script").count(), 2);
        assert_eq!(page.matches("</script").count(), 2);
        assert!(!page.contains("<!--") && !page.contains("<img"));
        let data: serde_json::Value = serde_json::from_str(data_of(&page)).unwrap();
        let read: Vec<BridgeEvent> = serde_json::from_value(data["events"].clone()).unwrap();
        assert_eq!(read, events);
    }

    #[test]
    fn a_name_that_looks_like_a_place_is_not_filled() {
        assert_eq!(fill("{{data}}|{{other}}", &[("data", "{{data}}")]), "{{data}}|{{other}}");
    }

    #[test]
    fn the_page_names_no_address_and_its_policy_has_the_hash_of_its_script() {
        let page = page(&[], ENOUGH);
        for address in ["http:", "https:", "src=", "href=", "@import", "url("] {
            assert!(!page.contains(address), "{address}");
        }
        let script = SCRIPT.concat();
        assert!(page.contains(&format!("script-src 'sha256-{}'", hash(&script))));
    }

    #[test]
    fn a_hash_is_as_policies_write_it() {
        assert_eq!(hash(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}
