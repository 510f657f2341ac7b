//! The configurations and splits of a dataset on the Hub, and the files of each.

use std::{fs, path::PathBuf};

use datasets::{DatasetFile, DatasetPart, ReadOptions, Repository, Stamp};
use platform::blocking;
use schema::{Error, ErrorCode, Result};
use serde::Serialize;

use super::{
    layout::Layout,
    listing::{Listing, encoded},
};
use crate::{Hub, HubKind, client::HubClient};

/// The largest card that is read, in bytes.
const CARD_LIMIT: usize = 4 << 20;

/// The name of a card.
const CARD: &str = "README.md";

/// A split of a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct HubConfigSplit {
    /// Its name.
    pub name: String,
    /// The number of its files.
    pub files: u64,
    /// Their size in bytes; none where the Hub was not asked.
    pub bytes: Option<u64>,
}

/// A configuration of a dataset, which the Hub also calls a subset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct HubConfig {
    /// Its name.
    pub name: String,
    /// Whether it is read where none is chosen.
    pub is_default: bool,
    /// Its splits, that to train on first.
    pub splits: Vec<HubConfigSplit>,
}

/// The files of a dataset that may hold rows, and its card.
#[derive(Debug)]
pub(crate) struct ListedDataset {
    name: String,
    card: Option<String>,
    files: Vec<String>,
}

impl ListedDataset {
    /// That of a listing. The card is requested unless the cache has it.
    pub(super) async fn read(
        client: &HubClient,
        layout: &Layout,
        name: &str,
        listing: &Listing,
    ) -> Result<Self> {
        let all = listing.files.iter().map(|file| &file.name);
        let files = all.filter(|file| Repository::has_rows(file)).cloned().collect();
        let card = match listing.files.iter().find(|file| file.name == CARD) {
            Some(card) if layout.has(card) => fs::read(layout.blob(&card.hash)).ok(),
            Some(_) => Some(client.small_file(name, &listing.commit, CARD).await?),
            None => None,
        };
        let card = card.map(|card| String::from_utf8_lossy(&card).into_owned());
        Ok(Self { name: name.to_owned(), card, files })
    }

    /// That of a revision in the cache, if this program fetched it.
    fn cached(layout: &Layout, name: &str) -> Option<Self> {
        let card = fs::read(layout.snapshot().join(CARD)).ok();
        let card = card.map(|card| String::from_utf8_lossy(&card).into_owned());
        Some(Self { name: name.to_owned(), card, files: layout.kept_row_files()? })
    }

    /// The files that may hold rows.
    pub(super) fn files(&self) -> &[String] {
        &self.files
    }

    /// The files of a part. None where nothing is chosen and the card is not followed: then all are needed.
    ///
    /// # Errors
    /// There is no such configuration or split.
    pub(super) fn files_of(&self, part: &DatasetPart) -> Result<Option<Vec<String>>> {
        let card_place = format!("The card of {}", self.name);
        match self.repository(&card_place).files_of(part) {
            Ok(files) if !files.is_empty() => Ok(Some(files)),
            Err(error) if !part.is_whole() => Err(error),
            _ => Ok(None),
        }
    }

    fn repository<'a>(&'a self, card_place: &'a str) -> Repository<'a> {
        Repository { place: &self.name, card_place, card: self.card.as_deref(), files: &self.files }
    }
}

/// The folder of a part of a dataset in the cache, if all files of the part are there. Of what another program
/// fetched, it is only known that something is there.
pub(crate) fn row_files(layout: &Layout, name: &str, part: &DatasetPart) -> Option<PathBuf> {
    let folder = layout.snapshot();
    let is_there = match ListedDataset::cached(layout, name) {
        Some(listed) => {
            let files = listed.files_of(part).ok().flatten();
            files.is_none_or(|files| files.iter().all(|file| folder.join(file).is_file()))
        }
        None if part.is_whole() => true,
        None => {
            let options = ReadOptions { part: part.clone(), ..ReadOptions::default() };
            Stamp::from_file(&DatasetFile::new(&folder, options)).is_ok()
        }
    };
    is_there.then_some(folder)
}

impl Hub {
    /// What can be chosen of a dataset, the default configuration first. In offline mode, and where the Hub does not
    /// answer, by what was fetched before.
    ///
    /// # Errors
    /// The Hub has no such dataset, or does not answer and nothing of it was fetched here.
    pub async fn dataset_configs(&self, name: &str) -> Result<Vec<HubConfig>> {
        let name = name.trim();
        let (listed, listing) = match self.listed_dataset(name).await {
            Ok((listed, listing)) => (listed, Some(listing)),
            Err(error) if error.code == ErrorCode::Unreachable => {
                let (hub, owned) = (self.clone(), name.to_owned());
                let cached = blocking("looking into the Hub's local cache", move || {
                    let layout = hub.cached_layout(&owned);
                    Ok(layout.and_then(|layout| ListedDataset::cached(&layout, &owned)))
                });
                (cached.await?.ok_or(error)?, None)
            }
            Err(error) => return Err(error),
        };
        let size = |file: &String| {
            let files = &listing.as_ref()?.files;
            Some(files.iter().find(|one| one.name == *file)?.size)
        };
        let card_place = format!("The card of {name}");
        let configs = listed.repository(&card_place).configs().into_iter().map(|config| HubConfig {
            name: config.name,
            is_default: config.is_default,
            splits: config
                .splits
                .into_iter()
                .map(|split| HubConfigSplit {
                    files: split.files.len() as u64,
                    bytes: split.files.iter().map(size).sum(),
                    name: split.name,
                })
                .collect(),
        });
        Ok(configs.collect())
    }

    async fn listed_dataset(&self, name: &str) -> Result<(ListedDataset, Listing)> {
        let client = self.fetch_client(name).await?;
        let listing = client.list(HubKind::Dataset, name, "main").await?;
        let layout = Layout::new(&self.cache_folder(), HubKind::Dataset, name, &listing.commit);
        Ok((ListedDataset::read(&client, &layout, name, &listing).await?, listing))
    }

    /// The newest revision of a dataset in the cache.
    pub(crate) fn cached_layout(&self, name: &str) -> Option<Layout> {
        let snapshot = weights::snapshot_of(&self.repository_folder(HubKind::Dataset, name))?;
        let commit = snapshot.file_name()?.to_str()?.to_owned();
        Some(Layout::new(&self.cache_folder(), HubKind::Dataset, name, &commit))
    }
}

impl HubClient {
    /// The content of a small file of a dataset.
    async fn small_file(&self, name: &str, commit: &str, file: &str) -> Result<Vec<u8>> {
        let address = format!("{}/datasets/{name}/resolve/{commit}/{}", self.endpoint, encoded(file));
        let failed = |error: reqwest::Error| {
            tracing::info!("request to the Hub: {error:?}");
            Error::new(ErrorCode::Unreachable, format!("The Hub did not send {file} of {name}."))
                .hint("Try again in a few minutes.")
        };
        let mut response = self.download(&address).timeout(self.timeout).send().await.map_err(failed)?;
        if !response.status().is_success() {
            return Err(self.refused(&response, name).into_error());
        }
        let mut content = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(failed)? {
            content.extend_from_slice(&piece);
            if content.len() > CARD_LIMIT {
                let message = format!("{file} of {name} is larger than {} MiB.", CARD_LIMIT >> 20);
                return Err(Error::new(ErrorCode::Invalid, message));
            }
        }
        Ok(content)
    }
}
