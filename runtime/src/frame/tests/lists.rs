use super::*;
use crate::value::Value;
use crate::value::variadic::Variadic;

#[test]
fn a_tuple_is_one_argument_for_each_element() {
    assert_eq!(encode(&(1, "two", 3.0)).unwrap(), 3);
    assert_eq!(encode(&[1, 2]).unwrap(), 2);
    assert_eq!(encode(&((1, 2),)).unwrap(), 1);
}

#[test]
fn a_unit_is_no_argument_and_anything_else_is_one() {
    assert_eq!(encode(&()).unwrap(), 0);
    assert_eq!(encode(&None::<i64>).unwrap(), 1);
    assert_eq!(encode(&Some((1, 2))).unwrap(), 1);
    assert_eq!(encode("text").unwrap(), 1);
    assert_eq!(encode(&vec![1, 2]).unwrap(), 1);
    assert_eq!(encode(&((), ())).unwrap(), 2);
}

#[test]
fn a_variadic_goes_on_with_the_list() {
    assert_eq!(encode(&Variadic(vec![1, 2, 3])).unwrap(), 3);
    assert_eq!(encode(&("x", Variadic(vec![1, 2, 3]))).unwrap(), 4);
    assert_eq!(encode(&("x", Variadic::<i64>(vec![]))).unwrap(), 1);
    // Inside a value it is a sequence.
    assert_eq!(encode(&vec![Variadic(vec![1, 2])]).unwrap(), 1);
}

#[test]
fn a_value_is_one_whatever_it_is() {
    let mut encoder = Encoder::new();
    encoder.value(&encode_rules(), &(1, 2)).unwrap();
    encoder.value(&encode_rules(), &()).unwrap();
    encoder.host_function(&encode_rules(), 9, 0).unwrap();
    let slots: Vec<Slot> = encoder.bytes().as_chunks().0.iter().map(Slot::from_bytes).collect();
    let tags: Vec<u32> = slots.iter().map(|slot| slot.tag).collect();
    let one = tag::INTEGER;
    assert_eq!(tags, [tag::SEQUENCE, one, one, tag::NIL, tag::HOST_FUNCTION]);
    assert_eq!((slots[0].aux, slots[4].payload), (2, 9));
}

#[test]
fn an_error_leaves_the_frame_as_it_was() {
    let mut encoder = Encoder::new();
    encoder.arguments(&encode_rules(), &1).unwrap();
    let (before, elements) = (encoder.bytes().to_vec(), encoder.elements);
    encoder.arguments(&encode_rules(), &("x".repeat(3000), u64::MAX)).unwrap_err();
    assert_eq!((encoder.bytes(), encoder.large()), (before.as_slice(), [].as_slice()));
    assert_eq!((encoder.elements, encoder.string_bytes), (elements, 0));
}

#[test]
fn missing_results_are_nil_and_further_ones_are_ignored() {
    let mut sent = Sent::default();
    sent.slot(tag::INTEGER, 0, 1).string(b"two");
    assert_eq!(sent.read::<(i64, String, Option<i64>)>(2).unwrap(), (1, "two".into(), None));
    assert_eq!(sent.read::<(i64,)>(2).unwrap(), (1,));
    assert_eq!(sent.read::<i64>(2).unwrap(), 1);
    assert_eq!(sent.read::<Value>(0).unwrap(), Value::Nil);
    sent.read::<()>(2).unwrap();
    assert_eq!(message(sent.read::<i64>(0)), "result: expected integer, got nil");
    let missing = sent.read::<(i64, String, bool)>(2);
    assert_eq!(message(missing), "result 3: expected boolean, got nil");
}

#[test]
fn a_variadic_takes_all_results_or_the_rest_of_them() {
    let mut sent = Sent::default();
    sent.slot(tag::INTEGER, 0, 1).slot(tag::INTEGER, 0, 2).slot(tag::INTEGER, 0, 3);
    assert_eq!(sent.read::<Variadic<i64>>(3).unwrap(), Variadic(vec![1, 2, 3]));
    let rest: (i64, Variadic<i64>) = sent.read(3).unwrap();
    assert_eq!(rest, (1, Variadic(vec![2, 3])));
    assert_eq!(sent.read::<Variadic<i64>>(0).unwrap(), Variadic(vec![]));
}

#[test]
fn arguments_are_read_one_by_one() {
    let mut sent = Sent::default();
    sent.slot(tag::INTEGER, 0, 1).slot(tag::SEQUENCE, 2, 0).string(b"a").string(b"b");
    sent.slot(tag::BOOLEAN, 0, 1);
    let rules = decode_rules();
    let memory = GuestBytes::from(&sent.memory[..]);
    let mut decoder = Decoder::new(&memory, &sent.frame, 3, &rules).unwrap();
    assert_eq!(decoder.value::<i64>().unwrap(), 1);
    assert_eq!(decoder.value::<(String, String)>().unwrap(), ("a".into(), "b".into()));
    assert_eq!(decoder.left(), 1);
    assert_eq!(decoder.value::<Variadic<bool>>().unwrap(), Variadic(vec![true]));
    assert_eq!(decoder.value::<Option<bool>>().unwrap(), None);
    let error = decoder.value::<bool>().unwrap_err().at_root("argument 5");
    assert_eq!(error.to_string(), "argument 5: expected boolean, got nil");
}

#[test]
fn an_encoder_gives_up_the_room_of_a_giant_value() {
    let mut encoder = Encoder::new();
    encoder.arguments(&encode_rules(), &"x".repeat(4 << 20)).unwrap();
    encoder.arguments(&encode_rules(), &vec![1; 90_000]).unwrap();
    encoder.clear();
    assert!(encoder.bytes.capacity() <= 2 << 20 && encoder.large.capacity() <= 2 << 20);
    assert!(encoder.bytes.capacity() > 0);
}
