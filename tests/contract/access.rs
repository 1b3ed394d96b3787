//! Every address × who asks. The cases are made over the table of routes: the match below does not
//! compile without one for each endpoint.

use selfie::api::routes::{Auth, Endpoint, ROUTES, Route};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::browser::Browser;
use crate::pictures;
use crate::world::World;

/// What a person may have, by the ids that a client names.
#[derive(Clone, PartialEq, Debug)]
pub struct Things {
    model: String,
    photo: String,
    prediction: String,
}

impl Things {
    pub fn of(owner: &Browser<'_>) -> Self {
        let model = owner.has_a_trained_model();
        let photos = owner
            .get(&format!("/api/bytescale?model={model}"))
            .expect(200);
        let prediction = owner.creates(&model, "as an astronaut");
        Self {
            photo: photos["photos"][0]["id"].as_str().unwrap().to_owned(),
            prediction: prediction["id"].as_str().unwrap().to_owned(),
            model,
        }
    }

    /// Ids of the right form that nobody ever had.
    fn that_never_were() -> Self {
        let model = "1600000000000".to_owned();
        Self {
            prediction: format!("{model}_{}", "7".repeat(26)),
            photo: "7".repeat(26),
            model,
        }
    }
}

#[derive(PartialEq, Debug)]
enum Body {
    Nothing,
    Json(Value),
    Photo,
}

/// A request that is right in everything but, perhaps, for who makes it.
fn request(endpoint: Endpoint, things: &Things) -> (String, Body) {
    use Endpoint as E;
    let Things {
        model,
        photo,
        prediction,
    } = things;
    let nothing = |path: &str| (path.to_owned(), Body::Nothing);
    let json = |path: String, body: Value| (path, Body::Json(body));
    match endpoint {
        E::Health => nothing("/api/health"),
        E::Styles => nothing("/api/styles"),
        E::Contract => nothing("/api/openapi.json"),
        E::CreatePage => nothing("/create"),
        E::AskForLink => json(
            "/api/magic-link".into(),
            json!({"email": "new@example.com"}),
        ),
        E::ConfirmLink => json(
            "/api/magic-link/confirm".into(),
            json!({"code": "00000000"}),
        ),
        E::GoToFacebook => nothing("/api/facebook/auth"),
        E::ReturnFromFacebook => nothing("/api/facebook/callback"),
        E::HearDeauthorization => nothing("/api/facebook/deauthorize"),
        E::HearDeletion => nothing("/api/facebook/deletion"),
        E::VerifyToken => nothing("/api/verify-token"),
        E::SignOut => nothing("/api/sign-out"),
        E::SignOutEverywhere => nothing("/api/sign-out-everywhere"),
        E::ShowAccount => nothing("/api/account"),
        E::DeleteAccount => json("/api/account".into(), json!({"confirm": "delete"})),
        E::ExportAccount => nothing("/api/account/export"),
        E::ShowReceipt => nothing(&format!("/api/deletion/{}", "7".repeat(26))),
        E::AcceptConsent => json(
            "/api/consent".into(),
            json!({"version": selfie::domain::consent::version(30)}),
        ),
        E::CreateModel => json(
            "/api/model".into(),
            json!({"name": "Second", "subject": "pet"}),
        ),
        E::ListModels => nothing("/api/model"),
        E::ShowModel | E::DeleteModel => nothing(&format!("/api/model/{model}")),
        E::DeleteVersion => nothing(&format!("/api/model/{model}/version/v1")),
        E::RenameModel => json(format!("/api/model/{model}"), json!({"name": "Other"})),
        E::AddPhoto => (format!("/api/bytescale?model={model}"), Body::Photo),
        E::ListPhotos => nothing(&format!("/api/bytescale?model={model}")),
        E::CaptionPhoto => json(
            format!("/api/bytescale/{photo}?model={model}"),
            json!({"caption": "a hat"}),
        ),
        E::DescribePhoto => json(
            "/api/caption".into(),
            json!({"model": model, "photo": photo}),
        ),
        E::DropPhoto => nothing(&format!("/api/bytescale/{photo}?model={model}")),
        E::BundlePhotos => json("/api/zipper".into(), json!({"model": model})),
        E::TrainModel => json("/api/genmodel".into(), json!({"model": model})),
        E::CancelTraining => nothing(&format!("/api/genmodel/{model}")),
        E::MakeImages => json(
            "/create".into(),
            json!({"model": model, "prompt": "a hat", "format": "jpg"}),
        ),
        E::ListPredictions => nothing("/api/prediction"),
        E::ShowPrediction | E::DeletePrediction => {
            nothing(&format!("/api/prediction/{prediction}"))
        }
        E::FetchImage => nothing(&format!("/api/prediction/{prediction}/image/1")),
        E::MarkFavorite => json(
            format!("/api/prediction/{prediction}"),
            json!({"favorite": true}),
        ),
        E::HearReplicate => json(
            format!("/api/webhooks/replicate/{}", "A".repeat(60)),
            json!({"id": "x", "status": "x"}),
        ),
    }
}

