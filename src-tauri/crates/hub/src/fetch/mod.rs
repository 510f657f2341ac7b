//! Fetching repositories into the local cache, in the layout that the Hugging Face libraries share.
//!
//! Those libraries resume a broken connection, but after the end of their process they begin again. Here the
//! unfinished part of a file keeps its name, so a later attempt goes on behind its last byte, in whatever
//! process. A file gets its name in the cache after its size and hash are checked, a revision its links
//! after all its files are there.

mod blob;
mod count;
mod dataset;
mod discard;
mod layout;
mod listing;
mod needed;
mod part;
mod retry;

use std::sync::Arc;

use datasets::DatasetPart;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use platform::{Work, blocking, disk};
use schema::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};

use crate::{CachedKind, Hub, client::HubClient};
use blob::Download;
pub use count::FetchProgress;
use count::{Count, stoppable};
use dataset::ListedDataset;
pub(crate) use dataset::row_files;
pub use dataset::{HubConfig, HubConfigSplit};
use layout::Layout;
use listing::RemoteFile;

/// The number of files that are fetched at once. More connections to one server are seldom faster.
const FILES_AT_ONCE: usize = 4;

/// The bytes that stay free on the disk.
const SPARE_DISK: u64 = 200 << 20;

/// What to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchRequest {
    /// The kind, which decides which files are needed.
    pub kind: CachedKind,
    /// The name on the Hub.
    pub name: String,
    /// A branch, a tag or a commit; `main` if absent.
    pub revision: Option<String>,
    /// The commit that the revision had when an earlier attempt began, which is fetched whatever the revision is
    /// now.
    pub commit: Option<String>,
    /// The part of a dataset whose files are fetched.
    pub part: DatasetPart,
}

/// A repository that is complete in the local cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Fetched {
    /// The kind.
    pub kind: CachedKind,
    /// The name on the Hub.
    pub name: String,
    /// The commit.
    pub revision: String,
    /// The folder with its files.
    pub folder: String,
    /// The number of its needed files.
    pub files: u64,
    /// Their size in bytes.
    pub bytes: u64,
    /// The bytes that came over the network now. The others were in the cache.
    pub received: u64,
    /// The files of the repository that are not needed.
    pub left_out: Vec<String>,
}

impl Hub {
    /// Fetches what is needed of a repository into the local cache, and checks the hash of every file.
    ///
    /// After a cancellation, a failure or the end of the process, the same request goes on behind the last
    /// byte received.
    ///
    /// # Errors
    ///
    /// If the Hub can't be reached, refuses or sends other bytes than it announced, if the program is set to
    /// work offline, or if the disk has no room.
    pub async fn fetch(&self, request: &FetchRequest, work: &Work<FetchProgress>) -> Result<Fetched> {
        let client = self.fetch_client(&request.name).await?;
        let kind = request.kind.on_hub();
        let named = request.revision.as_deref().unwrap_or("main");
        let listed = request.commit.as_deref().unwrap_or(named);
        let repository = stoppable(work, client.list(kind, &request.name, listed)).await??;
        let layout = Layout::new(&self.cache_folder(), kind, &request.name, &repository.commit);
        let listed = match request.kind {
            CachedKind::Dataset => {
                let read = ListedDataset::read(&client, &layout, &request.name, &repository);
                Some(stoppable(work, read).await??)
            }
            CachedKind::Model | CachedKind::Adapter => None,
        };
        let rows = listed.as_ref().map(|listed| listed.files_of(&request.part)).transpose()?.flatten();
        let (files, left_out) =
            needed::needed(request.kind, &request.name, repository.files, rows.as_deref())?;
        let _fetching = layout.lock_for_fetch(work).await?;
        let count = Arc::new(Count::new(&repository.commit, &files, work.clone()));
        let missing = look(&layout, files.clone(), &count).await?;
        let needs: u64 = missing.iter().map(|(file, there)| file.size - there).sum();
        check_disk(&layout, &request.name, needs)?;
        let (name, first_wait) = (request.name.as_str(), self.download_times.first_wait);
        let download = Download { client: &client, layout: &layout, kind, name, count: &count, first_wait };
        let files_in = stream::iter(missing)
            .map(|(file, _)| async { download.run(file).await })
            .buffer_unordered(FILES_AT_ONCE)
            .try_collect::<Vec<()>>();
        count.reporting(files_in).await?;
        let (bytes, number) = (count.total(), count.files());
        let folder = {
            let (layout, named) = (layout.clone(), named.to_owned());
            blocking("linking fetched files", move || {
                if let Some(listed) = &listed {
                    layout.keep_row_files(listed.files())?;
                }
                layout.link(&files, &named)
            })
            .await?
        };
        Ok(Fetched {
            kind: request.kind,
            name: request.name.clone(),
            revision: repository.commit,
            folder: folder.display().to_string(),
            files: number,
            bytes,
            received: count.received(),
            left_out,
        })
    }

    /// Checks what can be known of a fetch before the Hub is asked.
    ///
    /// # Errors
    /// The name is none of the Hub, or the program is set to work offline.
    pub fn check_fetch(&self, name: &str) -> Result<()> {
        if !resources::is_hub_name(name) {
            let error = Error::new(ErrorCode::Invalid, format!("'{name}' is not a Hub name."));
            return Err(error.hint("Write it as organization/name, without the address."));
        }
        if self.is_offline() { Err(offline(name)) } else { Ok(()) }
    }

    async fn fetch_client(&self, name: &str) -> Result<HubClient> {
        self.check_fetch(name)?;
        self.client().await?.ok_or_else(|| offline(name))
    }
}

fn offline(name: &str) -> Error {
    let message = format!("{name} was not fetched: the program is set to work offline.");
    Error::new(ErrorCode::Unreachable, message)
        .hint("Turn off Offline in the settings, and unset HF_HUB_OFFLINE if it is set.")
}

/// The files that are not complete in the cache, with the bytes of each that are there. Counts what is there.
async fn look(layout: &Layout, files: Vec<RemoteFile>, count: &Arc<Count>) -> Result<Vec<(RemoteFile, u64)>> {
    let (layout, count) = (layout.clone(), Arc::clone(count));
    blocking("looking into the Hub's local cache", move || {
        let mut missing: Vec<(RemoteFile, u64)> = Vec::new();
        for file in files {
            // Or another name of a content that is fetched anyway.
            if layout.has(&file) || missing.iter().any(|(other, _)| other.hash == file.hash) {
                count.complete(file.size);
            } else {
                let there = layout.unfinished_bytes(&file).min(file.size);
                missing.push((file, there));
            }
        }
        Ok(missing)
    })
    .await
}

fn check_disk(layout: &Layout, name: &str, needs: u64) -> Result<()> {
    let folder = layout.repository();
    let Some(free) = disk::free(folder).filter(|free| *free < needs + SPARE_DISK && needs > 0) else {
        return Ok(());
    };
    let (needs, free) = (disk::format_bytes(needs), disk::format_bytes(free));
    let message =
        format!("{name} needs {needs} more on the disk of {}, which has {free} free.", folder.display());
    Err(Error::new(ErrorCode::File, message).hint("Free some space, or set HF_HUB_CACHE to another disk."))
}
