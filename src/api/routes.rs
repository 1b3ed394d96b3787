//! Every address of the product, as data: who may call it, what it takes, what answers.

mod take;

pub use take::Take;

use std::collections::BTreeSet;

use http::Method;
use percent_encoding::percent_decode_str;

use super::problem::Problem;
use crate::app::Error;
use crate::ports::Shield;

/// What answers; one arm of `api::dispatch` each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Endpoint {
    Health,
    Styles,
    Contract,
    CreatePage,
    AskForLink,
    ConfirmLink,
    GoToFacebook,
    ReturnFromFacebook,
    HearDeauthorization,
    HearDeletion,
    VerifyToken,
    SignOut,
    SignOutEverywhere,
    ShowAccount,
    DeleteAccount,
    ExportAccount,
    ShowReceipt,
    AcceptConsent,
    CreateModel,
    ListModels,
    ShowModel,
    RenameModel,
    DeleteModel,
    DeleteVersion,
    AddPhoto,
    ListPhotos,
    CaptionPhoto,
    DescribePhoto,
    DropPhoto,
    BundlePhotos,
    TrainModel,
    CancelTraining,
    MakeImages,
    ListPredictions,
    ShowPrediction,
    FetchImage,
    MarkFavorite,
    DeletePrediction,
    HearReplicate,
}

/// Who may call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Auth {
    Anyone,
    Session,
    /// Who has signed in within ten minutes: for what cannot be undone.
    Fresh,
    /// Signing out works without a session too.
    SessionIfAny,
    /// A provider, by its signature.
    Signed,
}

impl Auth {
    /// Whether only somebody who is signed in may call.
    pub const fn wants_session(self) -> bool {
        matches!(self, Self::Session | Self::Fresh)
    }
}

#[derive(Debug)]
pub struct Route {
    pub method: Method,
    /// Segments; one in braces stands for any value.
    pub pattern: &'static str,
    pub endpoint: Endpoint,
    pub auth: Auth,
    pub take: Take,
    pub shield: Option<Shield>,
}

const fn route(
    method: Method,
    pattern: &'static str,
    endpoint: Endpoint,
    auth: Auth,
    take: Take,
) -> Route {
    Route {
        method,
        pattern,
        endpoint,
        auth,
        take,
        shield: None,
    }
}

impl Route {
    const fn behind(mut self, shield: Shield) -> Self {
        self.shield = Some(shield);
        self
    }
}

use Auth::{Anyone, Fresh, Session, SessionIfAny, Signed};
use Endpoint as E;
use Take::{Form, Json, Nothing, Picture, Webhook};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PATCH: Method = Method::PATCH;
const DELETE: Method = Method::DELETE;

pub static ROUTES: &[Route] = &[
    route(GET, "/api/health", E::Health, Anyone, Nothing).behind(Shield::Read),
    route(GET, "/api/styles", E::Styles, Anyone, Nothing),
    route(GET, "/api/openapi.json", E::Contract, Anyone, Nothing),
    route(POST, "/api/magic-link", E::AskForLink, Anyone, Json).behind(Shield::Link),
    route(
        POST,
        "/api/magic-link/confirm",
        E::ConfirmLink,
        Anyone,
        Json,
    )
    .behind(Shield::Confirm),
    route(GET, "/api/facebook/auth", E::GoToFacebook, Anyone, Nothing).behind(Shield::Read),
    route(
        GET,
        "/api/facebook/callback",
        E::ReturnFromFacebook,
        Anyone,
        Nothing,
    )
    .behind(Shield::Read),
    route(
        POST,
        "/api/facebook/deauthorize",
        E::HearDeauthorization,
        Signed,
        Form,
    )
    .behind(Shield::Webhook),
    route(
        POST,
        "/api/facebook/deletion",
        E::HearDeletion,
        Signed,
        Form,
    )
    .behind(Shield::Webhook),
    route(GET, "/api/verify-token", E::VerifyToken, Session, Nothing),
    route(POST, "/api/sign-out", E::SignOut, SessionIfAny, Nothing),
    route(
        POST,
        "/api/sign-out-everywhere",
        E::SignOutEverywhere,
        Session,
        Nothing,
    ),
    route(GET, "/api/account", E::ShowAccount, Session, Nothing),
    route(DELETE, "/api/account", E::DeleteAccount, Fresh, Json),
    route(
        GET,
        "/api/account/export",
        E::ExportAccount,
        Session,
        Nothing,
    ),
    route(GET, "/api/deletion/{code}", E::ShowReceipt, Anyone, Nothing).behind(Shield::Read),
    route(POST, "/api/consent", E::AcceptConsent, Session, Json),
    route(POST, "/api/model", E::CreateModel, Session, Json),
    route(GET, "/api/model", E::ListModels, Session, Nothing),
    route(GET, "/api/model/{model}", E::ShowModel, Session, Nothing),
    route(PATCH, "/api/model/{model}", E::RenameModel, Session, Json),
    route(
        DELETE,
        "/api/model/{model}",
        E::DeleteModel,
        Session,
        Nothing,
    ),
    route(
        DELETE,
        "/api/model/{model}/version/{version}",
        E::DeleteVersion,
        Session,
        Nothing,
    ),
    route(POST, "/api/bytescale", E::AddPhoto, Session, Picture).behind(Shield::Upload),
    route(GET, "/api/bytescale", E::ListPhotos, Session, Nothing),
    route(
        PATCH,
        "/api/bytescale/{photo}",
        E::CaptionPhoto,
        Session,
        Json,
    ),
    route(POST, "/api/caption", E::DescribePhoto, Session, Json),
    route(
        DELETE,
        "/api/bytescale/{photo}",
        E::DropPhoto,
        Session,
        Nothing,
    ),
    route(POST, "/api/zipper", E::BundlePhotos, Session, Json),
    route(POST, "/api/genmodel", E::TrainModel, Session, Json),
    route(
        DELETE,
        "/api/genmodel/{model}",
        E::CancelTraining,
        Session,
        Nothing,
    ),
    route(GET, "/create", E::CreatePage, Anyone, Nothing),
    route(POST, "/create", E::MakeImages, Session, Json),
    route(GET, "/api/prediction", E::ListPredictions, Session, Nothing),
    route(
        GET,
        "/api/prediction/{prediction}",
        E::ShowPrediction,
        Session,
        Nothing,
    ),
    route(
        GET,
        "/api/prediction/{prediction}/image/{image}",
        E::FetchImage,
        Session,
        Nothing,
    ),
    route(
        PATCH,
        "/api/prediction/{prediction}",
        E::MarkFavorite,
        Session,
        Json,
    ),
    route(
        DELETE,
        "/api/prediction/{prediction}",
        E::DeletePrediction,
        Session,
        Nothing,
    ),
    route(
        POST,
        "/api/webhooks/replicate/{operation}",
        E::HearReplicate,
        Signed,
        Webhook,
    )
    .behind(Shield::Webhook),
];

