//! Where the service listens, who may call, and how it ends.

use std::{
    fs,
    future::Future,
    net::SocketAddr,
    path::{Path, PathBuf},
    pin::pin,
    time::Duration,
};

use studio::{Error, ErrorCode, Result, Studio, serving::Key, wire};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tonic::transport::{
    Identity, Server as Transport, ServerTlsConfig,
    server::{Router, TcpIncoming},
};
use tonic_reflection::server::Builder as Reflection;

use crate::{calls::Calls, service::FineTuningStudio};

/// How long calls that are under way, and connections that do not answer the farewell, may take once the end is
/// asked for.
const LAST_CALLS: Duration = Duration::from_secs(20);
/// How much of a request may be on its way at once, in bytes.
const WINDOW: u32 = 1 << 20;

/// A certificate and its private key, each a file in PEM.
#[derive(Debug, Clone)]
pub struct Encryption {
    /// The certificate, with those between it and the authority.
    pub certificate: PathBuf,
    /// The private key of the certificate.
    pub private_key: PathBuf,
}

/// Where the service listens, and who may call.
#[derive(Debug, Clone)]
pub struct Options {
    /// The address; port 0 for a free one.
    pub listen: SocketAddr,
    /// The folder that files are imported from; none where none is.
    pub import_folder: Option<PathBuf>,
    /// The id or the name of the compute target that runs work on; none for this machine.
    pub target: Option<String>,
    /// The key that each call must carry; none where none is asked for.
    pub key: Option<Key>,
    /// The certificate to encrypt with; none to send everything as it is.
    pub encryption: Option<Encryption>,
    /// Other machines may reach the service although nothing is encrypted.
    pub unencrypted: bool,
}

impl Options {
    /// What the user should know before other machines can reach the service; none where they can't.
    pub fn warning(&self) -> Option<String> {
        let address = Some(self.listen.ip()).filter(|address| !address.is_loopback())?;
        let with = match self.key {
            Some(_) => "with the key",
            None => "without a key",
        };
        let plain = match self.encryption {
            Some(_) => "",
            None => " Requests and responses are not encrypted.",
        };
        Some(format!(
            "Other machines that reach {address} can read, change and delete rows and start runs {with}.{plain}"
        ))
    }

    /// Refuses to let other machines in unencrypted without a word.
    ///
    /// # Errors
    /// They would be.
    pub fn check(&self) -> Result<()> {
        if !self.listen.ip().is_loopback() && self.encryption.is_none() && !self.unencrypted {
            let message = format!(
                "{} can be reached from other machines, and nothing would be encrypted.",
                self.listen.ip()
            );
            return Err(Error::new(ErrorCode::Invalid, message)
                .hint("Give a certificate, allow it unencrypted in so many words, or listen on 127.0.0.1.")
                .on("listen"));
        }
        Ok(())
    }
}

/// The service, listening.
pub struct Server {
    studio: Studio,
    service: FineTuningStudio,
    router: Router,
    incoming: TcpIncoming,
    address: SocketAddr,
}