/// What an owner is answered who calls all of them in the order of `in_order`.
fn owners_status(endpoint: Endpoint) -> u16 {
    use Endpoint as E;
    match endpoint {
        E::CreateModel | E::AddPhoto => 201,
        E::AskForLink
        | E::DescribePhoto
        | E::TrainModel
        | E::CancelTraining
        | E::MakeImages
        | E::DeleteModel
        | E::DeleteAccount
        | E::DeletePrediction => 202,
        E::SignOut | E::SignOutEverywhere | E::DropPhoto => 204,
        E::GoToFacebook => 302,
        E::ReturnFromFacebook => 303,
        // The wrong code, messages without a signature, an address that we did not make, and a
        // receipt that never was.
        E::ConfirmLink | E::HearDeauthorization | E::HearDeletion => 400,
        E::HearReplicate | E::ShowReceipt => 404,
        _ => 200,
    }
}

/// The routes, those that end something last.
pub fn in_order() -> Vec<&'static Route> {
    use Endpoint as E;
    let last = [
        E::DeletePrediction,
        E::DeleteVersion,
        E::DeleteModel,
        E::SignOutEverywhere,
        E::SignOut,
        E::DeleteAccount,
    ];
    let mut routes: Vec<&Route> = ROUTES.iter().collect();
    routes.sort_by_key(|route| last.iter().position(|endpoint| *endpoint == route.endpoint));
    routes
}

pub fn call(browser: &Browser<'_>, route: &Route, things: &Things) -> Answer {
    let (path, body) = request(route.endpoint, things);
    let request = browser.request(route.method.as_str(), &path).fresh_key();
    match body {
        Body::Nothing => request.send(),
        Body::Json(body) => request.json(&body).send(),
        Body::Photo => request
            .body("image/jpeg", &pictures::photo(1_000_000))
            .send(),
    }
}

/// Whether the request names something that belongs to somebody.
fn names_a_thing(route: &Route) -> bool {
    let other = Things {
        model: "1".into(),
        photo: "2".into(),
        prediction: "3".into(),
    };
    request(route.endpoint, &Things::that_never_were()) != request(route.endpoint, &other)
}

/// OW-01
#[test]
fn signed_out() {
    let world = World::new();
    let things = Things::that_never_were();
    let nobody = world.browser("nobody@example.com");
    let mut refusals = Vec::new();
    for route in ROUTES.iter().filter(|route| route.auth.wants_session()) {
        let answer = world.without_traces(|| call(&nobody, route, &things));
        answer.refused(401, "not-signed-in");
        refusals.push(answer.without_request_id());
    }
    refusals.dedup();
    assert_eq!(refusals.len(), 1, "one answer for all: {refusals:?}");
}

#[test]
fn signed_out_what_is_for_anyone_is_answered() {
    let world = World::new();
    let things = Things::that_never_were();
    let nobody = world.browser("nobody@example.com");
    for route in ROUTES.iter().filter(|route| !route.auth.wants_session()) {
        let answer = call(&nobody, route, &things);
        assert_eq!(answer.status, owners_status(route.endpoint), "{route:?}");
    }
}

#[test]
fn a_stranger() {
    let world = World::new();
    let ana = world.ana();
    let things = Things::of(&ana);
    let ben = world.ben();
    let photos = world.stored("/u/").len();
    for route in ROUTES.iter().filter(|route| names_a_thing(route)) {
        let hers = world.without_traces(|| call(&ben, route, &things));
        hers.refused(404, "not-found");
        let never = world.without_traces(|| call(&ben, route, &Things::that_never_were()));
        assert_eq!(
            hers.without_request_id(),
            never.without_request_id(),
            "{route:?}"
        );
    }
    assert_eq!(world.stored("/u/").len(), photos);
    for path in [
        "/api/model",
        "/api/prediction",
        "/api/account",
        "/api/verify-token",
    ] {
        let seen = ben.get(path);
        seen.expect(200);
        for secret in [things.model.as_str(), &things.prediction, ana.email] {
            assert!(!seen.text().contains(secret), "{path}");
        }
    }
}

#[test]
fn a_stranger_who_mixes_their_own_things_with_others() {
    let world = World::new();
    let (ana, ben) = (world.ana(), world.ben());
    let (hers, his) = (Things::of(&ana), Things::of(&ben));
    let mixed = Things {
        model: his.model.clone(),
        ..hers.clone()
    };
    for route in ROUTES {
        use Endpoint as E;
        if matches!(
            route.endpoint,
            E::CaptionPhoto | E::DropPhoto | E::ShowPrediction | E::FetchImage | E::MarkFavorite
        ) {
            world
                .without_traces(|| call(&ben, route, &mixed))
                .refused(404, "not-found");
        }
    }
}

#[test]
fn the_owner() {
    let world = World::new();
    let ana = world.ana();
    let things = Things::of(&ana);
    for route in in_order() {
        if route.auth == Auth::Fresh {
            ana.signs_in();
        }
        let answer = call(&ana, route, &things);
        assert_eq!(
            answer.status,
            owners_status(route.endpoint),
            "{route:?} {}",
            answer.text()
        );
        world.settle();
    }
}

#[test]
fn what_is_not_of_the_grammar_is_not_found_before_anything_is_asked() {
    let world = World::new();
    let ana = world.ana();
    for id in [
        "1",
        "17322900000000",
        "173229000000x",
        "1732290000000.",
        "%00",
        "..%2f..",
        "1732290000000%20",
    ] {
        for method in ["GET", "DELETE"] {
            let answer =
                world.without_traces(|| ana.request(method, &format!("/api/model/{id}")).send());
            answer.refused(404, "not-found");
        }
        let predictions = format!("/api/prediction/{id}");
        world
            .without_traces(|| ana.get(&predictions))
            .refused(404, "not-found");
        world
            .without_traces(|| ana.asks_to_train(id))
            .refused(422, "invalid-request");
    }
}
