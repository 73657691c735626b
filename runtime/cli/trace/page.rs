//! A trace as one HTML page that needs nothing else. Names in it are a guest's and hostile:
//! they are data to the page's script, which shows them as text, and the page's policy
//! forbids any script but that one and any address.

use luago::BridgeEvent;
use sha2::{Digest, Sha256};

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

/// The page that shows these events as a timeline, and says how many that came after them
/// were left out.
pub fn page(events: &[BridgeEvent], left_out: u64) -> String {
    let style = with_unix_lines(STYLE);
    let script = with_unix_lines(&SCRIPT.concat());
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'",
        hash(&style),
        hash(&script)
    );
    let data = data(events, left_out);
    fill(PAGE, &[("policy", &policy), ("style", &style), ("data", &data), ("script", &script)])
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

/// The events as JSON that cannot end the script element it is in.
fn data(events: &[BridgeEvent], left_out: u64) -> String {
    let mut json = format!("{{\"left_out\":{left_out},\"events\":[");
    for (index, event) in events.iter().enumerate() {
        json.push_str(if index == 0 { "\n" } else { ",\n" });
        // Maps with keys that are no strings are all that this could fail on.
        json.push_str(&serde_json::to_string(event).unwrap_or_else(|_| "{}".to_string()));
    }
    json.push_str("\n]}");
    json.replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    /// What stands between the tags of the element that holds the data.
    fn data_of(page: &str) -> &str {
        let (_, after) = page.split_once(r#"<script type="application/json" id="data">"#).unwrap();
        after.split_once("</script>").unwrap().0
    }

    #[test]
    fn all_places_of_the_page_are_filled() {
        let page = page(&sample::run(3), 0);
        for place in ["{{policy", "{{style", "{{data", "{{script"] {
            assert!(!page.contains(place), "{place}");
        }
    }

    #[test]
    fn the_page_holds_the_events_as_the_trace_has_them() {
        let events = sample::run(20);
        let page = page(&events, 0);
        let data: serde_json::Value = serde_json::from_str(data_of(&page)).unwrap();
        let read: Vec<BridgeEvent> = serde_json::from_value(data["events"].clone()).unwrap();
        assert_eq!(read, events);
        assert_eq!(data["left_out"], 0);
    }

    #[test]
    fn names_cannot_break_out_of_the_data() {
        let events = sample::hostile();
        let page = page(&events, 0);
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
        let page = page(&[], 0);
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
