//! The people who have an account at Facebook; whoever sees the dialog chooses whom to be.
//! Each is a reality that the product must live with.

/// Somebody, as Facebook knows them.
#[derive(Debug)]
pub(crate) struct Person {
    /// How a test names them.
    pub key: &'static str,
    /// Scoped to our app: a text of digits.
    pub id: &'static str,
    pub name: &'static str,
    pub email: Option<&'static str>,
    /// What is special, for the page.
    pub note: &'static str,
}

pub(crate) const PEOPLE: &[Person] = &[
    Person {
        key: "ada",
        id: "10215678901234567",
        name: "Ada Example",
        email: Some("ada@example.com"),
        note: "ordinary",
    },
    Person {
        key: "bo",
        id: "10215678901234568",
        name: "Bo Phone",
        email: None,
        note: "has no e-mail address",
    },
    Person {
        key: "sixteen",
        id: "1234567890123456",
        name: "Sana Sixteen",
        email: Some("sana@example.com"),
        note: "has an id of sixteen digits",
    },
    Person {
        key: "long",
        id: "10215678901234569",
        name: "ஆனந்தவல்லி ராமச்சந்திரன் கிருஷ்ணமூர்த்தி வெங்கடேஸ்வரன் சுப்பிரமணியம் \
               பாலசுப்பிரமணியன் மீனாட்சிசுந்தரம் சிவசங்கரநாராயணன் திருநாவுக்கரசு உமாமகேஸ்வரி \
               அருணாச்சலேஸ்வரன் தட்சிணாமூர்த்தி ஞானசம்பந்தன் மாணிக்கவாசகர்",
        email: Some("anandavalli@example.com"),
        note: "has a very long name",
    },
    Person {
        key: "twin",
        id: "10215678901234570",
        name: "Ana Twin",
        email: Some("ana@example.com"),
        note: "has the address ana@example.com, which may belong to an account by e-mail",
    },
];

pub(super) fn find(key: &str) -> Option<&'static Person> {
    PEOPLE.iter().find(|person| person.key == key)
}
