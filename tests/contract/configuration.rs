//! A service that is not set up: it serves nothing, says so, and its operator is told.

use selfie::api::routes::ROUTES;
use selfie::app::tell_misconfigured::tell_misconfigured;
use selfie::config::{self, Misconfigured};
use selfie::fake;

use crate::answer::Answer;
use crate::world::{MINUTE, World};

/// What each of these must stop, named by the variable that is at fault.
const WRONG: [(&str, &str, &str); 11] = [
    ("JWT_KEYS", "", "JWT_KEYS"),
    ("JWT_KEYS", r#"{"dev1":"c2hvcnQ"}"#, "JWT_KEYS"),
    (
        "JWT_KEYS",
        r#"{"a key":"c2VsZmllLWRldmVsb3BtZW50LWp3dC1rZXktMDAwMDE"}"#,
        "JWT_KEYS",
    ),
    ("JWT_ACTIVE_KID", "dev2", "JWT_ACTIVE_KID"),
    ("EMAIL_ID_KEY", "", "EMAIL_ID_KEY"),
    ("EMAIL_ID_KEY", "c2hvcnQ", "EMAIL_ID_KEY"),
    ("APP_ORIGIN", "", "APP_ORIGIN"),
    ("APP_ORIGIN", "*", "APP_ORIGIN"),
    ("REPLICATE_API_TOKEN", "", "REPLICATE_API_TOKEN"),
    ("RESEND_API_KEY", "", "RESEND_API_KEY"),
    ("ENVIRONMENT", "staging", "ENVIRONMENT"),
];

fn wrong(changes: &[(&str, &str)]) -> Misconfigured {
    fake::config(changes).expect_err("a service that should not start")
}

fn refuses_everything(wrong: &Misconfigured) {
    let world = World::new();
    let patterns = ROUTES.iter().map(|route| (&route.method, route.pattern));
    let others = [
        (&http::Method::GET, "/api/nothing"),
        (&http::Method::PUT, "/api/health"),
    ];
    for (method, pattern) in patterns.chain(others) {
        let mut request = http::Request::new(Vec::<u8>::new());
        *request.method_mut() = method.clone();
        *request.uri_mut() = pattern.replace(['{', '}'], "").parse().unwrap();
        let traces = world.traces();
        let reply = fake::run(selfie::api::handle(&*world.fake, Err(wrong), request));
        Answer::of(reply).refused(503, "misconfigured");
        assert_eq!(world.traces(), traces);
    }
    for line in world.fake.lines() {
        assert!(line.contains("\"event\":\"configuration\""), "{line}");
        assert!(
            line.contains(&format!("\"cause\":\"{}\"", wrong.variable)),
            "{line}"
        );
    }
}

/// LK-04
#[test]
fn links_that_live_for_an_hour_stop_the_service() {
    refuses_everything(&wrong(&[("LINK_TTL_S", "3600")]));
}

/// SN-14
#[test]
fn a_missing_short_or_committed_key_stops_the_service() {
    for (name, value, variable) in WRONG {
        let wrong = wrong(&[(name, value)]);
        assert_eq!(wrong.variable, variable, "{name}={value}");
        refuses_everything(&wrong);
    }
}

/// A number or a list in the place of a text is a mistake of whoever wrote it, and no default stands
/// for it: the default of the kill switch is off, and that of the cap is none.
#[test]
fn a_value_that_is_no_text_stops_the_service_by_name() {
    // The pages alone read these.
    let of_the_pages = ["OPERATOR_NAME", "OPERATOR_EMAIL"];
    // Whose address is read only with the keys.
    let guard = [("TURNSTILE_SITE_KEY", "1x0"), ("TURNSTILE_SECRET", "1x0")];
    for name in config::NAMES {
        if !of_the_pages.contains(name) {
            let [key, secret] = guard;
            let wrong = wrong(&[key, secret, (name, config::NO_TEXT)]);
            assert_eq!(wrong.variable, *name);
        }
    }
    refuses_everything(&wrong(&[("PAUSED", config::NO_TEXT)]));
}

/// RE-02
#[test]
fn production_refuses_every_development_value() {
    refuses_everything(&wrong(&[("ENVIRONMENT", "production")]));
    refuses_everything(&wrong(&[("ENVIRONMENT", "")]));
}

/// SN-14
#[test]
fn the_operator_is_told_what_is_wrong() {
    let world = World::new();
    let changes = [("JWT_KEYS", "")];
    let wrong = wrong(&changes);
    let pushover = config::find_pushover(fake::settings);
    let tell = || {
        fake::run(tell_misconfigured(&*world.fake, &wrong, pushover.as_ref()));
    };
    for _ in 0..3 {
        tell();
    }
    assert_eq!(world.count_alerts("JWT_KEYS"), 1);
    world.advance(11 * MINUTE);
    tell();
    assert_eq!(world.count_alerts("misconfigured"), 2);
}

#[test]
fn what_is_wrong_itself_tells_nobody() {
    for pushover in [
        config::find_pushover(|name| fake::settings(name).filter(|_| name != "PUSHOVER_USER")),
        // In production the committed user is as good as none.
        config::find_pushover(|name| fake::settings(name).filter(|_| name != "ENVIRONMENT")),
    ] {
        assert!(pushover.is_none());
    }
}

/// A provider that is left out as a whole is absent; the others work.
#[test]
fn what_is_left_out_is_shown_as_disabled() {
    let parts: [(&str, &[&str]); 3] = [
        ("pushover", &["PUSHOVER_TOKEN", "PUSHOVER_USER"]),
        ("facebook", &["FACEBOOK_APP_ID", "FACEBOOK_APP_SECRET"]),
        ("turnstile", &["TURNSTILE_SECRET", "TURNSTILE_SITE_KEY"]),
    ];
    for (provider, variables) in parts {
        let none: Vec<(&str, &str)> = variables.iter().map(|name| (*name, "")).collect();
        let world = World::with(&none);
        let health = world
            .browser("ana@example.com")
            .get("/api/health")
            .expect(200);
        assert_eq!(health["providers"][provider], "disabled");
    }
    for (name, value) in [
        ("PUSHOVER_TOKEN", "a".repeat(30)),
        ("FACEBOOK_APP_SECRET", "b".repeat(32)),
        ("TURNSTILE_SECRET", "c".repeat(35)),
    ] {
        let others = [
            "PUSHOVER_USER",
            "PUSHOVER_TOKEN",
            "FACEBOOK_APP_ID",
            "FACEBOOK_APP_SECRET",
        ];
        let turnstile = ["TURNSTILE_SITE_KEY", "TURNSTILE_SECRET"];
        let mut half: Vec<(&str, &str)> = others
            .into_iter()
            .chain(turnstile)
            .map(|n| (n, ""))
            .collect();
        half.push((name, &value));
        refuses_everything(&wrong(&half));
    }
}
