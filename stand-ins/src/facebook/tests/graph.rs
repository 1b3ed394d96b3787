//! The graph, and the messages that Facebook sends by itself.

use super::*;

#[test]
fn the_profile_holds_what_was_asked_for_and_allowed() {
    let mut world = World::new(Settings::default());
    let token = token(&mut world, "ada");
    let proof = proof(&token);
    let all = format!("fields=id,name,email&appsecret_proof={proof}");
    assert_eq!(
        me(&mut world, &token, &all),
        (
            200,
            json!({"id": "10215678901234567", "name": "Ada Example", "email": "ada@example.com"})
        )
    );
    let bare = format!("appsecret_proof={proof}");
    assert_eq!(me(&mut world, &token, &bare).1.get("email"), None);
    let in_query = format!("{bare}&access_token={token}");
    let response = get(&mut world, &format!("/me?{in_query}"));
    assert_eq!(response.status(), 200);

    let without = self::token(&mut world, "bo");
    let all = format!("fields=id,email&appsecret_proof={}", self::proof(&without));
    assert_eq!(
        me(&mut world, &without, &all).1,
        json!({"id": "10215678901234568"})
    );
}

#[test]
fn a_profile_needs_the_proof_and_a_token_that_lives() {
    let mut world = World::new(Settings::default());
    let token = token(&mut world, "ada");
    for query in ["fields=id", "fields=id&appsecret_proof=00"] {
        let (status, body) = me(&mut world, &token, query);
        assert_eq!((status, &body["error"]["code"]), (400, &json!(100)));
    }
    let proven = format!("appsecret_proof={}", proof(&token));
    let (_, body) = me(&mut world, "EAAunknown", &proven);
    assert_eq!(body["error"]["error_subcode"], 467);
    let (_, body) = me(&mut world, "EAAotherapp", &proven);
    assert_eq!(body["error"]["code"], 100);
    let (_, body) = me(&mut world, &token, &format!("{proven}&fields=id,likes"));
    assert_eq!(body["error"]["code"], 100);
    world.advance(61 * 24 * 3600 * 1000);
    let (_, body) = me(&mut world, &token, &proven);
    assert_eq!(body["error"]["error_subcode"], 463);
}

#[test]
fn scripts_change_what_the_graph_says() {
    let mut world = World::new(Settings::default());
    let token = token(&mut world, "ada");
    let all = format!("fields=id,email&appsecret_proof={}", proof(&token));
    let script = |behaviour| Script::new("facebook", behaviour).path("/me").times(1);
    world.script(script(Behaviour::Graph { code: 2 }));
    let (status, body) = me(&mut world, &token, &all);
    assert_eq!((status, &body["error"]["code"]), (500, &json!(2)));
    let other: Script = serde_json::from_value(json!({
        "provider": "facebook", "path": "/me", "behaviour": "profile", "set": {"id": 7}, "without": ["email"]
    }))
    .unwrap();
    world.script(other);
    assert_eq!(me(&mut world, &token, &all).1, json!({"id": 7}));
}

#[test]
fn only_versions_that_have_not_ended_are_served() {
    let mut world = World::new(Settings::default());
    let ask = |world: &mut World, version: &str| {
        let request = http::Request::get(format!("/facebook/{version}/me"));
        let response = send(world, request.body(Vec::new()).unwrap());
        serde_json::from_slice::<Value>(response.body()).unwrap()["error"]["code"].clone()
    };
    assert_eq!(ask(&mut world, "v21.0"), 190);
    assert_eq!(ask(&mut world, "v20.0"), 2635);
    world.advance(400 * 24 * 3600 * 1000);
    assert_eq!(ask(&mut world, "v21.0"), 2635);
}

#[test]
fn a_token_can_be_looked_at_with_the_apps_own() {
    let mut world = World::new(Settings::default());
    let token = token(&mut world, "bo");
    let app = "1122334455667788%7Cdevelopmentonlyfacebookappsecret";
    let seen = get(
        &mut world,
        &format!("/debug_token?input_token={token}&access_token={app}"),
    );
    let seen: Value = serde_json::from_slice(seen.body()).unwrap();
    assert_eq!(seen["data"]["user_id"], "10215678901234568");
    assert_eq!(seen["data"]["is_valid"], true);
    let refused = get(
        &mut world,
        &format!("/debug_token?input_token={token}&access_token=x"),
    );
    assert_eq!(refused.status(), 400);
}

#[test]
fn messages_are_signed_as_asked_and_their_answers_judged() {
    let mut world = World::new(Settings::default());
    world.send_message("deletion", "12", Seal::Right);
    world.send_message("deletion", "12", Seal::Unsigned);
    world.send_message("deauthorize", "12", Seal::Missing);
    let messages = world.take_messages();
    assert!(world.take_messages().is_empty());
    let body = |index: usize| String::from_utf8(messages[index].1.body().clone()).unwrap();
    assert!(body(0).starts_with("signed_request="));
    assert!(body(1).starts_with("signed_request=."));
    assert_eq!(body(2), "");
    assert_eq!(
        messages[0].1.uri(),
        "http://127.0.0.1:8787/api/facebook/deletion"
    );
    let whole = br#"{"url":"http://127.0.0.1:8787/deletion/a1","confirmation_code":"a1"}"#;
    for (answer, complaint) in [
        (Some((200, whole.to_vec())), ""),
        (Some((200, b"{}".to_vec())), "url is not one"),
        (Some((500, Vec::new())), "500 instead of 200"),
        (None, "there was no answer"),
    ] {
        world.report_message(0, answer);
        assert_eq!(world.messages()[0].complaint.as_deref(), Some(complaint));
    }
    world.set_switch("facebook_deletion_reply", "text").unwrap();
    world.report_message(0, Some((200, b"{url:'x',confirmation_code:'y'}".to_vec())));
    assert_eq!(world.messages()[0].complaint.as_deref(), Some(""));
    world.report_message(1, Some((400, Vec::new())));
    assert_eq!(world.messages()[1].complaint.as_deref(), Some(""));
    world.report_message(2, Some((200, Vec::new())));
    assert_eq!(
        world.messages()[2].complaint.as_deref(),
        Some("200 instead of 400")
    );
}
