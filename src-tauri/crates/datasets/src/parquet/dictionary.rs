//! Texts of a column that are in its dictionary, identified by their index there, so that each is examined
//! once.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use parquet::{
    column::page::{Page, PageMetadata, PageReader},
    data_type::ByteArray,
    errors::Result,
};

/// The dictionary of a column in a group of rows, once its page was read. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Dictionary(Arc<OnceLock<Bytes>>);

impl Dictionary {
    /// The key of a value that stands in the dictionary: where it stands there.
    pub(super) fn key(&self, value: &ByteArray) -> Option<u64> {
        let offset = value.data().as_ptr().addr().checked_sub(self.0.get()?.as_ptr().addr())?;
        (offset < self.0.get()?.len()).then_some(offset as u64)
    }
}

/// The pages of a column, of which the dictionary is kept: its bytes are in no other place as long as it is.
pub(super) struct Pages {
    pub(super) pages: Box<dyn PageReader>,
    pub(super) dictionary: Dictionary,
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.pages.get_next_page()?;
        if let Some(Page::DictionaryPage { buf, .. }) = &page {
            // A column has one dictionary: of a second one the values have no keys.
            _ = self.dictionary.0.set(buf.clone());
        }
        Ok(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pages.skip_next_page()
    }
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}
