//! What a browser does with Facebook's dialog, which a person answers at the stand-in.

use crate::answer::Answer;
use crate::browser::Browser;
use crate::world::World;

/// The value of a parameter in a query.
pub fn parameter(url: &str, name: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let query = query.split('#').next().unwrap();
    let found = url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned())
}

impl World {
    /// Where the dialog at this address leads when a person answers it like this: a path of ours,
    /// as the browser asks for it.
    pub fn answers_dialog(&self, dialog: &str, person: &str, choice: &str) -> String {
        self.outside.follow(self.now_ms());
        let url = dialog.replacen("/oauth?", "/oauth/answer?", 1);
        let url = format!("{url}&person={person}&choice={choice}");
        let request = http::Request::get(url).body(Vec::new()).unwrap();
        let stand_ins::Reaction::Answer(answer) =
            stand_ins::handle(&mut self.outside.world(), request)
        else {
            panic!("no answer of the dialog");
        };
        let location = answer.headers()["location"].to_str().unwrap();
        let path = location.strip_prefix(&self.config.app_origin).unwrap();
        path.split('#').next().unwrap().to_owned()
    }

    /// How often a code was sent to Facebook.
    pub fn count_exchanges(&self) -> usize {
        self.count_calls("facebook", "/oauth/access_token")
    }
}

impl Browser<'_> {
    /// Goes to the dialog; answers its address.
    #[track_caller]
    pub fn goes_to_facebook(&self, next: &str) -> String {
        let answer = self.get(&format!("/api/facebook/auth?next={next}"));
        answer.expect(302);
        answer.header("location").unwrap().to_owned()
    }

    /// Goes to the dialog and answers it; answers the path that leads back.
    #[track_caller]
    pub fn answers_facebook(&self, person: &str, choice: &str) -> String {
        let dialog = self.goes_to_facebook("%2Fstudio");
        self.world.answers_dialog(&dialog, person, choice)
    }

    /// The whole way as that person.
    #[track_caller]
    pub fn signs_in_with_facebook(&self, person: &str) -> Answer {
        let back = self.answers_facebook(person, "allow");
        let answer = self.get(&back);
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, Some("/studio#"))
        );
        self.world.settle();
        answer
    }

    /// Comes back; that must lead to the sign-in page with this word and sign nobody in.
    #[track_caller]
    pub fn comes_back_without(&self, back: &str, word: &str) {
        let before = self.cookie("__Host-session");
        let answer = self.get(back);
        let expected = format!("/sign-in?error={word}");
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, Some(expected.as_str()))
        );
        assert!(answer.body.is_empty());
        assert_eq!(self.cookie("__Host-session"), before);
    }
}
