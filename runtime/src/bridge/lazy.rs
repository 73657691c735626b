//! The bridge of one sandbox, made when it is first needed: most sandboxes have no use for one.

use super::guests::Granted;
use super::parts::Parts;
use super::recorder::Subscriber;
use super::scheduler::Bridge;
use crate::engine::core::EngineCore;
use crate::host::calls::HostCalls;
use crate::host::interrupt::InterruptHandle;
use crate::host::wasi::FileQuota;
use crate::ledger::Ledger;
use crate::memory::Budget;
use std::sync::Arc;

/// What a bridge is made from, beside what the calls of its guest have anyway.
pub(crate) struct Setup {
    pub engine: Arc<EngineCore>,
    pub guests: Arc<[Granted]>,
    pub subscriber: Option<Subscriber>,
    pub deterministic: Option<u64>,
    pub is_metered: bool,
    pub interrupt: InterruptHandle,
    pub budget: Arc<Budget>,
    /// What the host keeps for this sandbox.
    pub ledger: Arc<Ledger>,
    /// What its guests may have open.
    pub room: FileQuota,
}

/// A bridge, or what it will be made from.
pub(crate) struct LazyBridge {
    setup: Setup,
    made: Option<Box<Bridge>>,
}

impl LazyBridge {
    pub fn new(setup: Setup) -> LazyBridge {
        LazyBridge { setup, made: None }
    }

    /// The bridge, if there is one by now.
    #[inline]
    pub fn get(&self) -> Option<&Bridge> {
        self.made.as_deref()
    }

    #[inline]
    pub fn get_mut(&mut self) -> Option<&mut Bridge> {
        self.made.as_deref_mut()
    }

    /// The bridge, whose values have the limits that calls of the host have.
    #[inline]
    pub fn get_or_make(&mut self, calls: &HostCalls) -> &mut Bridge {
        let setup = &self.setup;
        self.made.get_or_insert_with(|| Box::new(Bridge::new(setup.parts(calls))))
    }

    /// Whether somebody is to be told of tasks.
    pub fn is_traced(&self) -> bool {
        self.setup.subscriber.is_some()
    }
}

impl Setup {
    #[cold]
    fn parts(&self, calls: &HostCalls) -> Parts {
        Parts {
            engine: Arc::clone(&self.engine),
            guests: Arc::clone(&self.guests),
            owner: Arc::clone(&calls.decode_rules.owner),
            transfer: calls.transfer_rules(),
            encode: calls.encode_rules.clone(),
            pending: calls.pending.clone(),
            interrupt: self.interrupt.clone(),
            budget: Arc::clone(&self.budget),
            ledger: Arc::clone(&self.ledger),
            room: self.room.clone(),
            ticker: Arc::clone(&self.engine.ticker),
            deterministic: self.deterministic,
            is_metered: self.is_metered,
            subscriber: self.subscriber.clone(),
        }
    }
}
