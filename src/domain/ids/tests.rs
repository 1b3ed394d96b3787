use super::*;
use proptest::prelude::*;

fn serial() -> impl Strategy<Value = Serial> {
    any::<u128>().prop_map(|bits| Serial::from_bytes(bits.to_be_bytes()))
}

fn user() -> impl Strategy<Value = UserId> {
    prop_oneof!["[1-9][0-9]{0,19}", "[0-9a-f]{15}[a-f]"].prop_map(|text| text.parse().unwrap())
}

fn model() -> impl Strategy<Value = ModelId> {
    (0_u64..=9_999_999_999_999).prop_map(|ms| ModelId(Timestamp::from_ms(ms)))
}

fn round_trip<T: FromStr<Err = Malformed> + fmt::Display + PartialEq + fmt::Debug>(id: &T) {
    assert_eq!(id.to_string().parse::<T>().as_ref(), Ok(id));
    assert!(id.to_string().len() <= 512);
}

proptest! {
    #[test]
    fn every_key_survives_its_spelling(user in user(), model in model(), serial in serial()) {
        round_trip(&user);
        round_trip(&UserKey(user.clone()));
        round_trip(&model);
        round_trip(&serial);
        round_trip(&ModelKey { owner: user.clone(), id: model });
        let prediction = PredictionId { model, serial };
        round_trip(&prediction);
        round_trip(&PredictionKey { owner: user, id: prediction });
        round_trip(&PhotoKey { model, photo: serial });
        round_trip(&SessionId(serial.to_bytes()));
    }

    #[test]
    fn whatever_parses_is_spelled_the_same(text in "[0-9a-z._A-Z-]{0,70}") {
        if let Ok(id) = text.parse::<UserId>() { prop_assert_eq!(id.to_string(), text.clone()); }
        if let Ok(id) = text.parse::<Serial>() { prop_assert_eq!(id.to_string(), text.clone()); }
        if let Ok(id) = text.parse::<SessionId>() { prop_assert_eq!(id.to_string(), text.clone()); }
        if let Ok(id) = text.parse::<PredictionKey>() { prop_assert_eq!(id.to_string(), text); }
    }

    #[test]
    fn arbitrary_text_never_panics(text in ".*") {
        let _ = text.parse::<UserKey>();
        let _ = text.parse::<ModelKey>();
        let _ = text.parse::<PredictionKey>();
        let _ = text.parse::<PhotoKey>();
        let _ = text.parse::<SessionId>();
        let _ = text.parse::<AttemptId>();
    }

    #[test]
    fn a_prefix_lists_nobody_elses_keys(a in user(), b in user(), model in model()) {
        prop_assume!(a != b);
        let key = ModelKey { owner: b, id: model }.to_string();
        prop_assert!(!key.starts_with(&a.prefix()));
    }

    #[test]
    fn a_newer_serial_comes_first(early in 0_u64..9_999_999_999_998, seed in any::<[u8; 32]>()) {
        let older = Serial::newest_first(Timestamp::from_ms(early), &seed);
        let newer = Serial::newest_first(Timestamp::from_ms(early).plus_ms(1), &[255; 32]);
        prop_assert!(newer.to_string() < older.to_string());
    }
}

#[test]
fn an_attempt_is_known_by_the_hash_of_its_nonce() {
    let attempt = AttemptId::of_nonce(b"nonce");
    round_trip(&attempt);
    for wrong in ["g".repeat(64), "a".repeat(63), "A".repeat(64)] {
        assert!(wrong.parse::<AttemptId>().is_err(), "{wrong}");
    }
    assert_eq!(
        attempt.to_string(),
        digest::hex(&digest::sha256(&[b"nonce"]))
    );
}

#[test]
fn the_families_of_users_are_disjoint() {
    assert_eq!(
        "1234567890123456".parse::<UserId>().unwrap().provider(),
        Provider::Facebook
    );
    assert_eq!(
        "2446087e115025a1".parse::<UserId>().unwrap().provider(),
        Provider::Email
    );
    for wrong in [
        "",
        "0",
        "0123",
        "123456789012345678901",
        "2446087E115025a1",
        "abc",
    ] {
        assert_eq!(wrong.parse::<UserId>(), Err(Malformed), "{wrong}");
    }
}

#[test]
fn a_key_names_the_provider_it_belongs_to() {
    assert!("email.2446087e115025a1".parse::<UserKey>().is_ok());
    assert_eq!(
        "facebook.2446087e115025a1".parse::<UserKey>(),
        Err(Malformed)
    );
}

#[test]
fn letters_that_look_alike_are_no_part_of_a_serial() {
    for letter in ['i', 'l', 'o', 'u', 'A'] {
        let text = format!("0{}", letter.to_string().repeat(25));
        assert_eq!(text.parse::<Serial>(), Err(Malformed));
    }
    assert_eq!("8".repeat(26).parse::<Serial>(), Err(Malformed));
}
