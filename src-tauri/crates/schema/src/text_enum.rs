//! Enums that are stored as text.

use serde::Serialize;

/// One value of an enum, as a form offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ChoiceOption {
    /// The stored text.
    pub value: &'static str,
    /// The label that users read.
    pub label: &'static str,
}

/// An enum whose values are stored as fixed texts.
pub trait TextEnum: Copy + Eq + Sized + std::str::FromStr + Send + Sync + 'static {
    /// All values, in declaration order.
    const ALL: &'static [Self];
    /// All values with their labels, in declaration order.
    const OPTIONS: &'static [ChoiceOption];
    /// The stored text.
    fn as_str(self) -> &'static str;
    /// The label that users read.
    fn label(self) -> &'static str {
        let text = self.as_str();
        Self::OPTIONS.iter().find(|option| option.value == text).map_or(text, |option| option.label)
    }
}

/// Declares an enum that is stored as text: each variant with its text and its label. Parsing is
/// strict; [`Choice`](super::Choice) keeps other texts.
#[macro_export]
macro_rules! text_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $text:literal, $label:literal; )+
        }
    ) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            serde::Serialize, serde::Deserialize,
        )]
        #[cfg_attr(feature = "typescript", derive(specta::Type))]
        pub enum $name {
            $( $(#[$variant_meta])* #[serde(rename = $text)] $variant, )+
        }

        impl $name {
            /// The stored text.
            pub const fn into_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl $crate::TextEnum for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            const OPTIONS: &'static [$crate::ChoiceOption] =
                &[$($crate::ChoiceOption { value: $text, label: $label }),+];
            fn as_str(self) -> &'static str {
                self.into_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.into_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            /// The error names the known texts.
            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    other => Err(format!("'{other}' is not one of {}", [$($text),+].join(", "))),
                }
            }
        }
    };
}
