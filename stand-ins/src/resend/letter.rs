//! A letter as its reader sees it: the parts, the links with their fragments and the code.
//! It judges what the contract forbids in a letter but never stops one.

use serde::Serialize;
use serde_json::Value;
use url::Url;

/// A letter that arrived.
#[derive(Debug, Clone, Serialize)]
pub struct Letter {
    pub from: String,
    pub to: Vec<String>,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Every link of both parts once, with its fragment.
    pub links: Vec<String>,
    /// The code of eight characters, without hyphen or space.
    pub code: Option<String>,
    pub idempotency_key: Option<String>,
    pub at_ms: u64,
}

impl Letter {
    pub(super) fn new(email: &Value, idempotency_key: Option<String>, at_ms: u64) -> Self {
        let field = |name: &str| {
            email
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let to = email
            .get("to")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let (text, html) = (field("text"), field("html"));
        let mut links = links_of(&text);
        for link in hrefs_of(&html) {
            if !links.contains(&link) {
                links.push(link);
            }
        }
        Self {
            from: field("from"),
            to: to.filter_map(Value::as_str).map(str::to_owned).collect(),
            subject: field("subject"),
            code: code_of(&text),
            text,
            html,
            links,
            idempotency_key,
            at_ms,
        }
    }

    /// What the contract forbids in a letter, one sentence each.
    pub(super) fn problems(&self, app_origin: Option<&str>) -> Vec<String> {
        let mut problems = Vec::new();
        if self.text.is_empty() != self.html.is_empty() {
            problems.push("a letter has only one of its two parts".to_owned());
        }
        let (in_text, in_html) = (links_of(&self.text), hrefs_of(&self.html));
        if !self.text.is_empty() && !self.html.is_empty() && in_text != in_html {
            problems.push("the links of the text and of the html differ".to_owned());
        }
        let first = self.links.iter().find_map(|link| origin_of(link));
        let allowed = app_origin.map(str::to_owned).or(first);
        for link in &self.links {
            if origin_of(link) != allowed {
                problems.push("a letter links to another origin".to_owned());
            }
            if Url::parse(link).is_ok_and(|url| {
                url.query_pairs()
                    .any(|(name, value)| is_token(&name, &value))
            }) {
                problems.push("a token stands in the query of a link".to_owned());
            }
        }
        let html = self.html.to_ascii_lowercase();
        if ["<img", "url(", "<link", "<script", "<iframe"]
            .iter()
            .any(|mark| html.contains(mark))
        {
            problems.push("a letter loads something remote".to_owned());
        }
        problems
    }
}

fn is_token(name: &str, value: &str) -> bool {
    matches!(name, "t" | "token" | "code")
        || (value.len() >= 32
            && value
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)))
}

fn origin_of(link: &str) -> Option<String> {
    Url::parse(link)
        .ok()
        .map(|url| url.origin().ascii_serialization())
}

fn links_of(text: &str) -> Vec<String> {
    text.split_whitespace()
        .filter_map(|word| {
            let start = word.find("http://").or_else(|| word.find("https://"))?;
            let link = word.get(start..)?;
            Some(
                link.trim_end_matches(['.', ',', ';', ')', '>', ']', '"', '\''])
                    .to_owned(),
            )
        })
        .collect()
}

fn hrefs_of(html: &str) -> Vec<String> {
    let mut links: Vec<String> = Vec::new();
    for piece in html.split("href=").skip(1) {
        let Some(quote) = piece
            .chars()
            .next()
            .filter(|mark| matches!(mark, '"' | '\''))
        else {
            continue;
        };
        let Some(link) = piece.split(quote).nth(1) else {
            continue;
        };
        let link = link
            .replace("&amp;", "&")
            .replace("&#x2F;", "/")
            .replace("&#47;", "/")
            .replace("&#x3D;", "=");
        if link.starts_with("http") && !links.contains(&link) {
            links.push(link);
        }
    }
    links
}

/// Crockford's alphabet has no I, L, O and U; letters of a word give themselves away by them or by having no digit.
fn code_of(text: &str) -> Option<String> {
    let is_symbol = |c: char| c.is_ascii_digit() || (c.is_ascii_uppercase() && !"ILOU".contains(c));
    let without_links: Vec<&str> = text
        .split_whitespace()
        .filter(|word| !word.contains("://"))
        .collect();
    let words = without_links
        .iter()
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
    let words: Vec<String> = words.map(|word| word.replace('-', "")).collect();
    let whole = words
        .iter()
        .find(|word| word.len() == 8 && word.chars().all(is_symbol))
        .cloned();
    whole.or_else(|| {
        let is_half = |word: &String| word.len() == 4 && word.chars().all(is_symbol);
        words
            .windows(2)
            .find(|pair| pair.iter().all(is_half))
            .map(<[String]>::concat)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn letter(text: &str, html: &str) -> Letter {
        Letter::new(
            &json!({"from": "a@b.test", "to": ["c@d.test"], "subject": "s", "text": text, "html": html}),
            None,
            0,
        )
    }

    #[test]
    fn the_link_and_the_code_are_found() {
        let letter = letter(
            "Hello,\n\nhttps://selfie.test/sign-in/confirm#t=abc_-1\n\nor type 7Z9K-4MQ2.",
            r#"<p><a href="https://selfie.test/sign-in/confirm#t=abc_-1">Sign in</a></p>"#,
        );
        assert_eq!(
            letter.links,
            ["https://selfie.test/sign-in/confirm#t=abc_-1"]
        );
        assert_eq!(letter.code.as_deref(), Some("7Z9K4MQ2"));
        assert_eq!(
            letter.problems(Some("https://selfie.test")),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_code_is_found_in_halves_and_words_are_not_codes() {
        assert_eq!(
            code_of("the code is ABCD EFGH").as_deref(),
            Some("ABCDEFGH")
        );
        assert_eq!(code_of("nothing in HERE at all, 2026"), None);
    }

    #[test]
    fn forbidden_letters_are_noticed() {
        let foreign = letter(
            "https://evil.test/",
            r#"<a href="https://evil.test/">x</a>"#,
        );
        assert_eq!(
            foreign.problems(Some("https://selfie.test")),
            ["a letter links to another origin"]
        );
        let query = letter(
            "https://selfie.test/?token=a",
            r"<a href='https://selfie.test/?token=a'>x</a>",
        );
        assert_eq!(
            query.problems(None),
            ["a token stands in the query of a link"]
        );
        let different = letter(
            "https://selfie.test/#t=a",
            r#"<a href="https://selfie.test/#t=b">x</a>"#,
        );
        assert_eq!(
            different.problems(None),
            ["the links of the text and of the html differ"]
        );
        let image = letter("x", r#"<img src="https://selfie.test/pixel.png">"#);
        assert_eq!(image.problems(None), ["a letter loads something remote"]);
    }
}
