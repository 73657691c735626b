//! The text in which Go's linker leaves what a program was built from, as
//! `runtime/debug.BuildInfo` in Go's library has it.

use serde::Serialize;

/// A module that a program was built from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GoDependency {
    /// The path: `github.com/itchyny/gojq`.
    pub path: String,
    /// The version: `v0.12.17`.
    pub version: String,
    /// The checksum, as in `go.sum`, if there is one.
    pub sum: Option<String>,
    /// What a `replace` directive has put in its place.
    pub replace: Option<Box<GoDependency>>,
}

/// One setting of a build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GoBuildSetting {
    /// The name: `-buildmode`, or `GOARCH`.
    pub key: String,
    /// The value.
    pub value: String,
}

/// All that the text has.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct BuildInfo {
    pub path: Option<String>,
    pub module: Option<GoDependency>,
    pub dependencies: Vec<GoDependency>,
    pub settings: Vec<GoBuildSetting>,
}

/// What Go's linker puts before and after the text.
const START: [u8; 16] = 0x3077af0c_92740802_41e1c107_e6d618e6_u128.to_be_bytes();
const END: [u8; 16] = 0xf9324331_86182072_00824210_4116d8f2_u128.to_be_bytes();

/// The longest text that is read, in bytes.
const MAX_TEXT: usize = 4 << 20;

impl BuildInfo {
    /// Finds the text in a program's data.
    pub fn find<'a>(segments: impl Iterator<Item = &'a [u8]>) -> Option<BuildInfo> {
        segments.filter_map(text_in).map(|text| BuildInfo::parse(&text)).next()
    }

    fn parse(text: &str) -> BuildInfo {
        let mut info = BuildInfo::default();
        // What the next line may say the replacement of.
        let mut last = Last::Nothing;
        for line in text.lines() {
            let (kind, rest) = line.split_once('\t').unwrap_or((line, ""));
            match kind {
                "path" => info.path = Some(rest.to_string()),
                "mod" => {
                    info.module = Some(dependency(rest));
                    last = Last::Module;
                }
                "dep" => {
                    info.dependencies.push(dependency(rest));
                    last = Last::Dependency;
                }
                "=>" => {
                    let replaced = match last {
                        Last::Module => info.module.as_mut(),
                        Last::Dependency => info.dependencies.last_mut(),
                        Last::Nothing => None,
                    };
                    if let Some(replaced) = replaced {
                        replaced.replace = Some(Box::new(dependency(rest)));
                    }
                    last = Last::Nothing;
                }
                "build" => {
                    if let Some(setting) = setting(rest) {
                        info.settings.push(setting);
                    }
                }
                _ => {}
            }
        }
        info
    }
}

enum Last {
    Nothing,
    Module,
    Dependency,
}

fn text_in(data: &[u8]) -> Option<String> {
    let find =
        |data: &[u8], mark: &[u8; 16]| data.windows(mark.len()).position(|window| window == mark);
    let text = data.get(find(data, &START)? + START.len()..)?;
    let text = text.get(..text.len().min(MAX_TEXT))?;
    let text = text.get(..find(text, &END)?)?;
    Some(String::from_utf8_lossy(text).into_owned())
}

fn dependency(line: &str) -> GoDependency {
    let mut fields = line.split('\t');
    let mut next = || fields.next().unwrap_or_default().to_string();
    let (path, version, sum) = (next(), next(), next());
    GoDependency { path, version, sum: (!sum.is_empty()).then_some(sum), replace: None }
}

/// `KEY=VALUE`, either of which is quoted as in Go if it has unusual characters.
fn setting(line: &str) -> Option<GoBuildSetting> {
    let (key, rest) = match quoted(line) {
        Some((key, rest)) => (key, rest.strip_prefix('=')?),
        None => line.split_once('=').map(|(key, rest)| (key.to_string(), rest))?,
    };
    let value = match quoted(rest) {
        Some((value, "")) => value,
        _ => rest.to_string(),
    };
    Some(GoBuildSetting { key, value })
}