impl Server {
    /// Takes the port. Calls are answered by [`Self::serve`]; those that come before wait.
    ///
    /// # Errors
    /// The port is taken, there is no such target, the certificate or the folder can't be read, or the address would let other machines
    /// in unencrypted without a word.
    pub async fn bind(studio: Studio, options: &Options) -> Result<Self> {
        options.check()?;
        let import_folder = options.import_folder.as_deref().map(existing_folder).transpose()?;
        let target = match &options.target {
            Some(target) => Some(studio.store().target(target).await?.id),
            None => None,
        };
        let calls = Calls::new(studio.clone(), import_folder, target);
        let service = FineTuningStudio::new(calls, options.key.as_ref());
        let (health, health_service) = tonic_health::server::health_reporter();
        health.set_serving::<FineTuningStudio>().await;
        let described = || Reflection::configure().register_encoded_file_descriptor_set(wire::CONTRACT_BYTES);
        let failed = |error| Error::internal("describing the service", &error);
        let mut transport = Transport::builder()
            .initial_stream_window_size(WINDOW)
            .initial_connection_window_size(WINDOW)
            .http2_keepalive_interval(Some(Duration::from_secs(60)));
        if let Some(encryption) = &options.encryption {
            let refused = |error: tonic::transport::Error| {
                let cause = std::error::Error::source(&error).map_or(error.to_string(), ToString::to_string);
                let message = format!("{} can't be used: {cause}.", encryption.certificate.display());
                Error::new(ErrorCode::Invalid, message)
                    .hint("Both files must be in PEM, and the private key that of the certificate.")
            };
            let identity = Identity::from_pem(read(&encryption.certificate)?, read(&encryption.private_key)?);
            transport = transport.tls_config(ServerTlsConfig::new().identity(identity)).map_err(refused)?;
        }
        let router = transport
            .add_service(service.clone())
            .add_service(health_service)
            .add_service(described().build_v1().map_err(failed)?)
            .add_service(described().build_v1alpha().map_err(failed)?);
        let incoming =
            TcpIncoming::bind(options.listen).map_err(|error| not_bound(options.listen, &error))?;
        let incoming = incoming.with_nodelay(Some(true));
        let address = incoming.local_addr().map_err(|error| not_bound(options.listen, &error))?;
        Ok(Self { studio, service, router, incoming, address })
    }

    /// The address, with the port that was taken.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers calls and supervises runs and transfers until `stop` completes. Calls that are under way then
    /// have 20 seconds to end. Runs go on without it.
    ///
    /// # Errors
    /// The connections broke down.
    pub async fn serve(self, stop: impl Future<Output = ()>) -> Result<()> {
        let supervision = CancellationToken::new();
        let _supervised = supervision.clone().drop_guard();
        let (studio, until) = (self.studio.clone(), supervision.clone());
        let runs = tokio::spawn(async move { studio.runs().supervise(until, |_| {}).await });
        let (studio, until) = (self.studio, supervision.clone());
        let transfers = tokio::spawn(async move { studio.transfers().supervise(until, |_| {}).await });
        let (end, ended) = oneshot::channel::<()>();
        let served = self.router.serve_with_incoming_shutdown(self.incoming, async { _ = ended.await });
        let mut served = pin!(served);
        tokio::select! {
            served = &mut served => return served.map_err(|error| Error::internal("answering calls", &error)),
            () = stop => {}
        }
        _ = end.send(());
        let last_calls = async {
            let served = served.await;
            self.service.finished().await;
            served
        };
        let last = tokio::time::timeout(LAST_CALLS, last_calls).await;
        supervision.cancel();
        _ = tokio::join!(runs, transfers);
        match last {
            Ok(served) => served.map_err(|error| Error::internal("answering calls", &error)),
            Err(_) => {
                tracing::warn!("calls were under way for {} s and are given up", LAST_CALLS.as_secs());
                Ok(())
            }
        }
    }
}

fn existing_folder(folder: &Path) -> Result<PathBuf> {
    let real = folder.canonicalize().map_err(|error| Error::file("read", folder, &error))?;
    if real.is_dir() {
        return Ok(real);
    }
    let message = format!("{} is a file; a folder is needed.", folder.display());
    Err(Error::new(ErrorCode::Invalid, message).hint("Give the folder that files are imported from."))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| Error::file("read", path, &error))
}

fn not_bound(address: SocketAddr, error: &std::io::Error) -> Error {
    let cause = match error.kind() {
        std::io::ErrorKind::AddrInUse => "another program has taken the port".to_owned(),
        std::io::ErrorKind::AddrNotAvailable => "this machine does not have the address".to_owned(),
        std::io::ErrorKind::PermissionDenied => {
            "the system allows this port to administrators alone".to_owned()
        }
        _ => error.to_string(),
    };
    Error::new(ErrorCode::Invalid, format!("Could not listen on {address}: {cause}."))
        .hint("Choose another port; 0 takes a free one.")
        .on("listen")
}
