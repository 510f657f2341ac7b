//! Removes secrets from text that is written to a log or shown from one.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde::Deserialize;

/// The list that the worker reads too.
#[derive(Default, Deserialize)]
struct Shared {
    /// Environment variables whose values are secret.
    secret_variables: Vec<String>,
    /// A shorter value occurs by chance in ordinary text. In bytes.
    shortest_secret: usize,
}

static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    let text = include_str!("../../../worker/fine_tuning_worker/shared.json");
    serde_json::from_str(text).unwrap_or_default()
});
/// What replaces a secret.
const REPLACEMENT: &str = "[secret]";

/// Secrets that are recognized by their form. A group `kept` stays in front of the replacement.
static FORMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let forms = [
        // A token of the Hub: hf_ and at least thirty letters and digits.
        r"hf_[A-Za-z0-9]{30,}",
        // An HTTP header: the scheme stays, the credentials go.
        r#"(?i)(?<kept>authorization["']?\s*[:=]\s*["']?(?:(?:bearer|basic|token)\s+)?)[^\s"',;]+"#,
        r"(?i)(?<kept>\bbearer\s+)[A-Za-z0-9._~+/=-]{8,}",
        // The password of a URL; a token may stand in place of the user, without a password.
        r"(?<kept>[A-Za-z][A-Za-z0-9+.-]*://)[^\s/?#@]+@",
        // A query parameter whose name says that it is secret.
        r"(?i)(?<kept>[?&](?:[a-z_-]*token|api_?key|password|secret|signature)=)[^&\s#]+",
    ];
    forms.iter().filter_map(|form| Regex::new(form).ok()).collect()
});

/// Whether an environment variable of that name holds a secret.
pub fn is_secret_variable(name: &str) -> bool {
    SHARED.secret_variables.iter().any(|secret| secret == name)
}

/// The text with [`REPLACEMENT`] in place of every secret: values of the secret environment
/// variables, tokens of the Hub, `Authorization` headers, credentials in URLs.
pub fn scrubbed(text: &str) -> String {
    let values = SHARED.secret_variables.iter().filter_map(|name| std::env::var(name).ok());
    let values =
        values.map(|value| value.trim().to_owned()).filter(|value| value.len() >= SHARED.shortest_secret);
    FORMS.iter().fold(without(text, values.collect()), |text, form| {
        let replace = |found: &Captures<'_>| {
            let kept = found.name("kept").map_or("", |kept| kept.as_str());
            let at = if found[0].ends_with('@') { "@" } else { "" };
            format!("{kept}{REPLACEMENT}{at}")
        };
        form.replace_all(&text, replace).into_owned()
    })
}

fn without(text: &str, mut secrets: Vec<String>) -> String {
    // The longest first: if one contains another, no part of it remains.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, REPLACEMENT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_the_worker_can_be_read() {
        assert!(SHARED.secret_variables.iter().any(|name| name == "HF_TOKEN"));
        assert_eq!(SHARED.shortest_secret, 4);
    }

    #[test]
    fn each_form_of_a_secret_is_replaced_and_the_rest_stays() {
        let token = format!("hf_{}", "aB3".repeat(12));
        let cases = [
            (format!("token={token}; hf_hub is a library"), "token=[secret]; hf_hub is a library"),
            ("Authorization: Bearer abc.def-123".to_owned(), "Authorization: Bearer [secret]"),
            (
                r#"{"authorization": "Basic dXNlcjpwYXNz"}"#.to_owned(),
                r#"{"authorization": "Basic [secret]"}"#,
            ),
            ("authorization: opaque-value, next".to_owned(), "authorization: [secret], next"),
            ("sent bearer 0123456789abcdef".to_owned(), "sent bearer [secret]"),
            ("https://ada:pa%40ss@host/simple".to_owned(), "https://[secret]@host/simple"),
            ("https://onlytoken@host/simple".to_owned(), "https://[secret]@host/simple"),
            (
                "https://host/a?b=1&access_token=xyz&c=2".to_owned(),
                "https://host/a?b=1&access_token=[secret]&c=2",
            ),
            ("https://host/@scope/package a@b".to_owned(), "https://host/@scope/package a@b"),
        ];
        assert_eq!(FORMS.len(), 5, "every expression is valid");
        for (text, expected) in cases {
            assert_eq!(scrubbed(&text), expected);
        }
    }

    #[test]
    fn of_a_secret_inside_another_no_part_remains() {
        let secrets = ["pass", "password-of-mine"].map(str::to_owned).to_vec();
        assert_eq!(without("it is password-of-mine, or pass", secrets), "it is [secret], or [secret]");
    }
}
