//! What is noted of a request once it has been answered: one line, if it was worth one.
//!
//! ```text
//! sign-in  sign-out  deletion                ok, or the kind of problem
//! refusal  limit  bad-signature              somebody was kept out
//! configuration  failure  rejection          everything else that was not answered
//! ```

use std::cell::{Cell, RefCell};

use http::HeaderMap;

use super::client;
use super::problem::Problem;
use super::routes::{Endpoint, Route};
use crate::domain::ids::{Serial, UserId};
use crate::domain::timestamp::Timestamp;
use crate::ports::json::ToJson;
use crate::ports::{Platform, Text, log};

/// What becomes known of a request on its way.
pub struct Trace {
    /// The id of the request.
    pub run: Serial,
    began: Timestamp,
    client: String,
    route: Cell<Option<&'static Route>>,
    user: RefCell<Option<UserId>>,
}

impl Trace {
    pub fn begin<P: Platform>(platform: &P, headers: &HeaderMap) -> Self {
        let began = platform.now();
        Self {
            run: Serial::newest_first(began, &platform.entropy()),
            began,
            client: client::coarse(headers),
            route: Cell::new(None),
            user: RefCell::new(None),
        }
    }

    pub fn is_for(&self, route: &'static Route) {
        self.route.set(Some(route));
    }

    /// Whose request it is, or who has just signed in by it.
    pub fn is_by(&self, user: &UserId) {
        self.user.replace(Some(user.clone()));
    }

    /// The only place where a refusal is logged.
    pub fn end<P: Platform>(&self, platform: &P, problem: Option<&Problem>) {
        let now = platform.now();
        let route = self.route.get();
        let status = problem.map(|problem| problem.status(now));
        let Some(event) = event(route.map(|route| route.endpoint), problem, status) else {
            return;
        };
        let user = self.user.take().map(Text);
        let outcome = match (problem, &user) {
            (Some(problem), _) => problem.slug(now),
            // Whoever comes back from Facebook is never shown a problem.
            (None, None) if event == "sign-in" => "failed",
            (None, _) => "ok",
        };
        let cause = problem.and_then(Problem::cause);
        let (method, pattern) = (
            route.map(|route| route.method.as_str()),
            route.map(|route| route.pattern),
        );
        let ms = now.since_ms(self.began);
        let fields: [(&str, &dyn ToJson); 9] = [
            ("request", &Text(self.run)),
            ("outcome", &outcome),
            ("status", &status),
            ("cause", &cause),
            ("method", &method),
            ("route", &pattern),
            ("user", &user),
            ("client", &self.client),
            ("ms", &ms),
        ];
        platform.log(&log::line(event, &fields));
    }
}

fn event(
    endpoint: Option<Endpoint>,
    problem: Option<&Problem>,
    status: Option<u16>,
) -> Option<&'static str> {
    use Endpoint as E;
    let event = match (endpoint, problem, status.unwrap_or_default()) {
        (_, Some(Problem::Misconfigured { .. }), _) => "configuration",
        (_, Some(Problem::BadSignature), _)
        | (Some(E::HearDeletion | E::HearDeauthorization), Some(Problem::Malformed(_)), _) => {
            "bad-signature"
        }
        (_, _, 429) => "limit",
        (_, _, 500..) => "failure",
        (Some(E::ConfirmLink | E::ReturnFromFacebook), _, _) => "sign-in",
        (Some(E::SignOut | E::SignOutEverywhere | E::HearDeauthorization), None, _) => "sign-out",
        (
            Some(
                E::DeleteAccount
                | E::HearDeletion
                | E::DeleteModel
                | E::DeletePrediction
                | E::DropPhoto,
            ),
            None,
            _,
        ) => "deletion",
        (_, None, _) => return None,
        (_, Some(_), 401 | 403 | 404) => "refusal",
        (_, Some(_), _) => "rejection",
    };
    Some(event)
}
