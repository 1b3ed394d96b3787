//! What Facebook tells us by itself, under its signature and nothing else.

use serde_json::json;
use stand_ins::Seal;

use crate::answer::Answer;
use crate::receipts::is_done;
use crate::world::{HOUR, MINUTE, World};

const NOBODY: &str = "nobody@example.com";
const ADA: &str = "10215678901234567";

const WRONG: [Seal; 6] = [
    Seal::Broken,
    Seal::OtherSecret,
    Seal::Unsigned,
    Seal::Missing,
    Seal::OtherAlgorithm,
    Seal::Old,
];

type Sent = (u64, http::Request<Vec<u8>>);

/// As it arrives: the edge takes the host away.
fn arriving(request: http::Request<Vec<u8>>) -> http::Request<Vec<u8>> {
    let (mut parts, body) = request.into_parts();
    parts.uri = parts.uri.path().parse().unwrap();
    http::Request::from_parts(parts, body)
}

impl World {
    /// Has Facebook write one message.
    fn facebook_writes(&self, kind: &str, user: &str, seal: Seal) -> Sent {
        self.outside.follow(self.now_ms());
        let mut outside = self.outside.world();
        outside.send_message(kind, user, seal);
        outside.take_messages().remove(0)
    }

    /// Brings it to the product; the answer must be as Facebook wants it.
    #[track_caller]
    fn carries(&self, (id, request): Sent) -> Answer {
        let answer = self.handle(arriving(request));
        let told = (answer.status, answer.body.clone());
        let mut outside = self.outside.world();
        outside.report_message(id, Some(told));
        let message = outside.messages().iter().find(|message| message.id == id);
        let message = message.unwrap();
        assert_eq!(message.complaint.as_deref(), Some(""), "{message:?}");
        answer
    }

    #[track_caller]
    fn facebook_says(&self, kind: &str, user: &str, seal: Seal) -> Answer {
        self.carries(self.facebook_writes(kind, user, seal))
    }
}

fn stands(world: &World, token: &str) -> bool {
    let browser = world.browser(NOBODY);
    browser.set_cookie("__Host-session", token);
    browser.get("/api/verify-token").status == 200
}

#[test]
fn whoever_leaves_us_at_facebook_is_signed_out_everywhere() {
    let world = World::new();
    let ana = world.ana();
    let (one, two) = (world.browser(NOBODY), world.browser(NOBODY));
    one.signs_in_with_facebook("ada");
    two.signs_in_with_facebook("ada");
    let answer = world.facebook_says("deauthorize", ADA, Seal::Right);
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert!(!stands(&world, &one.token()) && !stands(&world, &two.token()));
    assert!(stands(&world, &ana.token()), "nobody else is");
    let again = world.browser(NOBODY);
    again.signs_in_with_facebook("ada");
    assert!(stands(&world, &again.token()), "and may come again");
}

#[test]
fn a_message_that_comes_again_does_nothing_more() {
    let world = World::new();
    world.browser(NOBODY).signs_in_with_facebook("ada");
    let message = world.facebook_writes("deauthorize", ADA, Seal::Right);
    world.carries(message.clone());
    let ada = world.browser(NOBODY);
    ada.signs_in_with_facebook("ada");
    world.advance(23 * HOUR);
    ada.get("/api/verify-token").expect(200);
    world.carries(message);
    assert!(stands(&world, &ada.token()));
}

/// The same message, its signature padded to so many characters more.
fn padded((_, request): &Sent, by: usize) -> http::Request<Vec<u8>> {
    let mut request = arriving(request.clone());
    let form = String::from_utf8(request.body().clone()).unwrap();
    let (signature, payload) = form.split_once('.').unwrap();
    *request.body_mut() = format!("{signature}{}.{payload}", "%3D".repeat(by)).into_bytes();
    request
}

#[test]
fn a_message_that_is_spelled_otherwise_is_the_same_message() {
    for kind in ["deauthorize", "deletion"] {
        let world = World::new();
        let ada = world.browser(NOBODY);
        ada.signs_in_with_facebook("ada");
        let message = world.facebook_writes(kind, ADA, Seal::Right);
        let first = world.carries(message.clone());
        world.advance(15 * MINUTE);
        ada.signs_in_with_facebook("ada");
        world.settle();
        for by in 1..4 {
            let again = world.without_traces(|| world.handle(padded(&message, by)));
            assert_eq!(again.without_request_id(), first.without_request_id());
        }
        assert!(stands(&world, &ada.token()), "{kind}");
    }
}

