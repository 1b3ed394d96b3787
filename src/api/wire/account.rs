//! An account is written flat: the person's own members, and those of the account after them.

use super::{CaptionOffer, Consent, Quotas, Retention, Session, TrainingOffer, User};
use crate::ports::json::{ObjectWriter, ToJson};

#[derive(Debug)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Account {
    #[cfg_attr(not(target_arch = "wasm32"), ts(flatten))]
    pub user: User,
    pub quotas: Quotas,
    pub sessions: Vec<Session>,
    pub consent: Option<Consent>,
    /// The version of the text that must be accepted before the first photo.
    pub required_consent: String,
    pub retention: Retention,
    pub trainings: Vec<TrainingOffer>,
    /// Null where no vision model describes photos.
    pub captioning: Option<CaptionOffer>,
}

impl ToJson for Account {
    fn write(&self, out: &mut String) {
        let mut object = ObjectWriter::begin(out);
        self.user.write_members(&mut object);
        object.member("quotas", &self.quotas);
        object.member("sessions", &self.sessions);
        object.member("consent", &self.consent);
        object.member("required_consent", &self.required_consent);
        object.member("retention", &self.retention);
        object.member("trainings", &self.trainings);
        object.member("captioning", &self.captioning);
        object.end();
    }
}
