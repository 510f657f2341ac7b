//! Files of a run that are followed. The files API has no offsets: what the worker appends is copied into pieces by the
//! script that started it, `pieces/NAME.OFFSET`, each named by where it begins in the file. A container that ends at once
//! leaves what is in no piece; then the whole file is fetched.

use std::{
    collections::VecDeque,
    path::Path,
    time::{Duration, Instant},
};

use compute::Followed;

use crate::{
    client::Workbench,
    failure::{Fault, Result},
    files::FileThere,
};

/// The folder of the pieces in the folder of a run.
const PIECES: &str = "pieces";
/// How often it is looked for new pieces.
const PAUSE: Duration = Duration::from_secs(2);
/// If no piece brings for so long what a file has, it is fetched whole.
const LATE: Duration = Duration::from_secs(8);
/// The most bytes of a file that is fetched whole.
const MOST: i64 = 256 << 20;

/// Follows files of a run's folder by their pieces.
#[derive(Debug)]
pub struct Pieces {
    workbench: Workbench,
    folder: String,
    files: Vec<File>,
    found: VecDeque<Followed>,
    /// Whether it was looked before.
    looked: bool,
}

#[derive(Debug)]
struct File {
    name: String,
    /// How many of its bytes are here.
    length: u64,
    /// Since when its folder has more of it than the pieces.
    late_since: Option<Instant>,
}

impl Workbench {
    /// Follows files of a run's folder, each from a length that is here already.
    pub fn follow(&self, folder: &str, files: &[(&str, u64)]) -> Pieces {
        let file = |(name, length): &(&str, u64)| File {
            name: (*name).to_owned(),
            length: *length,
            late_since: None,
        };
        Pieces {
            workbench: self.clone(),
            folder: folder.to_owned(),
            files: files.iter().map(file).collect(),
            found: VecDeque::new(),
            looked: false,
        }
    }

    /// The content of a file that was listed with so many bytes. There is one attempt.
    pub(crate) async fn content(&self, from: &str, bytes: i64) -> Result<Vec<u8>> {
        let about = self.about(format!("send the file '{from}'"), &format!("file '{from}'"));
        let mut content = Vec::new();
        let received = self.receive(from, bytes, &mut content, Path::new(from), &about).await;
        received.map_err(|(failure, _)| failure)?;
        Ok(content)
    }
}

impl Pieces {
    /// What happens next. It may be dropped before its end: what is not returned is found again from the lengths that are
    /// here.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn next(&mut self) -> Result<Followed> {
        loop {
            if let Some(found) = self.found.pop_front() {
                return Ok(found);
            }
            if self.looked {
                tokio::time::sleep(PAUSE).await;
            }
            self.looked = true;
            if let Err(failure) = self.look().await {
                // Who follows again does so at once.
                tokio::time::sleep(PAUSE).await;
                return Err(failure);
            }
        }
    }

    async fn look(&mut self) -> Result<()> {
        let listed = self.workbench.files(&format!("{}/{PIECES}", self.folder)).await?.unwrap_or_default();
        for file in &mut self.files {
            for (at, bytes) in pieces_of(&file.name, &listed) {
                if at + bytes <= file.length || at > file.length {
                    continue;
                }
                let piece = format!("{}/{PIECES}/{}.{at:015}", self.folder, file.name);
                let content = match self.workbench.content(&piece, bytes.cast_signed()).await {
                    Ok(content) => content,
                    // It was joined with others meanwhile: the next look finds those.
                    Err(failure) if matches!(failure.fault, Fault::NotFound | Fault::BadAnswer) => break,
                    Err(failure) => return Err(failure),
                };
                file.length = at + content.len() as u64;
                file.late_since = None;
                self.found.push_back(Followed::Appended { file: file.name.clone(), at, bytes: content });
            }
        }
        if self.found.is_empty() { self.look_at_files().await } else { Ok(()) }
    }

    /// Fetches whole what no piece brings.
    async fn look_at_files(&mut self) -> Result<()> {
        let listed = self.workbench.files(&self.folder).await?.unwrap_or_default();
        for file in &mut self.files {
            let there = listed.iter().find(|there| there.name == file.name && !there.is_dir);
            if there.is_none_or(|there| there.bytes.unsigned_abs() <= file.length) {
                file.late_since = None;
                continue;
            }
            if file.late_since.get_or_insert_with(Instant::now).elapsed() < LATE {
                continue;
            }
            file.late_since = None;
            let path = format!("{}/{}", self.folder, file.name);
            let Some(content) = self.workbench.read_file(&path, MOST).await? else {
                continue;
            };
            file.length = content.len() as u64;
            self.found.push_back(Followed::Appended { file: file.name.clone(), at: 0, bytes: content });
        }
        Ok(())
    }
}

/// The pieces of a file among what is listed: where each begins, and its bytes, in order.
fn pieces_of(name: &str, listed: &[FileThere]) -> Vec<(u64, u64)> {
    let piece = |there: &FileThere| {
        let at = there.name.strip_prefix(name)?.strip_prefix('.')?;
        let digits = at.len() == 15 && at.bytes().all(|digit| digit.is_ascii_digit());
        Some((at.parse().ok().filter(|_| digits && !there.is_dir)?, there.bytes.unsigned_abs()))
    };
    let mut found: Vec<(u64, u64)> = listed.iter().filter_map(piece).collect();
    found.sort_unstable();
    found
}
