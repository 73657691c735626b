//! Frames on their way from one guest to another.

use super::{Sent, encode_rules, handles};
use crate::frame::encoder::Encoder;
use crate::frame::owned::OwnedFrame;
use crate::frame::rules::TransferRules;
use crate::frame::transfer::copy_plain;
use crate::frame::validated::ValidatedFrame;
use crate::frame::{SLOT, Slot, tag};
use proptest::prelude::*;

const RULES: TransferRules = TransferRules { depth: 8, elements: 64, bytes: 4096 };

/// Slots that make sense more often than random bytes do.
fn slots() -> impl Strategy<Value = Vec<Slot>> {
    let part = (0u64..70, 0u64..70).prop_map(|(offset, len)| offset | len << 32);
    let payload = prop_oneof![0u64..300, any::<u64>(), part];
    let slot = (0u32..15, prop_oneof![0u32..6, any::<u32>()], payload);
    prop::collection::vec(slot, 0..40).prop_map(|slots| {
        slots.into_iter().map(|(tag, aux, payload)| Slot { tag, aux, payload }).collect()
    })
}

proptest! {
    #[test]
    fn what_a_guest_sends_to_another_is_refused_or_arrives_whole(
        slots in slots(),
        memory in prop::collection::vec(any::<u8>(), 0..300),
        count in 0u32..6,
        base in 0u32..1 << 20,
    ) {
        let frame: Vec<u8> = slots.iter().flat_map(|slot| slot.to_bytes()).collect();
        let sender = handles();
        let Ok(validated) = ValidatedFrame::new(memory.as_slice().into(), &frame, count, &RULES, &sender) else { return Ok(()) };
        let mut place = vec![0; validated.size()];
        prop_assert!(validated.write(&mut place, base, Some(&handles())).is_some());
        let frame = OwnedFrame::copy_of(&validated, &crate::ledger::Ledger::endless()).unwrap();
        let again = frame.validated();
        prop_assert_eq!(again.size(), validated.size());
        let texts = |validated: &ValidatedFrame<'_>| -> Vec<Option<String>> {
            validated.slots().map(|slot| validated.text(slot, u32::MAX)).collect()
        };
        prop_assert_eq!(texts(&again), texts(&validated));
        // A copy is as good as what it was made of.
        let mut encoder = Encoder::new();
        let rules = encode_rules();
        let from_frame = encoder.transfer(&rules, &validated, |_| true, Some).is_ok();
        let mut other = Encoder::new();
        prop_assert_eq!(other.transfer(&rules, &again, |_| true, Some).is_ok(), from_frame);
        prop_assert_eq!(encoder.bytes(), other.bytes());
        prop_assert_eq!(encoder.large(), other.large());
    }

    #[test]
    fn plain_values_are_copied_and_others_are_left(slots in slots(), is_exact: bool) {
        let frame: Vec<u8> = slots.iter().flat_map(|slot| slot.to_bytes()).collect();
        let mut place = vec![0; frame.len()];
        let is_copied = copy_plain(&mut place, &frame, is_exact);
        let is_plain = |slot: &Slot| match slot.tag {
            tag::NIL | tag::NUMBER => true,
            tag::BOOLEAN => slot.payload <= 1,
            tag::INTEGER => is_exact || (slot.payload as i64).unsigned_abs() <= 1 << 53,
            _ => false,
        };
        prop_assert_eq!(is_copied, slots.iter().all(is_plain));
        if is_copied {
            for (slot, copy) in slots.iter().zip(place.as_chunks::<SLOT>().0) {
                let copy = Slot::from_bytes(copy);
                prop_assert_eq!((copy.tag, copy.aux, copy.payload), (slot.tag, 0, slot.payload));
            }
        }
    }
}

#[test]
fn a_function_passes_only_to_whom_it_was_lent() {
    let mut sent = Sent::default();
    sent.slot(tag::FUNCTION, 0, 7);
    let sender = handles();
    let validated =
        ValidatedFrame::new(sent.memory.as_slice().into(), &sent.frame, 1, &RULES, &sender)
            .unwrap();
    let mut encoder = Encoder::new();
    let refused = encoder.transfer(&encode_rules(), &validated, |id| id != 7, Some);
    assert!(refused.unwrap_err().message().contains("a call that is over"));
    assert!(encoder.bytes().is_empty());
    assert!(encoder.transfer(&encode_rules(), &validated, |id| id == 7, Some).is_ok());
}

#[test]
fn a_part_of_a_segment_passes_with_its_access_and_its_layout() {
    let sender = handles();
    let mut sent = Sent::default();
    sent.slot(tag::SEQUENCE, 2, 0);
    sent.slot(tag::VIEW, 2, 77).slot(tag::SEGMENT, 2, 0).slot(tag::INTEGER, 0, 8 | 16 << 32);
    sent.string(b"f64");
    sent.slot(tag::SEGMENT, 1, 0).slot(tag::INTEGER, 0, 0);
    let validated =
        ValidatedFrame::new(sent.memory.as_slice().into(), &sent.frame, 1, &RULES, &sender);
    let (validated, receiver) = (validated.unwrap(), handles());
    let mut place = vec![0; validated.size()];
    validated.write(&mut place, 0, Some(&receiver)).unwrap();
    let slots: Vec<Slot> = place.as_chunks::<SLOT>().0.iter().map(Slot::from_bytes).collect();
    let read_only = sender.get(2).unwrap();
    let granted = receiver.get(slots[2].aux).unwrap();
    assert!(granted.is_same_memory(&read_only) && granted.is_read_only());
    assert_eq!((slots[1].tag, slots[1].payload), (tag::VIEW, 77));
    // Read-only, copied, and where the processor changes the order of stores, that as well.
    let weak_order = if cfg!(any(target_arch = "x86_64", target_arch = "x86")) { 0 } else { 4 };
    assert_eq!(slots[2].payload, 1 | 2 | weak_order | 64 << 32);
    assert_eq!(slots[3].payload, 8 | 16 << 32);
    assert_eq!(slots[5].aux, receiver.grant(&sender.get(1).unwrap()).unwrap().handle);
}

#[test]
fn a_segment_that_its_sender_does_not_know_is_refused() {
    let sender = handles();
    for (handle, part, why) in [
        (9, 0, "the segment is closed"),
        (1, 1 | 64 << 32, "outside of it"),
        (1, u64::MAX, "outside of it"),
    ] {
        let mut sent = Sent::default();
        sent.slot(tag::SEGMENT, handle, 0).slot(tag::INTEGER, 0, part);
        let validated =
            ValidatedFrame::new(sent.memory.as_slice().into(), &sent.frame, 1, &RULES, &sender);
        assert!(validated.err().unwrap().message().contains(why), "{handle} {part}");
    }
}

#[test]
fn an_error_of_the_host_has_its_words_and_its_stack() {
    let frame = OwnedFrame::error(&["outer", "inner"], Some("a stack"));
    let validated = frame.validated();
    let texts: Vec<String> =
        validated.slots().filter_map(|slot| validated.text(slot, u32::MAX)).collect();
    assert_eq!(texts, ["outer", "inner", "a stack"]);
}
