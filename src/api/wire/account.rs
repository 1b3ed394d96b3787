//! An account is written flat: the person's own members, and those of the account after them.

use super::Account;
use crate::ports::json::{ObjectWriter, ToJson};

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
        object.end();
    }
}
