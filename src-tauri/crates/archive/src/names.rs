//! Names of files that every system can have.

/// The most bytes of a name.
const LONGEST: usize = 255;

/// Why a part of a path can't be in an archive, as the end of a sentence: "… is empty".
pub(crate) fn problem(part: &str) -> Option<&'static str> {
    match part {
        "" => Some("is empty"),
        "." | ".." => Some("leads to another folder"),
        _ if part.len() > LONGEST => Some("is too long"),
        _ if part.contains('/') || part.contains('\\') => Some("has a slash or a backslash"),
        _ if part.chars().any(char::is_control) => Some("has a control character"),
        _ if cfg!(windows) && is_foreign_to_windows(part) => Some("can't be on Windows"),
        _ => None,
    }
}

/// Whether Windows refuses the name or reads it as another.
fn is_foreign_to_windows(part: &str) -> bool {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
    let stem = part.split('.').next().unwrap_or(part).trim_end().to_lowercase();
    let device = DEVICES.iter().any(|device| {
        let rest = stem.strip_prefix(device);
        rest.is_some_and(|rest| rest.is_empty() || (rest.len() == 1 && device.len() == 3))
    });
    device || part.ends_with(['.', ' ']) || part.contains([':', '<', '>', '"', '|', '?', '*'])
}

/// A text as part of the name of a folder: letters, digits, `-`, `_` and `.`, at most `longest` of them.
pub(crate) fn slug(text: &str, longest: usize) -> String {
    let plain = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let short: String = text.trim().chars().map(plain).take(longest).collect();
    short.trim_matches(['-', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{problem, slug};

    #[test]
    fn only_plain_names_are_taken() {
        for good in ["a", "train.csv", "model-00001-of-00002.safetensors", "Größe 1", ".gitattributes", "…"]
        {
            assert_eq!(problem(good), None, "{good}");
        }
        for bad in ["", ".", "..", "a/b", "a\\b", "a\nb", "\0", &"x".repeat(256)] {
            assert!(problem(bad).is_some(), "{bad:?}");
        }
    }

    #[test]
    fn a_slug_is_a_name() {
        for (text, wanted) in
            [("Tickets, May", "Tickets--May"), ("../..", ""), ("a b c", "a-b"), ("é/ü", "é-ü")]
        {
            assert_eq!(slug(text, 3.max(wanted.chars().count())), wanted);
        }
    }
}
