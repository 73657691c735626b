//! What stands where, so that other languages find it there.

use super::*;
use crate::layout::fingerprint::fingerprint;
use crate::ring::ring_over;
use crate::segment::Segment;
use crate::side::Side;

#[test]
fn a_ring_has_the_bytes_that_other_languages_read() {
    let segment = Segment::new(1024).unwrap();
    let region = segment.region().unwrap();
    region.fill(0, 1024, 0xee).unwrap();
    let (mut sender, mut receiver) = ring_over(&segment, 128, 64).unwrap();
    let ring = region.sub(128, 512 + 64).unwrap();
    assert_eq!(bytes(&ring)[..8], *b"LRG1\x40\0\0\0");
    assert_eq!(bytes(&ring)[8..512], [0; 504]);
    assert_eq!(bytes(&ring)[512..], [0xee; 64]);

    sender.send(b"123456789").unwrap();
    sender.send(b"").unwrap();
    assert_eq!((word(&ring, 64), word(&ring, 128)), (32, 0));
    let two = b"\x09\0\0\0\0\0\0\x00123456789\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    assert_eq!(bytes(&ring)[512..544], *two);
    receiver.recv_batch(9).unwrap();
    assert_eq!((word(&ring, 64), word(&ring, 128)), (32, 32));

    // 32 bytes are left up to the end, and then 8, which is too few for the next.
    sender.send(&[7; 16]).unwrap();
    sender.send(&[8; 5]).unwrap();
    assert_eq!(bytes(&ring)[568..], *b"\xff\xff\xff\xff\0\0\0\0");
    assert_eq!(bytes(&ring)[512..528], *b"\x05\0\0\0\0\0\0\0\x08\x08\x08\x08\x08\0\0\0");
    assert_eq!(word(&ring, 64), 64 + 16);

    assert_eq!((word(&ring, 68), word(&ring, 132)), (0, 0));
    sender.close_with("no");
    receiver.close_with("nor I");
    assert_eq!((word(&ring, 68), word(&ring, 132)), (2, 2));
    assert_eq!(bytes(&ring)[192..198], *b"\x02\0\0\0no");
    assert_eq!(bytes(&ring)[352..361], *b"\x05\0\0\0nor I");

    // Nothing was written outside.
    assert_eq!(bytes(&region)[..128], [0xee; 128]);
    assert_eq!(bytes(&region)[128 + 512 + 64..], [0xee; 1024 - 128 - 512 - 64]);
}

#[test]
fn closing_without_an_error_is_another_number() {
    let segment = Segment::new(1024).unwrap();
    let region = segment.region().unwrap();
    let (mut sender, mut receiver) = ring_over(&segment, 0, 64).unwrap();
    sender.close();
    receiver.close();
    assert_eq!((word(&region, 68), word(&region, 132)), (1, 1));
}

#[test]
fn the_ends_have_descriptions_and_fingerprints_of_their_own() {
    assert_eq!(fingerprint(Side::Sender.description()), 0xa7a4_3be2_29fb_34ca);
    assert_eq!(fingerprint(Side::Receiver.description()), 0xb646_23e6_f091_a22a);
    assert_eq!(
        [Side::of(0), Side::of(1), Side::of(2)],
        [Some(Side::Sender), Some(Side::Receiver), None]
    );
}
