//! The copy here of a file that a worker there appends to.

use std::{
    fs::File,
    io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _},
    path::PathBuf,
};

use schema::{Error, Result};

/// What replaces a secret. The length of the file stays, since it says how much is here.
const MASK: &[u8] = b"[secret]";
/// Shorter values occur by chance in ordinary text. In bytes.
const SHORTEST_SECRET: usize = 4;

/// The copy of one file. Both never differ in more than length and hidden secrets.
#[derive(Debug)]
pub(super) struct Copy {
    path: PathBuf,
    secrets: Vec<Vec<u8>>,
}

impl Copy {
    /// The copy at that path, in which these values are hidden.
    pub(super) fn new(path: PathBuf, secrets: &[String]) -> Self {
        let secrets = secrets.iter().filter(|secret| secret.len() >= SHORTEST_SECRET);
        Self { path, secrets: secrets.map(|secret| secret.clone().into_bytes()).collect() }
    }

    /// How many bytes of the file are here.
    pub(super) fn length(&self) -> u64 {
        self.path.metadata().map_or(0, |found| found.len())
    }

    /// Appends bytes that begin at `at` in the file there. What is here already is passed over.
    ///
    /// # Errors
    /// Bytes before them are missing, or nothing can be written.
    pub(super) fn append(&self, at: u64, bytes: &[u8]) -> Result<()> {
        let failed = |error: std::io::Error| Error::file("write", &self.path, &error);
        let mut file = File::options().create(true).append(true).open(&self.path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let Some(known) = length.checked_sub(at) else {
            let gap = format!("{at} follows {length} in {}", self.path.display());
            return Err(Error::internal("copying what a worker wrote", &gap));
        };
        let new = usize::try_from(known).ok().and_then(|known| bytes.get(known..)).unwrap_or_default();
        file.write_all(new).map_err(failed)?;
        drop(file);
        self.hide_secrets(length).map_err(failed)
    }

    /// Empties the copy: the file there was begun anew.
    pub(super) fn begin_anew(&self) -> Result<()> {
        match File::options().write(true).truncate(true).open(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Error::file("write", &self.path, &error))
            }
            _ => Ok(()),
        }
    }

    /// Hides the secrets that end after the byte `from`.
    fn hide_secrets(&self, from: u64) -> std::io::Result<()> {
        let Some(longest) = self.secrets.iter().map(Vec::len).max() else { return Ok(()) };
        let start = from.saturating_sub(longest as u64);
        let mut file = File::options().read(true).write(true).open(&self.path)?;
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let before = bytes.clone();
        for secret in &self.secrets {
            hide(&mut bytes, secret);
        }
        if bytes != before {
            file.seek(SeekFrom::Start(start))?;
            file.write_all(&bytes)?;
        }
        Ok(())
    }
}

/// Replaces a secret in bytes by as many others.
fn hide(bytes: &mut [u8], secret: &[u8]) {
    let mask: Vec<u8> = MASK.iter().copied().chain(std::iter::repeat(b'*')).take(secret.len()).collect();
    let mut at = 0;
    while let Some(place) = bytes.get_mut(at..at + secret.len()) {
        if place == secret {
            place.copy_from_slice(&mask);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_appended_once_and_never_with_a_gap() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.txt");
        let copy = Copy::new(path.clone(), &[]);
        copy.begin_anew().unwrap();
        copy.append(0, b"one\n").unwrap();
        copy.append(2, b"e\ntwo\n").unwrap();
        copy.append(0, b"one\n").unwrap();
        assert!(copy.append(9, b"late").is_err());
        assert_eq!((std::fs::read(&path).unwrap(), copy.length()), (b"one\ntwo\n".to_vec(), 8));
        copy.begin_anew().unwrap();
        copy.append(0, b"anew").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"anew");
    }

    #[test]
    fn a_secret_is_hidden_wherever_it_was_cut() {
        let secret = "a-secret-value";
        let text = format!("token {secret}, {secret}\nlast line\n");
        for cut in 0..text.len() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("log.txt");
            let copy = Copy::new(path.clone(), &[secret.to_owned(), "x".to_owned()]);
            copy.append(0, &text.as_bytes()[..cut]).unwrap();
            copy.append(cut as u64, &text.as_bytes()[cut..]).unwrap();
            let here = std::fs::read_to_string(&path).unwrap();
            assert_eq!(here, "token [secret]******, [secret]******\nlast line\n", "cut at {cut}");
        }
    }
}