/// The route of a request and the values in its path.
pub fn find(method: &Method, path: &str) -> Result<(&'static Route, Vec<String>), Problem> {
    let wanted = if method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    let mut allowed = BTreeSet::new();
    for route in ROUTES {
        let Some(params) = matches(route.pattern, path) else {
            continue;
        };
        if route.method == *wanted {
            return Ok((route, params));
        }
        allowed.insert(route.method.as_str());
        if route.method == Method::GET {
            allowed.insert("HEAD");
        }
    }
    if allowed.is_empty() {
        return Err(Problem::App(Error::NotFound));
    }
    let allow = allowed.into_iter().collect::<Vec<_>>().join(", ").into();
    Err(Problem::MethodNotAllowed { allow })
}

/// The values of a path of this pattern. A segment is decoded once, and must then be ASCII.
fn matches(pattern: &str, path: &str) -> Option<Vec<String>> {
    // Most patterns differ from most paths in what they begin with.
    match pattern.split_once('{') {
        None => return (path == pattern).then(Vec::new),
        Some((fixed, _)) if !path.starts_with(fixed) => return None,
        Some(_) => {}
    }
    let mut params = Vec::new();
    let (mut patterns, mut segments) = (pattern.split('/'), path.split('/'));
    loop {
        match (patterns.next(), segments.next()) {
            (None, None) => return Some(params),
            (Some(pattern), Some(segment)) if pattern.starts_with('{') => {
                let value = percent_decode_str(segment).decode_utf8().ok()?;
                if value.is_empty() || !value.is_ascii() {
                    return None;
                }
                params.push(value.into_owned());
            }
            (Some(pattern), Some(segment)) if pattern == segment => {}
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_routes_answer_the_same_request() {
        for (index, a) in ROUTES.iter().enumerate() {
            for b in &ROUTES[index + 1..] {
                assert!(
                    a.method != b.method || a.pattern != b.pattern,
                    "{}",
                    a.pattern
                );
            }
        }
    }

    #[test]
    fn a_value_is_decoded_once() {
        let (route, params) = find(&GET, "/api/model/17322%39").unwrap();
        assert_eq!(
            (route.endpoint, params),
            (E::ShowModel, vec!["173229".to_owned()])
        );
        let (_, params) = find(&GET, "/api/model/%252e").unwrap();
        assert_eq!(params, ["%2e"]);
    }

    #[test]
    fn other_paths_are_not_found_and_other_methods_are_told() {
        for path in [
            "/api",
            "/api/model/",
            "/api/model/a/b",
            "/api//model",
            "/API/health",
        ] {
            assert_eq!(
                find(&GET, path).unwrap_err(),
                Problem::App(Error::NotFound),
                "{path}"
            );
        }
        let allow = "GET, HEAD, POST".into();
        let refused = find(&Method::PUT, "/api/model").unwrap_err();
        assert_eq!(refused, Problem::MethodNotAllowed { allow });
    }
}
