//! What a bridge is made from.

use super::guests::Granted;
use super::recorder::Subscriber;
use crate::engine::core::EngineCore;
use crate::engine::ticker::Ticker;
use crate::frame::encode::EncodeRules;
use crate::frame::transfer::TransferRules;
use crate::host::interrupt::InterruptHandle;
use crate::host::pending::Pending;
use crate::host::wasi::FileQuota;
use crate::ledger::Ledger;
use crate::memory::Budget;
use crate::value::function::Owner;
use std::sync::Arc;

/// What a bridge is made from.
pub(crate) struct Parts {
    pub engine: Arc<EngineCore>,
    pub guests: Arc<[Granted]>,
    pub owner: Arc<Owner>,
    pub transfer: TransferRules,
    pub encode: EncodeRules,
    pub pending: Pending,
    pub interrupt: InterruptHandle,
    /// What guests may make of segments.
    pub budget: Arc<Budget>,
    /// What the host keeps for this sandbox.
    pub ledger: Arc<Ledger>,
    /// What its guests may have open.
    pub room: FileQuota,
    pub ticker: Arc<Ticker>,
    pub deterministic: Option<u64>,
    pub is_metered: bool,
    pub subscriber: Option<Subscriber>,
}