/// A string as Go writes it, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    if let Some(rest) = text.strip_prefix('`') {
        let (value, rest) = rest.split_once('`')?;
        return Some((value.to_string(), rest));
    }
    let body = text.strip_prefix('"')?;
    let mut value = Vec::new();
    let mut chars = body.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((String::from_utf8_lossy(&value).into_owned(), &body[at + 1..])),
            '\\' => {
                let (_, escape) = chars.next()?;
                let mut digits = |count: usize| {
                    let digits: String = chars.by_ref().take(count).map(|(_, c)| c).collect();
                    u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == count)
                };
                let mut push = |c: char| value.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
                match escape {
                    'a' => push('\x07'),
                    'b' => push('\x08'),
                    'f' => push('\x0c'),
                    'n' => push('\n'),
                    'r' => push('\r'),
                    't' => push('\t'),
                    'v' => push('\x0b'),
                    'u' => push(char::from_u32(digits(4)?)?),
                    'U' => push(char::from_u32(digits(8)?)?),
                    'x' => value.push(u8::try_from(digits(2)?).ok()?),
                    '\\' | '"' | '\'' => push(escape),
                    _ => return None,
                }
            }
            c => value.extend(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &[u8]) -> Vec<u8> {
        [b"before", &START[..], text, &END[..], b"after"].concat()
    }

    fn found(text: &str) -> BuildInfo {
        BuildInfo::find([&marked(text.as_bytes())[..]].into_iter()).unwrap()
    }

    fn value(line: &str) -> Option<(String, String)> {
        setting(line).map(|setting| (setting.key, setting.value))
    }

    #[test]
    fn path_modules_replacements_and_settings_are_read() {
        let info = found(
            "path\tcommand-line-arguments\nmod\texample.com/geo\t(devel)\t\n\
             dep\ta.org/b\tv1.2.3\th1:abc=\ndep\tc.org/d\tv0.1.0\n=>\t../d\t(devel)\t\n\
             build\t-buildmode=c-shared\nbuild\tGOARCH=wasm\n",
        );
        assert_eq!(info.path.as_deref(), Some("command-line-arguments"));
        assert_eq!(info.module.unwrap().path, "example.com/geo");
        assert_eq!(info.dependencies[0].sum.as_deref(), Some("h1:abc="));
        assert_eq!(info.dependencies[0].replace, None);
        assert_eq!(info.dependencies[1].replace.as_ref().unwrap().path, "../d");
        let settings: Vec<_> = info.settings.iter().map(|s| (&*s.key, &*s.value)).collect();
        assert_eq!(settings, [("-buildmode", "c-shared"), ("GOARCH", "wasm")]);
    }

    #[test]
    fn settings_are_unquoted_as_go_quotes_them() {
        let pair = |key: &str, value: &str| Some((key.to_string(), value.to_string()));
        assert_eq!(value("a=b=c"), pair("a", "b=c"));
        assert_eq!(
            value(r#"-ldflags="-s -X 'a=\"b\"'\t\x41\u00e9\\""#),
            pair("-ldflags", "-s -X 'a=\"b\"'\tA\u{e9}\\")
        );
        assert_eq!(value("\"a=b\"=`c\"d`"), pair("a=b", "c\"d"));
        assert_eq!(value("no equals sign"), None);
        assert_eq!(value(r#"a="never closed"#), pair("a", r#""never closed"#));
        assert_eq!(value(r#"a="b\xzz""#), pair("a", r#""b\xzz""#));
    }

    #[test]
    fn what_is_no_text_of_go_is_not_found_or_says_nothing() {
        assert_eq!(BuildInfo::find([&b"nothing"[..], &START, &[]].into_iter()), None);
        assert_eq!(found(""), BuildInfo::default());
        assert_eq!(found("=>\tx\ty\tz\nbuild\nwhat\tis\tthis"), BuildInfo::default());
        let info = BuildInfo::find([&marked(b"path\t\xff\xfe\n")[..]].into_iter()).unwrap();
        assert_eq!(info.path.as_deref(), Some("\u{fffd}\u{fffd}"));
    }
}
