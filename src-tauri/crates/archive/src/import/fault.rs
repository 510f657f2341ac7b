//! Why a file is no archive that can be imported, in sentences.

use std::{io, path::Path};

use schema::{Error, ErrorCode};

use crate::manifest::Unusable;

/// Why an archive is refused.
#[derive(Debug)]
pub(super) enum Fault {
    /// An error that has its sentence: the work was stopped, or a file could not be written.
    Other(Error),
    /// The archive could not be read, or its compression or its tar is broken.
    Unreadable(io::Error),
    /// It begins as another file does.
    Foreign,
    /// It ends too early, or its last bytes are not a seal.
    CutOff,
    /// Its bytes are not those that were sealed.
    Changed,
    /// A newer program wrote it.
    Newer,
    /// It is not as the format says. The end of a sentence: "it has a link".
    Odd(String),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::CutOff,
            _ => Self::Unreadable(error),
        }
    }
}

impl From<Unusable> for Fault {
    fn from(unusable: Unusable) -> Self {
        match unusable {
            Unusable::Newer => Self::Newer,
            Unusable::Odd(what) => Self::Odd(what),
        }
    }
}

impl Fault {
    /// The refusal of an archive.
    pub(super) fn refusal(self, path: &Path) -> Error {
        const AGAIN: &str = "Copy or download it again, or export it again. Nothing was changed.";
        let shown = path.display();
        match self {
            Self::Other(error) => error,
            // The disk's own errors have a number; those of the decoders do not.
            Self::Unreadable(error) if error.raw_os_error().is_some() => Error::file("read", path, &error),
            Self::Unreadable(error) => {
                tracing::warn!("{shown}: {error}");
                Error::new(ErrorCode::Damaged, format!("{shown} is damaged: it can't be unpacked."))
                    .hint(AGAIN)
            }
            Self::Foreign => {
                Error::new(ErrorCode::Invalid, format!("{shown} is not an archive of this program."))
                    .hint("Choose a file that ends in .fts.tar.zst. A snapshot is imported as a snapshot.")
            }
            Self::CutOff => {
                Error::new(ErrorCode::Damaged, format!("{shown} is damaged: its end is missing.")).hint(AGAIN)
            }
            Self::Changed => {
                let message = format!("{shown} is damaged: bytes in it have changed since it was written.");
                Error::new(ErrorCode::Damaged, message).hint(AGAIN)
            }
            Self::Newer => Error::new(
                ErrorCode::Newer,
                format!("{shown} was written by a newer version of this program."),
            )
            .hint("Update this program, then import it."),
            Self::Odd(what) => Error::new(ErrorCode::Invalid, format!("{shown} can't be imported: {what}."))
                .hint("Export it again with this program. Nothing was changed."),
        }
    }
}
