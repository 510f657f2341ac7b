//! The API key of a workbench. It leaves the core only in requests to that workbench.

use std::fmt;

use platform::Keyring;
use schema::{Error, ErrorCode, Result};

use crate::address::Address;

/// An API key. `Debug` does not show its text.
#[derive(Clone)]
pub struct ApiKey(String);

impl ApiKey {
    /// The variable that has the key of the workbench in which a program runs.
    pub const VARIABLE: &str = "CDSW_APIV2_KEY";

    /// A key.
    ///
    /// # Errors
    /// The text can be no key: it is empty, or has blanks or signs that no header of HTTP has. The error does not
    /// contain it.
    pub fn new(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() || !text.chars().all(|sign| sign.is_ascii_graphic()) {
            return Err(Error::new(ErrorCode::Invalid, "This is no API key of a workbench.")
                .hint("Make one under User Settings, API Keys in the workbench, and copy it whole.")
                .on("key"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The key that the keyring has for a workbench; none if it has none.
    ///
    /// # Errors
    /// The keyring can't be used.
    pub fn stored(keyring: &Keyring, address: &Address) -> Result<Option<Self>> {
        Ok(keyring.read(&entry(address)).map_err(unusable)?.map(Self))
    }

    /// The key for a workbench: that of the keyring, else that of the variable, unless the program runs in another
    /// workbench, whose key the variable has.
    ///
    /// # Errors
    /// There is none, or what is in the variable can be none.
    pub fn find(keyring: &Keyring, address: &Address) -> Result<Self> {
        let stored = Self::stored(keyring, address);
        if let Ok(Some(key)) = stored {
            return Ok(key);
        }
        let variable = |name: &str| std::env::var(name).ok().filter(|text| !text.trim().is_empty());
        let is_of_another = |own: String| Address::parse(&own).is_ok_and(|own| own != *address);
        match variable(Self::VARIABLE) {
            Some(text) if !variable(OWN_ADDRESS).is_some_and(is_of_another) => {
                Self::new(&text).map_err(|error| Error {
                    message: format!("{} has no API key of a workbench.", Self::VARIABLE),
                    ..error
                })
            }
            _ => {
                stored?;
                let message = format!("There is no API key for {address}.");
                Err(Error::new(ErrorCode::NotFound, message)
                    .hint(format!(
                        "Make one under User Settings, API Keys in the workbench, and give it to the target, or set it \
                         in the variable {} before the program starts.",
                        Self::VARIABLE
                    ))
                    .on("key"))
            }
        }
    }

    /// Stores it in the keyring in place of an earlier one for that workbench.
    ///
    /// # Errors
    /// The keyring can't be used.
    pub fn store(&self, keyring: &Keyring, address: &Address) -> Result<()> {
        keyring.store(&entry(address), &self.0).map_err(unusable)
    }

    /// Removes the key of a workbench from the keyring, if it has one.
    ///
    /// # Errors
    /// The keyring can't be used.
    pub fn remove(keyring: &Keyring, address: &Address) -> Result<()> {
        keyring.remove(&entry(address)).map_err(unusable)
    }

    /// The text, for a request.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}

/// The variable that has the address of the workbench in which a program runs.
const OWN_ADDRESS: &str = "CDSW_API_URL";

/// The entry of the keyring for a workbench.
fn entry(address: &Address) -> String {
    format!("workbench-key {address}")
}

fn unusable(error: Error) -> Error {
    error
        .hint(format!("Set the key in the variable {} instead, before the program starts.", ApiKey::VARIABLE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_never_shows_its_text() {
        let key = ApiKey::new(" 0123abcd.4567 \n").unwrap();
        assert_eq!(key.reveal(), "0123abcd.4567");
        assert_eq!(format!("{key:?}"), "ApiKey(…)");
        for text in ["", "  ", "two words", "smörgås", "line\nbreak"] {
            let error = ApiKey::new(text).unwrap_err();
            assert!(text.trim().is_empty() || !error.message.contains(text), "{error:?}");
        }
    }
}
