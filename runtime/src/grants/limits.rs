//! What a sandbox may spend.

use std::time::Duration;

/// Bounds on what one sandbox may spend.
///
/// | limit | default | when it is reached |
/// |---|---|---|
/// | [`memory`](Limits::memory) | 256 MiB | Lua raises `not enough memory` |
/// | [`deadline`](Limits::deadline) | none | the script is stopped |
/// | [`fuel`](Limits::fuel) | none | the script is stopped |
/// | [`output`](Limits::output) | none | the script is stopped |
/// | [`value_depth`](Limits::value_depth) | 64 levels | the value is refused |
/// | [`value_elements`](Limits::value_elements) | 1,048,576 | the values are refused |
/// | [`value_bytes`](Limits::value_bytes) | 64 MiB | the values are refused |
/// | [`segments`](Limits::segments) | 64 MiB, or `memory` if that is less | the segment is refused |
/// | [`host_bytes`](Limits::host_bytes) | 8 MiB | what needs them is refused |
/// | [`open_files`](Limits::open_files) | 256 | the file is not opened |
///
/// A stop cannot be caught by the script, whatever it does.
///
/// ```
/// use luago::Limits;
/// use std::time::Duration;
///
/// let limits = Limits::default()
///     .memory(64 << 20)
///     .deadline(Duration::from_millis(500))
///     .output(1 << 20);
/// assert_eq!(limits.get_memory(), 64 << 20);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    memory: u64,
    deadline: Option<Duration>,
    fuel: Option<u64>,
    output: Option<u64>,
    value_depth: u32,
    value_elements: u32,
    value_bytes: u64,
    segments: Option<u64>,
    host_bytes: u64,
    open_files: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            memory: 256 << 20,
            deadline: None,
            fuel: None,
            output: None,
            value_depth: luago_abi::mailbox::frame::DEFAULT_DEPTH,
            value_elements: 1 << 20,
            value_bytes: 64 << 20,
            segments: None,
            host_bytes: 8 << 20,
            open_files: 256,
        }
    }
}

impl Limits {
    /// The least memory that a Lua guest can start with, in bytes.
    pub const MIN_MEMORY: u64 = 2 << 20;
    /// The most memory that a guest can address, in bytes.
    pub const MAX_MEMORY: u64 = 4 << 30;
    /// The most levels of tables that a value can have.
    pub const MAX_VALUE_DEPTH: u32 = luago_abi::frame::tables::MAX_DEPTH;

    /// Bytes of memory, from [`MIN_MEMORY`](Self::MIN_MEMORY) to
    /// [`MAX_MEMORY`](Self::MAX_MEMORY); 256 MiB by default.
    pub fn memory(mut self, bytes: u64) -> Limits {
        self.memory = bytes;
        self
    }

    /// Wall-clock time of each run, counting what the host does for the script.
    /// None by default.
    pub fn deadline(mut self, deadline: impl Into<Option<Duration>>) -> Limits {
        self.deadline = deadline.into();
        self
    }

    /// Fuel for all runs together: about one unit for each WebAssembly
    /// instruction. The figure is the same on every machine where clocks and
    /// randomness are too; see
    /// [`Capabilities::deterministic`](crate::Capabilities::deterministic). Metering
    /// costs speed, so there is none by default.
    pub fn fuel(mut self, fuel: impl Into<Option<u64>>) -> Limits {
        self.fuel = fuel.into();
        self
    }

    /// Bytes written to standard output and standard error together. Unlimited
    /// by default.
    pub fn output(mut self, bytes: impl Into<Option<u64>>) -> Limits {
        self.output = bytes.into();
        self
    }

    /// How deep tables may lie in each other in a value that passes between Rust and
    /// Lua, at most [`MAX_VALUE_DEPTH`](Self::MAX_VALUE_DEPTH); 64 by default.
    pub fn value_depth(mut self, levels: u32) -> Limits {
        self.value_depth = levels;
        self
    }

