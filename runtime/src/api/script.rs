//! Code to run.

/// A piece of Lua code with its name and arguments.
///
/// ```
/// use luago::Script;
///
/// let script = Script::new("double", "return 2 * ...").args(["21"]);
/// # let _ = script;
/// ```
#[derive(Debug, Clone)]
pub struct Script {
    pub(crate) name: Vec<u8>,
    pub(crate) code: Vec<u8>,
    pub(crate) is_file: bool,
    pub(crate) args: Vec<Vec<u8>>,
}

impl Script {
    /// Code with a name for messages. Text and binary chunks are both taken.
    pub fn new(name: impl AsRef<str>, code: impl Into<Vec<u8>>) -> Script {
        Script::with_chunk_name(format!("={}", name.as_ref()), code)
    }

    /// The contents of a file, whose name appears in messages as Lua shows file
    /// names. A first line that starts with `#` is a comment.
    pub fn file(path: impl AsRef<str>, code: impl Into<Vec<u8>>) -> Script {
        let mut script = Script::with_chunk_name(format!("@{}", path.as_ref()), code);
        script.is_file = true;
        script
    }

    /// Code with a chunk name as the Lua manual defines it for `lua_load`.
    pub fn with_chunk_name(name: impl Into<Vec<u8>>, code: impl Into<Vec<u8>>) -> Script {
        // A zero byte ends the name on its way to the guest.
        let mut name = name.into();
        name.retain(|&byte| byte != 0);
        Script { name, code: code.into(), is_file: false, args: Vec::new() }
    }

    /// Another chunk name, as the Lua manual defines it for `lua_load`.
    pub fn named(mut self, name: impl Into<Vec<u8>>) -> Script {
        self.name = Script::with_chunk_name(name, Vec::new()).name;
        self
    }

    /// What the script gets as `...`.
    pub fn args<I, A>(mut self, args: I) -> Script
    where
        I: IntoIterator<Item = A>,
        A: Into<Vec<u8>>,
    {
        self.args = args.into_iter().map(Into::into).collect();
        self
    }

    /// The name as it appears in messages.
    pub(crate) fn display_name(&self) -> String {
        let name = self.name.strip_prefix(b"=").or(self.name.strip_prefix(b"@"));
        String::from_utf8_lossy(name.unwrap_or(b"a string")).into_owned()
    }

    /// What the guest gets of it: the name, a zero byte, and the code.
    pub(crate) fn input(&self) -> [&[u8]; 3] {
        [&self.name, &[0], &self.code]
    }

    /// The sizes of these, and whether it is a file.
    pub(crate) fn parameters(&self) -> (u32, u32, i32) {
        (self.name.len() as u32, self.code.len() as u32, i32::from(self.is_file))
    }
}