#[test]
fn a_message_about_nobody_we_know_leaves_nothing() {
    let world = World::new();
    let message = world.facebook_writes("deauthorize", "12", Seal::Right);
    world.without_traces(|| world.carries(message));
}

/// FA-15: without Facebook's signature nothing is deleted and nobody is signed out.
#[test]
fn what_is_not_signed_by_facebook_has_no_effect() {
    let world = World::new();
    let ada = world.browser(NOBODY);
    ada.signs_in_with_facebook("ada");
    let mut answers = Vec::new();
    for (kind, seal) in ["deauthorize", "deletion"]
        .into_iter()
        .flat_map(|kind| WRONG.map(|seal| (kind, seal)))
    {
        let message = world.facebook_writes(kind, ADA, seal);
        let answer = world.without_traces(|| world.carries(message));
        answer.refused(400, "malformed-request");
        answers.push(answer.without_request_id());
    }
    answers.dedup();
    assert_eq!(
        answers.len(),
        1,
        "whatever is wrong is told alike: {answers:?}"
    );
    assert!(stands(&world, &ada.token()));
}

#[test]
fn a_message_about_an_address_is_none() {
    let world = World::new();
    let ana = world.ana();
    let id = ana.sees_account()["id"].as_str().unwrap().to_owned();
    let (_, request) = world.facebook_writes("deauthorize", &id, Seal::Right);
    let answer = world.without_traces(|| world.handle(arriving(request)));
    answer.refused(400, "malformed-request");
    assert!(stands(&world, &ana.token()));
}

#[test]
fn a_ledger_that_fails_lets_facebook_send_it_again() {
    use selfie::fake::LedgerFault::Before;
    let world = World::new();
    let ada = world.browser(NOBODY);
    ada.signs_in_with_facebook("ada");
    let message = world.facebook_writes("deauthorize", ADA, Seal::Right);
    world.fake.fail_ledger([Before]);
    let answer = world.handle(arriving(message.1.clone()));
    answer.refused(503, "storage-unavailable");
    assert!(stands(&world, &ada.token()));
    world.carries(message);
    assert!(!stands(&world, &ada.token()));
}

/// FA-15: whoever asks Facebook for it has everything deleted here, with a receipt.
#[test]
fn whoever_asks_facebook_to_be_deleted_is_deleted() {
    for switch in ["json", "text"] {
        let world = World::new();
        let mut outside = world.outside.world();
        outside
            .set_switch("facebook_deletion_reply", switch)
            .unwrap();
        drop(outside);
        let ada = world.browser(NOBODY);
        ada.signs_in_with_facebook("ada");
        ada.consents();
        let model = ada.has_a_trained_model();
        ada.creates(&model, "a hat");
        assert!(!world.stored(ADA).is_empty());
        let answer = world
            .facebook_says("deletion", ADA, Seal::Right)
            .expect(200);
        let code = answer["confirmation_code"].as_str().unwrap();
        let url = format!("{}/deletion/{code}", world.config.app_origin);
        assert_eq!(answer["url"], url);
        assert!(!stands(&world, &ada.token()));
        world.advance(15 * MINUTE);
        assert!(is_done(&world.receipt(code)));
        assert!(world.stored(ADA).is_empty());
    }
}

#[test]
fn a_deletion_of_nobody_is_answered_alike() {
    let world = World::new();
    let answer = world.facebook_says("deletion", "1234567890123456", Seal::Right);
    let answer = answer.expect(200);
    let code = answer["confirmation_code"].as_str().unwrap();
    let receipt = world.receipt(code);
    assert_eq!(
        (&receipt["state"], &receipt["objects"]),
        (&json!("done"), &json!([]))
    );
    assert_eq!(world.left_of("1234567890123456"), [] as [String; 0]);
}

#[test]
fn a_deletion_that_is_asked_for_again_deletes_nothing_more() {
    let world = World::new();
    world.browser(NOBODY).signs_in_with_facebook("ada");
    let message = world.facebook_writes("deletion", ADA, Seal::Right);
    let first = world.carries(message.clone()).expect(200);
    world.advance(15 * MINUTE);
    let again = world.browser(NOBODY);
    again.signs_in_with_facebook("ada");
    assert_eq!(world.carries(message).expect(200), first);
    assert!(stands(&world, &again.token()));
    let second = world
        .facebook_says("deletion", ADA, Seal::Right)
        .expect(200);
    assert_ne!(second, first);
    assert!(!stands(&world, &again.token()));
}