    /// How many values, with everything in them, may be the arguments or results of one
    /// call; 1,048,576 by default. Each takes 16 bytes on its way.
    pub fn value_elements(mut self, count: u32) -> Limits {
        self.value_elements = count;
        self
    }

    /// How many bytes of strings may be in the arguments or results of one call; 64 MiB
    /// by default.
    pub fn value_bytes(mut self, bytes: u64) -> Limits {
        self.value_bytes = bytes;
        self
    }

    /// Bytes of [segments](crate::Segment), beside `memory`: how many the guests of a sandbox
    /// may have made that are still there, and how many each of them may have mapped at once.
    /// 64 MiB by default, or as much as `memory` if that is less; 0 for none. What the host
    /// makes counts only where it is mapped.
    pub fn segments(mut self, bytes: u64) -> Limits {
        self.segments = Some(bytes);
        self
    }

    /// Bytes that the host may keep on behalf of the sandbox beside `memory`, 8 MiB by default:
    /// values on their way, results that wait to be taken, calls that are under way, timers,
    /// streams. What the Lua guest has not used of its memory counts as well, so that a large
    /// value can pass to a sandbox that has room for it; both together never take more than
    /// `memory` and `host_bytes`. What would take more is refused with an error of Lua, or a Go
    /// guest dies of it, with this limit named in the message.
    pub fn host_bytes(mut self, bytes: u64) -> Limits {
        self.host_bytes = bytes;
        self
    }

    /// How many files and directories each guest of the sandbox may have open at once; 256 by
    /// default. To open another fails as it does when a process has too many (`EMFILE`).
    ///
    /// All sandboxes share half of the descriptors that the process may have
    /// (`RLIMIT_NOFILE`), and one that has some gets another only while it has at most an
    /// eighth of what is left of these: alone, 57 of 1,024, and 256 if the process may have
    /// 4,700. So no sandbox takes the last. What was granted is not counted.
    pub fn open_files(mut self, count: u32) -> Limits {
        self.open_files = count;
        self
    }

    /// The bytes that the host may keep.
    pub fn get_host_bytes(&self) -> u64 {
        self.host_bytes
    }

    /// The number of open files of each guest.
    pub fn get_open_files(&self) -> u32 {
        self.open_files
    }

    /// The bytes of segments.
    pub fn get_segments(&self) -> u64 {
        self.segments.unwrap_or_else(|| self.memory.min(64 << 20))
    }

    /// The levels of tables in a value.
    pub fn get_value_depth(&self) -> u32 {
        self.value_depth
    }

    /// The number of values in a call.
    pub fn get_value_elements(&self) -> u32 {
        self.value_elements
    }

    /// The bytes of strings in a call.
    pub fn get_value_bytes(&self) -> u64 {
        self.value_bytes
    }

    /// The bytes of memory.
    pub fn get_memory(&self) -> u64 {
        self.memory
    }

    /// The deadline of each run.
    pub fn get_deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// The fuel.
    pub fn get_fuel(&self) -> Option<u64> {
        self.fuel
    }

    /// The bytes of output.
    pub fn get_output(&self) -> Option<u64> {
        self.output
    }

    pub(crate) fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        if self.memory < Self::MIN_MEMORY {
            mistakes.push(format!(
                "a memory limit of {} bytes is too small; a guest starts with 2 MiB",
                self.memory
            ));
        }
        if self.memory > Self::MAX_MEMORY {
            mistakes.push(format!(
                "a memory limit of {} bytes is too large; a guest can address 4 GiB",
                self.memory
            ));
        }
        if !(1..=Self::MAX_VALUE_DEPTH).contains(&self.value_depth) {
            mistakes.push(format!(
                "a limit of {} levels of tables is not between 1 and {}",
                self.value_depth,
                Self::MAX_VALUE_DEPTH
            ));
        }
        if self.deadline == Some(Duration::ZERO) {
            mistakes.push("a deadline of zero leaves no time to run".to_string());
        }
        mistakes
    }
}
