//! What all handles of a segment have in common.

use crate::host_mapping;
use crate::memfd::{self, MemoryFile};
use crate::region::Region;
use crate::waiters::Waiters;
use std::io;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The largest segment: what a guest can address, with room for something else.
pub(crate) const MAX_LEN: usize = luago_abi::segment::size::MAX as usize;

/// A page of WebAssembly in bytes, in multiples of which guests give memory for segments.
pub const GUEST_PAGE: usize = luago_abi::segment::window::ALIGN as usize;

/// What a segment takes up of a guest's budget as long as anybody has it: whatever gives that
/// back when it is dropped.
pub type Charge = Box<dyn Send + Sync>;

/// The memory itself.
pub struct Shared {
    id: u64,
    len: usize,
    backing: Backing,
    /// As the host sees it, once it has looked.
    region: OnceLock<Region>,
    waiters: Waiters,
    _charge: Option<Charge>,
}

enum Backing {
    File {
        file: MemoryFile,
        is_sealed: bool,
    },
    /// Where files cannot be mapped.
    Heap,
}

impl Shared {
    /// So many zeros.
    pub fn new(len: usize, charge: Option<Charge>) -> io::Result<Shared> {
        if len == 0 || len > MAX_LEN {
            let why = format!("a segment has 1 to {MAX_LEN} bytes, not {len}");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        if !can_map() {
            return Shared::on_heap(len, charge);
        }
        let file = memfd::create(whole_pages(len) as u64)?;
        Ok(Shared::with(len, Backing::File { file, is_sealed: false }, charge))
    }

    fn on_heap(len: usize, charge: Option<Charge>) -> io::Result<Shared> {
        let shared = Shared::with(len, Backing::Heap, charge);
        // It is new.
        let _ = shared.region.set(Region::heap(len));
        Ok(shared)
    }

    /// The memory of a file in memory that somebody else has made.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "there are no such files"))]
    pub(crate) fn adopt(file: MemoryFile) -> io::Result<Shared> {
        let found = memfd::adopt(&file).map_err(|error| {
            let why = "its size cannot be sealed; make it with memfd_create and ALLOW_SEALING";
            io::Error::new(error.kind(), format!("{why} ({error})"))
        })?;
        let len = usize::try_from(found.len).ok().filter(|len| (1..=MAX_LEN).contains(len));
        let len = len.ok_or_else(|| {
            let why = format!("a segment has 1 to {MAX_LEN} bytes, not {}", found.len);
            io::Error::new(io::ErrorKind::InvalidInput, why)
        })?;
        Ok(Shared::with(len, Backing::File { file, is_sealed: found.is_sealed }, None))
    }

    fn with(len: usize, backing: Backing, charge: Option<Charge>) -> Shared {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Shared {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            len,
            backing,
            region: OnceLock::new(),
            waiters: Waiters::default(),
            _charge: charge,
        }
    }

    /// Its number, which no other has in this process.
    #[inline]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// How many bytes it has.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Who waits at the rings in it.
    #[inline]
    pub fn waiters(&self) -> &Waiters {
        &self.waiters
    }

    /// Whether nobody may write to it.
    pub(crate) fn is_sealed(&self) -> bool {
        matches!(self.backing, Backing::File { is_sealed: true, .. })
    }

    /// The file that can be mapped, if it is one.
    #[inline]
    pub fn file(&self) -> Option<&MemoryFile> {
        match &self.backing {
            Backing::File { file, .. } => Some(file),
            Backing::Heap => None,
        }
    }

    /// The memory as the host sees it; mapped when it is first asked for.
    #[inline]
    pub fn region(&self) -> io::Result<&Region> {
        match self.region.get() {
            Some(region) => Ok(region),
            None => self.map(),
        }
    }

    #[cold]
    fn map(&self) -> io::Result<&Region> {
        let Backing::File { file, is_sealed } = &self.backing else {
            return Err(io::Error::other("a segment has no memory"));
        };
        let mapped_len = whole_pages(self.len);
        let region = host_mapping::map(file, self.len, mapped_len, *is_sealed)?;
        Ok(self.region.get_or_init(|| region))
    }
}

/// A length up to the end of its last page.
pub fn whole_pages(len: usize) -> usize {
    len.next_multiple_of(host_mapping::page_size())
}

/// Whether this machine can map a file over a part of a guest's memory.
pub fn can_map() -> bool {
    static CAN: OnceLock<bool> = OnceLock::new();
    *CAN.get_or_init(|| {
        // Miri has none of these calls.
        !cfg!(miri)
            && usize::BITS == 64
            && GUEST_PAGE.is_multiple_of(host_mapping::page_size())
            && memfd::create(GUEST_PAGE as u64).is_ok()
    })
}
