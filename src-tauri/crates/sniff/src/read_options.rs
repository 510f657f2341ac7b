//! What a person may choose about how a dataset file is read, where its bytes leave that open.

use std::{fmt, str::FromStr};

use encoding_rs::{Encoding, UTF_8};
use serde::{Deserialize, Serialize};

/// How a dataset file is to be read. What is not chosen is found in the bytes of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(default)]
pub struct ReadOptions {
    /// The character between the fields of a CSV file.
    #[cfg_attr(feature = "typescript", specta(type = Option<String>))]
    pub separator: Option<Separator>,
    /// The encoding of a text file.
    #[cfg_attr(feature = "typescript", specta(type = Option<String>))]
    pub encoding: Option<TextEncoding>,
    /// How a quote is written within a quoted field of a CSV file.
    pub quote: Option<Quote>,
    /// The key of a JSON object under which the list of rows is.
    pub list: Option<String>,
    /// Which part of a folder in the Hub's layout is read.
    #[serde(skip_serializing_if = "DatasetPart::is_whole")]
    pub part: DatasetPart,
}

/// A part of a dataset of several configurations or splits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(default)]
pub struct DatasetPart {
    /// The configuration, which the Hub also calls a subset; none for the one that its card makes the default.
    pub config: Option<String>,
    /// The split; none for all of them.
    pub split: Option<String>,
}

impl DatasetPart {
    /// Whether nothing is chosen: all splits of the default configuration.
    pub fn is_whole(&self) -> bool {
        self.config.is_none() && self.split.is_none()
    }
}

/// The character between the fields of a CSV file: any ASCII character but quotes, backslashes and line
/// breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Separator(u8);

/// How a quote is written within a quoted field of a CSV file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Quote {
    /// Twice: `"He said ""no""."`
    #[default]
    Double,
    /// Behind a backslash: `"He said \"no\"."`
    Backslash,
}

/// The encoding of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TextEncoding(&'static Encoding);

impl ReadOptions {
    /// Whether nothing is chosen.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Separator {
    /// `,`
    pub const COMMA: Self = Self(b',');
    /// `;`
    pub const SEMICOLON: Self = Self(b';');
    /// A tab.
    pub const TAB: Self = Self(b'\t');
    /// `|`
    pub const PIPE: Self = Self(b'|');

    /// The separator that this byte is, if it can be one.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            b'"' | b'\\' | b'\n' | b'\r' | 0 | 0x80.. => None,
            byte => Some(Self(byte)),
        }
    }

    /// Its only byte.
    pub const fn byte(self) -> u8 {
        self.0
    }

    /// The separator in a sentence: `tabs`, `';'`.
    pub fn shown(self) -> String {
        if self == Self::TAB { "tabs".to_owned() } else { format!("'{}'", char::from(self.0)) }
    }
}

impl fmt::Display for Separator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::TAB { f.write_str("tab") } else { write!(f, "{}", char::from(self.0)) }
    }
}

impl FromStr for Separator {
    type Err = String;

    /// A character, or the word `tab`.
    fn from_str(text: &str) -> Result<Self, String> {
        let byte = match text.as_bytes() {
            _ if text.eq_ignore_ascii_case("tab") || text == "\\t" => Some(b'\t'),
            [byte] => Some(*byte),
            _ => None,
        };
        byte.and_then(Self::from_byte).ok_or_else(|| {
            "The separator must be one ASCII character such as ; or |, or the word tab.".to_owned()
        })
    }
}

impl Quote {
    /// The name of the choice.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Double => "double",
            Self::Backslash => "backslash",
        }
    }
}

impl FromStr for Quote {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Double, Self::Backslash]
            .into_iter()
            .find(|quote| quote.name() == text)
            .ok_or_else(|| "Quotes are written double or with a backslash.".to_owned())
    }
}

impl TextEncoding {
    /// UTF-8.
    pub const UTF_8: Self = Self(UTF_8);

    /// An encoding of the Encoding Standard.
    pub const fn new(encoding: &'static Encoding) -> Self {
        Self(encoding)
    }

    /// The encoding, to decode with.
    pub const fn encoding(self) -> &'static Encoding {
        self.0
    }

    /// Whether text is read as it is.
    pub fn is_utf8(self) -> bool {
        self.0 == UTF_8
    }

    /// The name of the encoding, as people write it: `UTF-8`, `Windows-1252`.
    pub fn name(self) -> String {
        let name = self.0.name();
        name.strip_prefix("windows-").map_or_else(|| name.to_owned(), |page| format!("Windows-{page}"))
    }
}

impl FromStr for TextEncoding {
    type Err = String;

    /// Any name that the web platform knows: `utf-16le`, `latin1`, `windows-1252`, `cp1252`.
    fn from_str(text: &str) -> Result<Self, String> {
        let known = Encoding::for_label_no_replacement(text.trim().as_bytes());
        known.map(Self).ok_or_else(|| {
            format!("'{text}' is no encoding known here. Examples are utf-8, utf-16le and windows-1252.")
        })
    }
}

macro_rules! as_text {
    ($type:ty, $name:expr) => {
        impl TryFrom<String> for $type {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                $name(value)
            }
        }
    };
}

as_text!(Separator, |separator: Separator| separator.to_string());
as_text!(TextEncoding, |encoding: TextEncoding| encoding.0.name().to_ascii_lowercase());

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::allow_attributes, reason = "a test stops at the first surprise")]

    use super::{DatasetPart, Quote, ReadOptions, Separator, TextEncoding};

    #[test]
    fn what_people_write_is_understood_and_the_rest_refused() {
        for (text, byte) in [("tab", b'\t'), ("TAB", b'\t'), ("\t", b'\t'), (";", b';'), ("|", b'|')] {
            assert_eq!(text.parse::<Separator>().unwrap().byte(), byte);
        }
        for text in ["", "\"", "\n", "\\", "ab", "§"] {
            assert!(text.parse::<Separator>().is_err(), "{text:?}");
        }
        for (text, name) in [("latin1", "Windows-1252"), ("UTF-16LE", "UTF-16LE"), ("utf8", "UTF-8")] {
            assert_eq!(text.parse::<TextEncoding>().unwrap().name(), name);
        }
        assert!("klingon".parse::<TextEncoding>().unwrap_err().contains("windows-1252"));
        assert!("single".parse::<Quote>().is_err());
    }

    #[test]
    fn options_are_read_back_as_they_were_written() {
        let options = ReadOptions {
            separator: Some(Separator::TAB),
            encoding: Some("windows-1252".parse().unwrap()),
            quote: Some(Quote::Backslash),
            list: Some("data".to_owned()),
            ..ReadOptions::default()
        };
        let text = serde_json::to_string(&options).unwrap();
        assert_eq!(
            text,
            r#"{"separator":"tab","encoding":"windows-1252","quote":"backslash","list":"data"}"#
        );
        assert_eq!(serde_json::from_str::<ReadOptions>(&text).unwrap(), options);
        assert_eq!(serde_json::from_str::<ReadOptions>("{}").unwrap(), ReadOptions::default());
        let part = DatasetPart { config: None, split: Some("test".to_owned()) };
        let options = ReadOptions { part, ..options };
        let text = serde_json::to_string(&options).unwrap();
        assert_eq!(serde_json::from_str::<ReadOptions>(&text).unwrap(), options);
    }
}
