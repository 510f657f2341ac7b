//! A Hugging Face Hub on loopback, for tests. It speaks the parts of the hub's protocol that downloads and uploads use,
//! in the shapes that `huggingface_hub` expects, and fails in the ways that a test asks for.
//!
//! Large files (Git LFS) are redirected to a second address, as the real hub redirects to its storage.

mod answers;
mod repository;
mod search;
mod uploads;

use std::{
    net::TcpListener,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use tokio::runtime::Runtime;

pub use repository::Repository;

/// What goes wrong with a request for a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The connection breaks after this number of bytes.
    CutAfter(usize),
    /// A refusal, with the seconds in `Retry-After`.
    Status(u16, Option<u64>),
    /// Other bytes of the same length.
    OtherBytes,
    /// More bytes than announced in the list of files.
    MoreBytes,
    /// The whole file, although a part was asked for.
    IgnoreRange,
    /// This number of bytes, and then nothing until the client hangs up.
    StopAfter(usize),
    /// The connection breaks after this part of the upload, in percent.
    CutUpload(u8),
}

/// A request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path, with the query.
    pub path: String,
    /// The header `Authorization`.
    pub authorization: Option<String>,
    /// The header `Range`.
    pub range: Option<String>,
    /// The request came to the address of the large files.
    pub at_storage: bool,
}

/// The state that the answers come from.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) repositories: Mutex<Vec<Repository>>,
    pub(crate) faults: Mutex<Vec<(String, Fault)>>,
    pub(crate) requests: Mutex<Vec<Request>>,
    /// The number of files in one part of a list.
    pub(crate) page: Mutex<Option<usize>>,
    pub(crate) storage: Mutex<String>,
    pub(crate) uploads: uploads::Uploads,
    pub(crate) address: Mutex<String>,
}

/// A running hub. It ends when the value is dropped.
pub struct FakeHub {
    state: Arc<State>,
    address: String,
    /// Taken when the hub ends: a runtime can't wait for its tasks within another.
    runtime: Option<Runtime>,
}

impl Drop for FakeHub {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl FakeHub {
    /// Starts a hub with these repositories.
    pub fn new(repositories: impl IntoIterator<Item = Repository>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime for the hub");
        let state = Arc::new(State::default());
        *state.repositories.lock().unwrap() = repositories.into_iter().collect();
        let listen = || {
            let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
            listener.set_nonblocking(true).expect("a listener for the runtime");
            let address = format!("http://{}", listener.local_addr().expect("an address"));
            (listener, address)
        };
        let ((hub, address), (storage, storage_address)) = (listen(), listen());
        *state.address.lock().unwrap() = address.clone();
        *state.storage.lock().unwrap() = storage_address;
        for (listener, at_storage) in [(hub, false), (storage, true)] {
            let router = answers::router(Arc::clone(&state), at_storage);
            runtime.spawn(async move {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                axum::serve(listener, router).await
            });
        }
        Self { state, address, runtime: Some(runtime) }
    }

    /// The address, for `HF_ENDPOINT`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The content of a file of a repository; `None` if there is none.
    pub fn content(&self, repository: &str, file: &str) -> Option<Bytes> {
        let repositories = self.state.repositories.lock().unwrap();
        let found = repositories.iter().find(|one| one.name() == repository)?;
        found.files.iter().find(|other| other.name == file).map(|file| file.content.clone())
    }

    /// The files of a repository, in order; `None` if there is no such repository.
    pub fn files(&self, repository: &str) -> Option<Vec<String>> {
        let repositories = self.state.repositories.lock().unwrap();
        let found = repositories.iter().find(|one| one.name() == repository)?;
        let mut names: Vec<String> = found.files.iter().map(|file| file.name.clone()).collect();
        names.sort();
        Some(names)
    }

    /// Whether only its owners see a repository.
    pub fn is_private(&self, repository: &str) -> bool {
        let repositories = self.state.repositories.lock().unwrap();
        repositories.iter().any(|one| one.name() == repository && one.token.is_some())
    }

    /// The next requests of an upload whose method and path begin so, such as `PUT /storage`, go wrong, one
    /// after the other, in the given order.
    pub fn fail_upload(&self, beginning: &str, faults: impl IntoIterator<Item = Fault>) {
        let faults = faults.into_iter().map(|fault| (beginning.to_owned(), fault));
        self.state.uploads.faults.lock().unwrap().extend(faults);
    }

    /// The next requests for the content of a file go wrong, one after the other, in the given order.
    pub fn fail(&self, file: &str, faults: impl IntoIterator<Item = Fault>) {
        let faults = faults.into_iter().map(|fault| (file.to_owned(), fault));
        self.state.faults.lock().unwrap().extend(faults);
    }

    /// The number of files in one part of a list. All are in one otherwise.
    pub fn list_in_parts_of(&self, files: usize) {
        *self.state.page.lock().unwrap() = Some(files);
    }

    /// Replaces a repository, or adds one.
    pub fn put(&self, repository: Repository) {
        let mut repositories = self.state.repositories.lock().unwrap();
        repositories.retain(|other| other.name() != repository.name());
        repositories.push(repository);
    }

    /// The requests so far, in order.
    pub fn requests(&self) -> Vec<Request> {
        self.state.requests.lock().unwrap().clone()
    }

    /// The requests for the content of a file.
    pub fn requests_for(&self, file: &str) -> Vec<Request> {
        let ending = format!("/{file}");
        let is_for =
            |request: &Request| request.path.contains("/resolve/") && request.path.ends_with(&ending);
        self.requests().into_iter().filter(is_for).collect()
    }
}
