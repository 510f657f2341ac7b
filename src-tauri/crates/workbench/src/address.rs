//! The address of a workbench.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Host, Url};

use crate::failure::{Failure, Fault, Result};

/// The signs that no server decodes to something else; all others are encoded, `/` included.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The address of a workbench: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// The address in a text, as the browser shows it or as the variable `CDSW_API_URL` has it; a path is left out.
    ///
    /// # Errors
    /// The text is no such address, or it has a name or password.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let refused = |why: &str| {
            Err(Failure::new(Fault::Address, format!("'{text}' is no address of a workbench: {why}.")).hint(
                "Copy the address of the workbench from the browser, such as https://ml-1234.example.com.",
            ))
        };
        let Ok(url) = Url::parse(text) else { return refused("it has to begin with https:// and a host") };
        if !matches!(url.scheme(), "http" | "https") {
            return refused("it has to begin with https://");
        }
        if !url.username().is_empty() || url.password().is_some() {
            // The text is not repeated: it may have a password.
            return Err(Failure::new(
                Fault::Address,
                "The address of the workbench has a name or a password.",
            )
            .hint("Write the address without them; the workbench is used with an API key."));
        }
        Ok(Self(url.origin().ascii_serialization()))
    }

    /// Whether a key is safe from others on the way there: TLS, or this machine itself.
    pub fn is_private(&self) -> bool {
        let Ok(url) = Url::parse(&self.0) else { return false };
        let local = match url.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        url.scheme() == "https" || local
    }

    /// Where models are asked that the workbench serves: a host below its own. An address without a name has none below
    /// it.
    pub(crate) fn model_service(&self) -> String {
        match Url::parse(&self.0) {
            Ok(mut url) if matches!(url.host(), Some(Host::Domain(name)) if name != "localhost") => {
                let host = format!("modelservice.{}", url.host_str().unwrap_or_default());
                _ = url.set_host(Some(&host));
                format!("{}/model", url.origin().ascii_serialization())
            }
            _ => format!("{}/model", self.0),
        }
    }

    /// The address of a call: the parts of its path, each encoded, below `/api/v2/`.
    pub(crate) fn call(&self, parts: &[&str]) -> String {
        let parts: Vec<String> =
            parts.iter().map(|part| utf8_percent_encode(part, ENCODED).to_string()).collect();
        format!("{}/api/v2/{}", self.0, parts.join("/"))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_left_out_and_every_part_is_encoded() {
        let address = Address::parse(" https://ml.example.com/api/v1/ ").unwrap();
        assert_eq!(address.to_string(), "https://ml.example.com");
        assert_eq!(
            address.call(&["projects", "a b", "files", "x/ü+%.txt"]),
            "https://ml.example.com/api/v2/projects/a%20b/files/x%2F%C3%BC%2B%25.txt"
        );
        assert!(address.is_private());
        assert_eq!(address.model_service(), "https://modelservice.ml.example.com/model");
        let local = Address::parse("http://127.0.0.1:8080").unwrap();
        assert_eq!(local.model_service(), "http://127.0.0.1:8080/model");
        assert!(Address::parse("http://127.0.0.1:8080").unwrap().is_private());
        assert!(!Address::parse("http://ml.example.com").unwrap().is_private());
    }

    #[test]
    fn what_is_no_address_is_refused_without_its_password() {
        for text in ["", "ml.example.com", "ftp://ml.example.com", "https://"] {
            assert_eq!(Address::parse(text).unwrap_err().fault, Fault::Address, "{text}");
        }
        let failure = Address::parse("https://ada:open-sesame@ml.example.com").unwrap_err();
        assert!(!failure.error.message.contains("sesame"), "{failure:?}");
    }
}
