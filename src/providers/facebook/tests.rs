use super::*;
use crate::ports::{Fault, Limits};
use crate::providers::scripted::{Answer, Scripted, answer, run};

const TOKEN: &str = r#"{"access_token":"user-token","token_type":"bearer","expires_in":5183944}"#;
const ADA: &str = r#"{"id":"10215678901234567","name":"Ada Example","email":"ada@example.com"}"#;
const RETURN: &str = "https://selfie.pr/api/facebook/callback";

fn config() -> config::Facebook {
    config::Facebook {
        app_id: "1234".to_owned(),
        app_secret: "app-secret".to_owned(),
        dialog_url: "https://www.facebook.com/v26.0/dialog/oauth".to_owned(),
        graph_url: "https://graph.facebook.com/v26.0".to_owned(),
    }
}

fn tried(platform: &Scripted) -> Result<Profile, Unrecognised> {
    run(recognise(platform, &config(), RETURN, "a code"))
}

fn answers(answers: impl IntoIterator<Item = Answer>) -> Scripted {
    Scripted::new(answers)
}

fn graph_error(status: u16, code: u32) -> http::Response<Vec<u8>> {
    let body = format!(
        r#"{{"error":{{"message":"m","type":"OAuthException","code":{code},"fbtrace_id":"x"}}}}"#
    );
    answer(status, body)
}

#[test]
fn the_dialog_is_asked_for_a_code_and_nothing_variable_is_in_the_way_back() {
    let url = dialog_url(&config(), RETURN, "a-state");
    assert_eq!(
        url,
        "https://www.facebook.com/v26.0/dialog/oauth?client_id=1234&\
         redirect_uri=https%3A%2F%2Fselfie.pr%2Fapi%2Ffacebook%2Fcallback&state=a-state&\
         response_type=code&scope=public_profile%2Cemail"
    );
}

#[test]
fn a_code_becomes_a_profile() {
    let platform = answers([Ok(answer(200, TOKEN)), Ok(answer(200, ADA))]);
    let profile = tried(&platform).unwrap();
    assert_eq!(profile.id.as_str(), "10215678901234567");
    assert_eq!(profile.name.as_deref(), Some("Ada Example"));
    assert_eq!(profile.email.as_deref(), Some("ada@example.com"));
    let requests = platform.requests();
    let (exchange, limits) = &requests[0];
    assert_eq!(*limits, Limits::new(5000, 1024 * 1024));
    assert_eq!(
        exchange.uri(),
        "https://graph.facebook.com/v26.0/oauth/access_token"
    );
    assert_eq!(
        exchange.headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(
        String::from_utf8_lossy(exchange.body()),
        "client_id=1234&client_secret=app-secret&\
         redirect_uri=https%3A%2F%2Fselfie.pr%2Fapi%2Ffacebook%2Fcallback&code=a+code"
    );
    let (me, _) = &requests[1];
    assert_eq!(me.headers()["authorization"], "Bearer user-token");
    // The published vector of `appsecret_proof`.
    assert_eq!(
        me.uri(),
        "https://graph.facebook.com/v26.0/me?fields=id,name,email&appsecret_proof=\
         b5a94d985eb7b68467d28ca5375162d12b9ca8fe238615acc927c8a9c08d2e95"
    );
}

#[test]
fn a_code_is_sent_once_whatever_is_answered() {
    use Unrecognised::{Account, Later, Refused};
    for (outcome, why) in [
        (Err(Fault::Timeout), Later),
        (Err(Fault::Unreachable), Later),
        (Err(Fault::TooLarge { max_bytes: 1 }), Later),
        (Ok(answer(500, "<html>")), Later),
        (Ok(graph_error(500, 1)), Later),
        (Ok(graph_error(400, 2)), Later),
        (Ok(graph_error(400, 4)), Later),
        (Ok(answer(429, "")), Later),
        (Ok(answer(200, "{")), Later),
        (Ok(answer(200, "{}")), Later),
        (Ok(answer(302, "")), Refused),
        (Ok(graph_error(400, 100)), Refused),
        (Ok(graph_error(400, 1)), Account),
        (Ok(graph_error(400, 101)), Account),
    ] {
        let platform = answers([outcome]);
        assert_eq!(tried(&platform), Err(why));
        assert_eq!(platform.requests().len(), 1);
        assert!(platform.pauses().is_empty());
    }
}

#[test]
fn the_profile_is_asked_for_once_more_when_that_may_help() {
    for first in [
        Ok(answer(500, "")),
        Ok(graph_error(400, 1)),
        Ok(graph_error(400, 2)),
        Ok(graph_error(400, 17)),
        Ok(graph_error(403, 341)),
        Err(Fault::Unreachable),
    ] {
        let platform = answers([Ok(answer(200, TOKEN)), first, Ok(answer(200, ADA))]);
        assert!(tried(&platform).is_ok());
        let requests = platform.requests();
        assert_eq!(requests[1].0.uri(), requests[2].0.uri());
        assert_eq!(platform.pauses().len(), 1);
    }
    let failing = [
        Ok(answer(200, TOKEN)),
        Ok(answer(500, "")),
        Ok(answer(500, "")),
    ];
    assert_eq!(tried(&answers(failing)), Err(Unrecognised::Later));
    for code in [190, 10, 200, 100] {
        let platform = answers([Ok(answer(200, TOKEN)), Ok(graph_error(400, code))]);
        assert_eq!(tried(&platform), Err(Unrecognised::Refused), "{code}");
    }
}

#[test]
fn what_facebook_does_not_say_is_not_there() {
    for (body, name, email) in [
        (r#"{"id":"1"}"#, None, None),
        (r#"{"id":"1","name":null,"email":null}"#, None, None),
        (r#"{"id":"1","name":"","email":""}"#, None, None),
        (r#"{"id":"1","name":{},"email":7}"#, None, None),
        (r#"{"id":"1","name":"Ⅷ","email":"x"}"#, Some("Ⅷ"), Some("x")),
    ] {
        let profile = read_profile(body.as_bytes()).unwrap();
        assert_eq!(profile.name.as_deref(), name, "{body}");
        assert_eq!(profile.email.as_deref(), email, "{body}");
    }
}

#[test]
fn an_id_is_a_text_of_digits() {
    for id in [
        "10215678901234567",
        "{}",
        r#""""#,
        r#""0""#,
        r#""012""#,
        r#""1.2""#,
        r#""1_2""#,
        r#""76b6433c05e2d9b3""#,
        r#""123456789012345678901""#,
        "null",
    ] {
        let body = format!(r#"{{"id":{id},"name":"x"}}"#);
        let read = read_profile(body.as_bytes());
        assert_eq!(read, Err(Unrecognised::NoId), "{id}");
    }
    assert_eq!(read_profile(b"{}"), Err(Unrecognised::NoId));
    assert_eq!(read_profile(b"<html>"), Err(Unrecognised::Later));
}
